"""Rows of a table that is being imported: looked at first, shown, and only then written."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from zhongzhi.core import ciphers
from zhongzhi.jobs.models import Job


class Verdict(models.TextChoices):
    """What importing a row would do."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    ENDED = "ended", "离任或停用"
    SAME = "same", "无变化"
    FAULTY = "faulty", "有误"


class ImportRow(models.Model):
    """One row: its number in the file, what it would do, what is wrong with it in words. Its cells are sealed."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    cells_sealed = models.BinaryField()
    verdict = models.CharField("结论", max_length=10, choices=Verdict)
    faults = models.JSONField("问题", default=list)
    changes = models.JSONField("变更", default=list, help_text="变更的列名")
    label = models.CharField("对象", max_length=120, blank=True)
    written = models.BooleanField("已写入", default=False)

    class Meta:
        verbose_name = "导入行"
        verbose_name_plural = "导入行"
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["job", "verdict", "number"], name="import_row_verdict")]

    def __str__(self) -> str:
        return f"{self.job_id} 第 {self.number} 行"

    @property
    def cells(self) -> dict[str, str]:
        """The texts of the row by column name."""
        found: dict[str, str] = json.loads(ciphers.unseal(bytes(self.cells_sealed), aad=self._aad))
        return found

    @cells.setter
    def cells(self, values: dict[str, Any]) -> None:
        self.cells_sealed = ciphers.seal(json.dumps(values, ensure_ascii=False), aad=self._aad)

    @property
    def _aad(self) -> str:
        return f"grids.import:{self.job_id}:{self.number}"


class HandedTable(models.Model):
    """The file of a table that nobody has confirmed yet, so that it can be read another way; how it was read, sealed,
    for samples stand there."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="handed_table")
    source = models.BinaryField("文件内容")
    reading_sealed = models.BinaryField(null=True)

    class Meta:
        verbose_name = "待确认的表格"
        verbose_name_plural = "待确认的表格"

    def __str__(self) -> str:
        return f"{self.job_id} 的文件"

    @property
    def reading(self) -> dict[str, Any]:
        """How it was read; empty before the check."""
        if self.reading_sealed is None:
            return {}
        found: dict[str, Any] = json.loads(ciphers.unseal(bytes(self.reading_sealed), aad=self._aad))
        return found

    @reading.setter
    def reading(self, values: dict[str, Any]) -> None:
        self.reading_sealed = ciphers.seal(json.dumps(values, ensure_ascii=False), aad=self._aad)

    @property
    def _aad(self) -> str:
        return f"grids.table.reading:{self.job_id}"


class TableLayout(models.Model):
    """How tables of a kind under these titles are read in this county, since somebody said where each column stands."""

    county = models.CharField("旗县", max_length=6)
    table = models.CharField("表格", max_length=12)
    titles_digest = models.CharField("表头摘要", max_length=64)
    places = models.JSONField("各列的位置", default=dict)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("指定时间", default=timezone.now)

    class Meta:
        verbose_name = "名册表格的读法"
        verbose_name_plural = "名册表格的读法"
        constraints = [
            models.UniqueConstraint(fields=["county", "table", "titles_digest"], name="table_layout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.table} {self.titles_digest[:8]}"
