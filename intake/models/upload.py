"""A file of a case that comes in parts over a line that breaks, until it is whole."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from intake.models.case import Case


class ResumableUpload(models.Model):
    """What is being sent, and how many bytes of it are here; gone once it is an attachment, or after a day."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("文件名", max_length=200)
    note = models.CharField("说明", max_length=100, blank=True)
    size = models.PositiveIntegerField("字节数")
    received = models.PositiveIntegerField("已收到的字节数", default=0)
    begun_at = models.DateTimeField("开始上传", db_default=Now())

    class Meta:
        verbose_name = "未传完的附件"
        verbose_name_plural = "未传完的附件"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_no_more_than_its_size"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.received}/{self.size}"


class UploadPart(models.Model):
    """Some bytes of it, sealed, and where in the file they begin."""

    upload = models.ForeignKey(ResumableUpload, on_delete=models.CASCADE, related_name="parts")
    begins = models.PositiveIntegerField("起始字节")
    sealed = models.BinaryField(editable=False)

    class Meta:
        verbose_name = "附件的一段"
        verbose_name_plural = "附件的各段"
        ordering = ["upload", "begins"]
        constraints = [models.UniqueConstraint(fields=["upload", "begins"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.begins}"

    @property
    def aad(self) -> str:
        """Where its seal belongs."""
        return f"intake.upload:{self.upload_id}:{self.begins}"
