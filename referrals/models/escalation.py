"""Escalation (督办) of what is not done in time: rules, lapses, and the steps that follow from lapses and documents."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.deadlines.models import Clock, ClockKind
from intake.deadlines.models.clock import UNIT_CHOICES
from intake.models import Case, Handling
from referrals.models.document import Document, Level
from referrals.models.kind import Trigger
from zhongzhi.rows.periods import DatePeriod, period_of_days


class RuleAction(models.TextChoices):
    """What a rule has done when its time has come."""

    WARN = "warn", "提醒办理单位"
    REMIND = "remind", "拟提醒函"
    SUPERVISE = "supervise", "拟督办单（黄）"
    SUPERVISE_RED = "supervise_red", "拟督办单（红），报领导，提级"
    RECOMMEND = "recommend", "拟建议函"
    ESCALATE = "escalate", "上提一级"
    TELL_LEADER = "tell_leader", "报领导"


LETTER_ACTIONS = (RuleAction.REMIND, RuleAction.SUPERVISE, RuleAction.SUPERVISE_RED, RuleAction.RECOMMEND)
"""The actions that draft a letter; the others notify or move the case. For one step ask `drafts_letter`."""


class EscalationRule(DatePeriod):
    """When a trigger has lasted so long, take this action. A step that was planned keeps the rule it began with."""

    trigger = models.CharField("触发情形", max_length=30, choices=Trigger)
    does = models.CharField("动作", max_length=20, choices=RuleAction)
    after_amount = models.PositiveIntegerField("经过", default=0, help_text="0 为立即；临期提醒以提前的办公小时计")
    after_unit = models.CharField("单位", max_length=12, choices=UNIT_CHOICES, default="working_day")
    threshold = models.PositiveIntegerField("次数", default=0, help_text="几次起算，用于季度累计的情形")
    source = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        db_table = "referrals_ladderrule"
        verbose_name = "督办规则"
        verbose_name_plural = "督办规则"
        ordering = ["trigger", "after_amount", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["trigger", "does", "starts_on"], name="ladder_rule_once"),
            period_of_days("ladder_rule_period"),
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} → {self.get_does_display()}"


class Lapse(models.Model):
    """One time limit that passed, taken up once. Counts for the organisation that should have kept it."""

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
    """What became of a step: done, covered by a letter about the same matter, or obsolete before its time came."""

    DONE = "done", "已执行"
    COVERED = "covered", "已有同一事由的公文"
    OBSOLETE = "moot", "已办理，无须执行"


class EscalationStep(models.Model):
    """One rule applied to one cause: a lapse, or a document that waits for its answer. Taken exactly once."""

    rule = models.ForeignKey(EscalationRule, on_delete=models.PROTECT, related_name="+")
    lapse = models.ForeignKey(Lapse, null=True, on_delete=models.PROTECT, related_name="steps")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="escalation_steps")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("执行时间")
    taken_at = models.DateTimeField("已执行时间", null=True)
    outcome = models.CharField("结果", max_length=10, choices=StepOutcome, blank=True)
    clock_stopped_at: datetime | None
    """When the time limit of its lapse was met after all; only on steps read by `lock_due_steps`."""

    class Meta:
        db_table = "referrals_ladderstep"
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
    def only_notifies_leaders(self) -> bool:
        """Whether the leaders are notified and no letter is drafted: no letter follows a red one unanswered."""
        red = self.document is not None and self.document.level == Level.RED
        return self.rule.does == RuleAction.TELL_LEADER or (self.rule.does == RuleAction.SUPERVISE_RED and red)

    @property
    def drafts_letter(self) -> bool:
        """Whether this step is there to draft a letter: the one definition for drafting, intervals and checks."""
        return self.rule.does in LETTER_ACTIONS and not self.only_notifies_leaders

    @property
    def drafted_letter(self) -> bool:
        """Whether this step did draft a letter; a covered or obsolete one did not."""
        return self.drafts_letter and self.outcome == StepOutcome.DONE


class DailyMark(models.Model):
    """A piece of work that is done once a day, by whoever comes first."""

    name = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="daily_mark_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
