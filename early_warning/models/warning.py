"""Warnings: what was seen, the evidence it stands on, what people made of it, and what became of it.

A warning is about matters, places and organisations, never a mark on a person; names stand in its evidence alone, where
sight decides who reads them.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from early_warning.lifecycle import LIVE, Event, State
from early_warning.models.rule import RuleKind, WarningRule
from grids.models import Hazard, HazardLevel, Organisation, PlannedVisit, Territory
from intake.models import Case
from zhongzhi.rows.steps import StatusStep
from zhongzhi.rows.triggers import Function, Trigger, append_only, refusal

REFUSE = refusal("early_warning_refuse_change")
NEVER_LOWER = Function(
    "early_warning_never_lower",
    """
    IF array_position(ARRAY['blue', 'yellow', 'orange', 'red'], NEW.level::text)
       < array_position(ARRAY['blue', 'yellow', 'orange', 'red'], OLD.level::text) THEN
        RAISE EXCEPTION 'a warning is never lowered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
""",
)


class Warning(models.Model):
    """One warning. `subject` is what it is about (a place and category, a case, a first piece of evidence): of one
    kind and subject one alone is live; `figures` are the numbers of its sentence."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(WarningRule, verbose_name="规则", on_delete=models.PROTECT, related_name="warnings")
    kind = models.CharField("依据", max_length=20, choices=RuleKind)
    subject = models.CharField("对象", max_length=80)
    territory = models.ForeignKey(Territory, verbose_name="地方", on_delete=models.PROTECT, related_name="warnings")
    centre = models.ForeignKey(Organisation, verbose_name="负责中心", on_delete=models.PROTECT, related_name="warnings")
    level = models.CharField("等级", max_length=10, choices=HazardLevel)
    status = models.CharField("状态", max_length=12, choices=State, default=State.OPEN, editable=False)
    figures = models.JSONField("数据", default=dict)
    raised_at = models.DateTimeField("预警时间", default=timezone.now)
    grew_at = models.DateTimeField("最近变化", default=timezone.now)
    before = models.ForeignKey(
        "self", verbose_name="此前排除的", null=True, on_delete=models.PROTECT, related_name="raised_again"
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("核实时间", null=True)
    reason = models.TextField("核实情况", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "预警"
        verbose_name_plural = "预警"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(status__in=LIVE), name="warning_live_once"),
            models.CheckConstraint(
                condition=Q(status=State.OPEN, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status=State.OPEN) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="warning_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=State.DISMISSED) | ~Q(reason=""), name="warning_dismissed_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "-id"], name="warning_at"),
            models.Index(fields=["centre", "raised_at"], name="warning_of_centre"),
            models.Index(fields=["decided_at"], condition=Q(status=State.CONFIRMED), name="warning_followed"),
        ]
        triggers = [
            Trigger(
                name="warning_never_lower",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("level"),
                function=NEVER_LOWER,
            )
        ]

    def __str__(self) -> str:
        return f"预警 {self.pk}"

    @property
    def is_live(self) -> bool:
        """Whether it is open or followed."""
        return self.status in LIVE


class Evidence(models.Model):
    """One case (a police call is one) or hazard that a warning stands on; it opens from there."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="evidence")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="warning_evidence")
    hazard = models.ForeignKey(Hazard, null=True, on_delete=models.PROTECT, related_name="warning_evidence")
    why = models.CharField("情况", max_length=60, blank=True)
    happened_at = models.DateTimeField("发生时间")
    added_at = models.DateTimeField("列入时间", default=timezone.now)

    class Meta:
        verbose_name = "预警依据"
        verbose_name_plural = "预警依据"
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["warning", "case"], name="evidence_case_once"),
            models.UniqueConstraint(fields=["warning", "hazard"], name="evidence_hazard_once"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, hazard__isnull=True) | Q(case__isnull=True, hazard__isnull=False),
                name="evidence_is_one_matter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warning_id}: {self.case_id or self.hazard_id}"


class WarningStep(StatusStep):
    """One step of a warning."""

    events, states = Event, State

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="steps")

    class Meta(StatusStep.Meta):
        verbose_name = "预警步骤"
        verbose_name_plural = "预警步骤"
        triggers = append_only("warning_step", REFUSE)

    def __str__(self) -> str:
        return f"{self.warning_id} {self.event}"


class ResponseKind(models.TextChoices):
    CASE = "case", "转为案件"
    VISIT = "visit", "安排走访"
    SUPERVISION = "document", "拟发函单"
    TASK = "task", "下达任务"
    AGENDA = "agenda", "提请会商"


class Response(models.Model):
    """What was made of a warning: of which kind, of which of its matters, and where it is found."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField("处置", max_length=10, choices=ResponseKind)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    hazard = models.ForeignKey(Hazard, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(PlannedVisit, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField("内容", max_length=200, blank=True)
    link = models.CharField("链接", max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "预警处置"
        verbose_name_plural = "预警处置"
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.kind}"


class LaterLook(models.Model):
    """What had become of a confirmed warning's matters after 30 and after 90 days."""

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="later_looks")
    days = models.PositiveSmallIntegerField("天数")
    matters = models.PositiveSmallIntegerField("事项")
    settled = models.PositiveSmallIntegerField("已了结")
    red = models.PositiveSmallIntegerField("红色风险")
    group = models.PositiveSmallIntegerField("群体性")
    broken = models.PositiveSmallIntegerField("协议逾期")
    reopened = models.PositiveSmallIntegerField("重办")
    looked_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "预警后续"
        verbose_name_plural = "预警后续"
        ordering = ["days"]
        constraints = [models.UniqueConstraint(fields=["warning", "days"], name="later_look_once")]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.days}"
