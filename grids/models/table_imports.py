"""Rows of a table that is being imported: looked at first, shown, and only then written."""

import json
from typing import Any

from django.db import models

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
