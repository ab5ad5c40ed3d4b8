"""The road that a case was led to because it was not settled here, until that road has its result; and what a result
that was recorded wrongly said before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.case import Case, Road
from intake.models.triggers import REFUSE
from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.steps import Step
from zhongzhi.rows.triggers import append_only


class RoadTaken(models.Model):
    """One road (court, arbitration, reconsideration …) of a case. Open until its result is known, or until the case
    is taken up again here."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="roads")
    road = models.CharField("途径", max_length=20, choices=Road)
    led_at = models.DateTimeField("引导时间")
    led_by = models.ForeignKey(
        Organisation, verbose_name="引导单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    dropped_at = models.DateTimeField("收回重办时间", null=True)
    ended_on = models.DateField("结果日期", null=True)
    number = models.CharField("文号、案号", max_length=80, blank=True)
    result = models.CharField("结果", max_length=1000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", null=True)

    class Meta:
        verbose_name = "法律途径"
        verbose_name_plural = "法律途径"
        ordering = ["led_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "road"],
                condition=Q(ended_on__isnull=True, dropped_at__isnull=True),
                name="one_open_road_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    ended_on__isnull=True, result="", number="", recorded_by__isnull=True, recorded_at__isnull=True
                )
                | (Q(ended_on__isnull=False, recorded_by__isnull=False, recorded_at__isnull=False) & ~Q(result="")),
                name="road_result_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(dropped_at__isnull=True), name="road_ends_or_is_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["led_at", "case"],
                condition=Q(ended_on__isnull=True, dropped_at__isnull=True),
                name="road_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_road_display()}"

    @property
    def is_open(self) -> bool:
        """Whether its result is still waited for."""
        return self.ended_on is None and self.dropped_at is None


class RoadCorrection(Step):
    """A recorded result that somebody corrected: what stood there before, and why it was changed."""

    road = models.ForeignKey(RoadTaken, on_delete=models.PROTECT, related_name="corrections")
    ended_on = models.DateField("原结果日期")
    number = models.CharField("原文号、案号", max_length=80, blank=True)
    result = models.CharField("原结果", max_length=1000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("原登记时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(Step.Meta):
        verbose_name = "途径结果更正"
        verbose_name_plural = "途径结果更正"
        triggers = [
            *append_only("road_correction", REFUSE),
            mark_of(
                "road_correction",
                "road",
                "ended_on",
                "number",
                "result",
                "recorded_by",
                "recorded_at",
                "actor",
                "reason",
                "at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.road_id} {self.at:%Y-%m-%d}"
