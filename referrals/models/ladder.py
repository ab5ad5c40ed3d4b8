"""The supervision ladder: lapses that were taken up, and the rungs that follow from them or from letters unanswered."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.deadlines.models import Clock, ClockKind
from intake.models import Case, Handling
from referrals.models.document import Document, Level
from referrals.models.kind import LETTERS, Does, LadderRule


class Lapse(models.Model):
    """One breached limit, taken up once. Counts for the organisation that owed the step."""

    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="lapse")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lapses")
    handling = models.ForeignKey(Handling, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lapses")
    kind = models.CharField("时限", max_length=12, choices=ClockKind)
    due_at = models.DateTimeField("应办时间")
    taken_at = models.DateTimeField("立案时间")
    quarter = models.PositiveIntegerField("季度", help_text="如 20264")

    class Meta:
        verbose_name = "超期"
        verbose_name_plural = "超期"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organisation", "quarter"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.due_at:%Y-%m-%d}"


class StepOutcome(models.TextChoices):
    DONE = "done", "已执行"
    COVERED = "covered", "已有同一事由的公文"
    MOOT = "moot", "已办理，无须执行"


class LadderStep(models.Model):
    """One rung that will be due: of a lapse, or of a document that waits for its answer. Taken exactly once."""

    rule = models.ForeignKey(LadderRule, on_delete=models.PROTECT, related_name="+")
    lapse = models.ForeignKey(Lapse, null=True, on_delete=models.PROTECT, related_name="steps")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="ladder_steps")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("执行时间")
    taken_at = models.DateTimeField("已执行时间", null=True)
    outcome = models.CharField("结果", max_length=10, choices=StepOutcome, blank=True)
    clock_stopped_at: datetime | None
    """When the limit of its lapse was met; read along with the rungs that are due, and with those only."""

    class Meta:
        verbose_name = "督办步骤"
        verbose_name_plural = "督办步骤"
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lapse", "rule"], name="ladder_step_once_per_lapse"),
            models.UniqueConstraint(
                fields=["document", "rule"], condition=Q(taken_at__isnull=True), name="ladder_step_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(lapse__isnull=False, document__isnull=True) | Q(lapse__isnull=True, document__isnull=False),
                name="ladder_step_has_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, outcome="") | (Q(taken_at__isnull=False) & ~Q(outcome="")),
                name="ladder_step_taken_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(taken_at__isnull=True), name="ladder_step_due")]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_for_leaders(self) -> bool:
        """Whether the leaders are told and nothing is written: a red one that stays unanswered has no next letter."""
        red = self.document is not None and self.document.level == Level.RED
        return self.rule.does == Does.TELL_LEADER or (self.rule.does == Does.SUPERVISE_RED and red)

    @property
    def writes(self) -> bool:
        """Whether it is there to draft a letter: one definition for drafting, pace and checks."""
        return self.rule.does in LETTERS and not self.is_for_leaders

    @property
    def wrote(self) -> bool:
        """Whether a letter was drafted by it; of what was covered by another, or moot, there is none."""
        return self.writes and self.outcome == StepOutcome.DONE


class DailyMark(models.Model):
    """A piece of work that is done once a day, whoever comes first."""

    name = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="daily_mark_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
