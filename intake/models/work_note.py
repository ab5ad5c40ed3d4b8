"""What is done between signing for and reporting: notes with a day of their own, mentions, directions of leaders."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.attachment import Attachment
from intake.models.case import Case
from intake.models.triggers import REFUSE
from zhongzhi.rows.triggers import append_only


class NoteKind(models.TextChoices):
    WORK = "work", "办理记录"
    VISIT = "visit", "走访"
    MEASURE = "measure", "措施"
    RESULT = "result", "结果"


class WorkNote(models.Model):
    """One note on the work: on which day what was done, perhaps with a file and a line for the citizen."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_notes")
    kind = models.CharField("类别", max_length=10, choices=NoteKind, default=NoteKind.WORK)
    organisation = models.ForeignKey(
        Organisation, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField("日期")
    text = models.TextField("记录", max_length=2000)
    citizen_line = models.CharField("告知当事人", max_length=200, blank=True, help_text="当事人在查询页可以看到")
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="work_note_says_something")]
        triggers = append_only("work_note", REFUSE)

    def __str__(self) -> str:
        return f"{self.case_id} {self.on}"


class Mention(models.Model):
    """Somebody whom a note asks to read it (@), until it was read."""

    note = models.ForeignKey(WorkNote, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    read_at = models.DateTimeField("阅读时间", null=True)

    class Meta:
        verbose_name = "提到"
        verbose_name_plural = "提到"
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mentioned_once_in_a_note")]
        indexes = [models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="mention_unread")]

    def __str__(self) -> str:
        return f"{self.note_id} @{self.user_id}"


class Direction(models.Model):
    """领导批示: what a leader wants of an organisation on the case, by when; read and answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="directions")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="批示领导", on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="办理单位", on_delete=models.PROTECT, related_name="directions"
    )
    words = models.TextField("批示", max_length=1000)
    due_on = models.DateField("办复期限", null=True)
    given_at = models.DateTimeField("批示时间")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField("阅读时间", null=True)
    answer = models.TextField("办复", max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("办复时间", null=True)

    class Meta:
        verbose_name = "领导批示"
        verbose_name_plural = "领导批示"
        ordering = ["given_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (Q(answered_by__isnull=False, answered_at__isnull=False, read_at__isnull=False) & ~Q(answer="")),
                name="direction_answer_is_whole",
            )
        ]
        indexes = [models.Index(fields=["organisation"], condition=Q(answered_at__isnull=True), name="direction_open")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.leader_id}"
