"""Clocks of a case: rules with dates of effect, running clocks, their pauses and extensions."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from grids.models import Organisation
from intake.models.case import Case, Channel, Complexity, Tier
from intake.models.handling import Handling
from intake.models.request import AskedAndDecided
from intake.models.triggers import NOTE_CLOCK_CHANGE
from zhongzhi.core.worktime import Unit
from zhongzhi.rows.marks import marked
from zhongzhi.rows.periods import DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table
from zhongzhi.rows.triggers import Trigger


class ClockKind(models.TextChoices):
    TRIAGE = "triage", "研判分流"
    DISPATCH = "dispatch", "交办"
    SIGN = "sign", "签收"
    HANDLE = "handle", "办理"
    TIER = "tier", "层级办理"
    REVIEW = "review", "审核"
    FOLLOW_UP = "follow_up", "回访"
    FOLLOW_UP_TRY = "follow_try", "两次回访间隔"
    GUIDE_SIGN = "guide_sign", "导引签收"
    GUIDE_ANSWER = "guide_answer", "导引答复"
    FALLBACK = "fallback", "兜底受理"
    RETURN = "return", "退回"
    MEDIATE = "mediate", "人民调解"
    MED_COURT = "med_court", "诉前委派调解"
    MED_TRIAL = "med_trial", "立案后委托调解"
    MED_SUMMARY = "med_summary", "简易程序委托调解"
    MED_LABOUR = "med_labour", "劳动争议调解"


PROCEDURES = (
    ClockKind.MEDIATE,
    ClockKind.MED_COURT,
    ClockKind.MED_TRIAL,
    ClockKind.MED_SUMMARY,
    ClockKind.MED_LABOUR,
)
"""Limits of procedures during which those of handling and tier rest."""
UNIT_CHOICES = [
    (Unit.OFFICE_HOUR.value, "办公小时"),
    (Unit.HOUR.value, "小时"),
    (Unit.NATURAL_DAY.value, "自然日"),
    (Unit.WORKING_DAY.value, "工作日"),
    (Unit.MONTH.value, "个月"),
]


class ClockRule(DatePeriod):
    """How long a clock runs, from a day on. A running clock keeps the rule it was started with."""

    kind = models.CharField("时限", max_length=12, choices=ClockKind)
    complexity = models.CharField("难易程度", max_length=10, choices=Complexity, blank=True)
    tier = models.CharField("层级", max_length=10, choices=Tier, blank=True)
    channel = models.CharField("渠道", max_length=2, blank=True)
    amount = models.PositiveIntegerField("时长")
    unit = models.CharField("单位", max_length=12, choices=UNIT_CHOICES)
    warn_amount = models.PositiveIntegerField("提前提醒", default=0, help_text="以办公小时计；0 为不提醒")
    extension_amount = models.PositiveIntegerField("每次可延长", default=0, help_text="单位同时长；0 为不可延长")
    max_extensions = models.PositiveSmallIntegerField("最多延长次数", default=0)
    source = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = "时限规则"
        verbose_name_plural = "时限规则"
        ordering = ["kind", "channel", "complexity", "tier", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "complexity", "tier", "channel", "starts_on"], name="clock_rule_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="clock_rule_amount"),
            period_of_days("clock_rule_period"),
        ]
        triggers = remembered_table("intake_clockrule")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.get_unit_display()}"

    @property
    def scope_label(self) -> str:
        """What the limit is for: 办理 · 疑难, 研判分流 · 信访."""
        channel = Channel(self.channel).label if self.channel else ""
        parts = (self.get_kind_display(), channel, self.get_complexity_display(), self.get_tier_display())
        return " · ".join(str(part) for part in parts if part)


class Clock(models.Model):
    """One running time limit. `next_at` is when the sweep must look again; empty when nothing is left to do."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    handling = models.ForeignKey(Handling, null=True, on_delete=models.PROTECT, related_name="clocks")
    organisation = models.ForeignKey(
        Organisation, verbose_name="责任单位", on_delete=models.PROTECT, related_name="clocks"
    )
    kind = models.CharField("时限", max_length=12, choices=ClockKind)
    rule = models.ForeignKey(ClockRule, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField("时长")
    unit = models.CharField("单位", max_length=12, choices=UNIT_CHOICES)
    started_at = models.DateTimeField("起算时间")
    due_at = models.DateTimeField("到期时间")
    next_at = models.DateTimeField(null=True)
    extended = models.PositiveSmallIntegerField("已延长次数", default=0)
    paused_at = models.DateTimeField("暂停时间", null=True)
    stopped_at = models.DateTimeField("停止时间", null=True)
    warned_at = models.DateTimeField("提醒时间", null=True)
    breached_at = models.DateTimeField("超期时间", null=True)
    lapse_noted = models.BooleanField("超期已转督办", default=False)

    class Meta:
        verbose_name = "时限"
        verbose_name_plural = "时限"
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "handling"],
                condition=Q(stopped_at__isnull=True),
                nulls_distinct=False,
                name="one_running_clock_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True)
                | Q(stopped_at__isnull=True, paused_at__isnull=True, breached_at__isnull=True),
                name="clock_next_only_while_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "case"],
                condition=Q(stopped_at__isnull=True, paused_at__isnull=True),
                name="clock_due_first",
            ),
            models.Index(
                fields=["case", "due_at"],
                condition=Q(stopped_at__isnull=True, paused_at__isnull=True),
                name="clock_next_due",
            ),
            models.Index(
                fields=["organisation", "due_at"],
                condition=Q(stopped_at__isnull=True, kind=ClockKind.FOLLOW_UP),
                name="clock_follow_up",
            ),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_next"),
            models.Index(
                fields=["case"],
                condition=Q(stopped_at__isnull=True, breached_at__isnull=False),
                name="clock_overdue",
            ),
            models.Index(
                fields=["breached_at"],
                condition=Q(breached_at__isnull=False, lapse_noted=False),
                name="clock_lapse_news",
            ),
            models.Index(fields=["case", "kind"]),
            models.Index(fields=["organisation", "due_at"], condition=Q(stopped_at__isnull=True), name="clock_running"),
        ]
        triggers = [
            Trigger(
                name="clock_breach_is_a_change",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("breached_at"),
                condition=pgtrigger.AnyChange("breached_at"),
                function=NOTE_CLOCK_CHANGE,
            ),
            *marked(
                "clock",
                *("case", "handling", "organisation", "kind", "breached_at"),
                while_="{row}.breached_at IS NOT NULL",
                by_acts=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.paused_at is None


class ClockPause(models.Model):
    """A time in which a clock stood still."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    paused_at = models.DateTimeField("暂停时间")
    resumed_at = models.DateTimeField("恢复时间", null=True)
    reason = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = "时限暂停"
        verbose_name_plural = "时限暂停"
        ordering = ["paused_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(resumed_at__isnull=True), name="one_open_pause_per_clock"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock} 暂停"


class ExtensionRequest(AskedAndDecided):
    """More time asked for before the due time, granted or refused by the side that issued the work."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="extensions")

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(granted__isnull=True), name="one_open_extension_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock} 延期"
