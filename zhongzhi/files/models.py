"""Stored files: what is kept of an upload. The bytes lie under MEDIA_ROOT, never where pages are served from."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from zhongzhi.files.kinds import DOCX, PDF, PICTURES

MADE = [DOCX.content_type, PDF.content_type]
"""What the program makes itself."""


class StoredFile(models.Model):
    """One file as it was kept: images are re-encoded, so size and digest are those of the kept bytes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField("文件名", max_length=255)
    content_type = models.CharField("类型", max_length=100)
    size = models.BigIntegerField("大小", help_text="字节")
    sm3 = models.CharField("SM3 摘要", max_length=64)
    path = models.CharField("存放位置", max_length=100, unique=True, help_text="相对于文件目录")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="空表示系统生成",
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="files_file_not_empty"),
            models.CheckConstraint(
                condition=models.Q(created_by__isnull=False) | models.Q(content_type__in=MADE),
                name="files_made_are_documents",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.content_type in {kind.content_type for kind in PICTURES}
