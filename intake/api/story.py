"""The story of a case in the API: its steps, what was corrected, and what was opened of a correction."""

from rest_framework import serializers

from intake.actions.corrections import OpenedValue
from intake.queries import Step
from intake.queries.corrections import Changed


class ChangedOut(serializers.Serializer[Changed]):
    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()
    is_personal = serializers.BooleanField()


class StepOut(serializers.Serializer[Step]):
    at = serializers.DateTimeField()
    event = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    actor = serializers.CharField()
    post = serializers.CharField(help_text="当时的职务或岗位")
    organisation = serializers.CharField()
    reason = serializers.CharField()
    from_status = serializers.CharField()
    to_status = serializers.CharField()
    facts = serializers.DictField(child=serializers.CharField())
    changes = ChangedOut(many=True, help_text="更正了什么；个人信息不列明，见 correction")
    correction = serializers.CharField(help_text="含个人信息的更正的编号，用于查看更正前后；没有则为空")


class StoryOut(serializers.Serializer[dict[str, list[Step]]]):
    results = StepOut(many=True)


class OpenedValueOut(serializers.Serializer[OpenedValue]):
    subject = serializers.CharField(help_text="谁的，如“申请人1”")
    field = serializers.CharField(help_text="项目")
    old = serializers.CharField()
    new = serializers.CharField()


class OpenedValuesOut(serializers.Serializer[dict[str, list[OpenedValue]]]):
    results = OpenedValueOut(many=True)
