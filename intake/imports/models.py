"""Imports of yesterday's calls and petitions: one row a file, what was found wrong or known in it, and what people said
about the tables and words of a sender."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from grids.models import Organisation
from intake.imports.lifecycle import OPEN_IMPORTS, ImportState
from intake.models.case import Case, Channel
from zhongzhi.jobs.models import Job, JobState


class ImportKind(models.TextChoices):
    POLICE_CALL = "police_call", "110非警务警情"
    HOTLINE = "hotline", "12345热线工单"
    PETITION = "petition", "信访件"

    @property
    def channel(self) -> Channel:
        """The channel of the cases that come of it."""
        return CHANNELS[self.value]

    @property
    def system(self) -> str:
        """The system whose numbers tell repeats."""
        return SYSTEMS[self.value]


CHANNELS = {"police_call": Channel.POLICE_CALL, "hotline": Channel.HOTLINE, "petition": Channel.PETITION}
SYSTEMS = {"police_call": "110", "hotline": "12345", "petition": "信访"}


class ImportMode(models.TextChoices):
    ALL = "all", "全部无误才导入"
    VALID = "valid", "只导入无误的行"


class ImportBatch(models.Model):
    """One file, its own number given when the page was opened, so that a second press makes no second batch.

    `done_rows` counts the rows that are done with in the present pass and `last_row` is the number of the last of
    them in the file; both move on in the transaction that writes what comes of the rows. A worker that dies leaves
    neither half a row nor one to be done twice. `job` is the pass under way or the last one.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=12, choices=ImportKind)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.CHECKING, editable=False)
    mode = models.CharField("方式", max_length=5, choices=ImportMode, blank=True)
    centre = models.ForeignKey(Organisation, verbose_name="受理中心", on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("文件名", max_length=255)
    source = models.BinaryField("文件内容", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    total_rows = models.PositiveIntegerField("总行数", default=0)
    done_rows = models.PositiveIntegerField("已处理行数", default=0)
    last_row = models.PositiveIntegerField("处理到的行号", default=0)
    bad_rows = models.PositiveIntegerField("有误行数", default=0)
    repeat_rows = models.PositiveIntegerField("重复行数", default=0)
    new_cases = models.PositiveIntegerField("新登记件数", default=0)
    unknown_columns = models.CharField("未识别的列", max_length=500, blank=True)
    preview_sealed = models.BinaryField(null=True, editable=False)
    failure = models.CharField("不能导入的原因", max_length=300, blank=True)
    layout = models.JSONField("读法", default=dict, db_default={}, help_text="有人指定了工作表、表头或各列时")

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN_IMPORTS], source__isnull=False)
                | (~Q(state__in=[*OPEN_IMPORTS]) & Q(source__isnull=True, preview_sealed__isnull=True)),
                name="import_keeps_file_while_open",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.RUNNING, ImportState.DONE]) | ~Q(mode=""),
                name="import_running_has_mode",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.DONE) | Q(done_rows=F("new_cases") + F("bad_rows") + F("repeat_rows")),
                name="import_done_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["centre", "-id"], name="import_of_centre")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker is at it, or will be within seconds."""
        return self.state in (ImportState.CHECKING, ImportState.RUNNING) and not self.is_stuck

    @property
    def is_stuck(self) -> bool:
        """Whether the pass was given up after faults of ours; it can be taken up again where it stands."""
        return self.state in (ImportState.CHECKING, ImportState.RUNNING) and self.job.state == JobState.FAILED

    @property
    def percent(self) -> int:
        """How far the registering is, 0 to 100."""
        return min(100, self.done_rows * 100 // self.total_rows) if self.total_rows else 0

    @property
    def good_rows(self) -> int:
        """Rows that would become new cases."""
        return self.total_rows - self.bad_rows - self.repeat_rows


class KeptPiece(models.Model):
    """What the check made of one piece of rows, sealed, until they are registered; it goes with the file. `against`
    tells what the check stood on: places, categories and words of senders as they were."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="pieces")
    last_row = models.PositiveIntegerField("处理到的行号")
    against = models.CharField("检查的依据", max_length=64)
    sealed = models.BinaryField("各行", editable=False)

    class Meta:
        verbose_name = "检查过的行"
        verbose_name_plural = "检查过的行"
        ordering = ["batch", "last_row"]
        constraints = [models.UniqueConstraint(fields=["batch", "last_row"], name="kept_piece_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} 至第 {self.last_row} 行"

    @property
    def aad(self) -> str:
        """Where its seal belongs."""
        return f"intake.import.piece:{self.batch_id}:{self.last_row}"


class RowRemark(models.Model):
    """What was found in one row: a fault at a column, or that its number is known; or in the table, which counts as a
    column of its head. Never holds the value itself. `case` is the one that has the number; if it was a draft that
    has been thrown away, the remark stays without it."""

    OF_TABLE = "表格"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="remarks")
    row = models.PositiveIntegerField("行号")
    column = models.CharField("列", max_length=60, blank=True)
    message = models.CharField("说明", max_length=300)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = "行说明"
        verbose_name_plural = "行说明"
        ordering = ["row", "pk"]
        indexes = [models.Index(fields=["batch", "row", "id"], name="import_remark_row")]

    def __str__(self) -> str:
        return f"{self.batch_id} 第 {self.row} 行"


class SenderLayout(models.Model):
    """How tables under these titles are read in this county, since somebody said it: where each known column stands."""

    county = models.CharField("旗县", max_length=6)
    kind = models.CharField("类别", max_length=12, choices=ImportKind)
    titles_digest = models.CharField("表头摘要", max_length=64)
    places = models.JSONField("各列的位置", default=dict)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("指定时间", default=timezone.now)

    class Meta:
        verbose_name = "来文表格的读法"
        verbose_name_plural = "来文表格的读法"
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "titles_digest"], name="sender_layout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.get_kind_display()} {self.titles_digest[:8]}"


class SenderWord(models.Model):
    """What words of a sender mean in this county: those of a cell as they are compared, and what is read instead."""

    county = models.CharField("旗县", max_length=6)
    kind = models.CharField("类别", max_length=12, choices=ImportKind)
    column = models.CharField("列", max_length=20)
    words = models.CharField("来文的说法", max_length=120)
    meaning = models.CharField("按此登记", max_length=40)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("指定时间", default=timezone.now)

    class Meta:
        verbose_name = "来文的说法"
        verbose_name_plural = "来文的说法"
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "column", "words"], name="sender_word_once"),
        ]

    def __str__(self) -> str:
        return f"{self.words} = {self.meaning}"
