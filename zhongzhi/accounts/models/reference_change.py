"""Notes of changes to what processes remember (`zhongzhi.rows.remembered`)."""

from django.db import models


class ReferenceChange(models.Model):
    """One transaction that changed places, organisations, posts, rules or kinds; triggers write it."""

    xact = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = "基础数据变更"
        verbose_name_plural = "基础数据变更"

    def __str__(self) -> str:
        return f"基础数据变更 {self.pk}"
