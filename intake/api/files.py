"""How files of a case, and what one look at a party shows, read in the API."""

from rest_framework import serializers

from intake.actions.unmasking import Revealed
from intake.models import Attachment


class AttachmentOut(serializers.Serializer[Attachment]):
    id = serializers.UUIDField(source="file_id")
    name = serializers.CharField(source="file.name")
    content_type = serializers.CharField(source="file.content_type")
    size = serializers.IntegerField(source="file.size", help_text="字节")
    sm3 = serializers.CharField(source="file.sm3", help_text="内容的 SM3 摘要（十六进制）")
    note = serializers.CharField()
    added_by = serializers.CharField(source="added_by.name")
    added_at = serializers.DateTimeField()


class AttachmentsOut(serializers.Serializer[dict[str, list[Attachment]]]):
    results = AttachmentOut(many=True)


class RevealedOut(serializers.Serializer[Revealed]):
    name = serializers.CharField(source="party.shown_name")
    paper_number = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
