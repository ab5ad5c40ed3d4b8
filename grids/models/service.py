"""Periods of service: who serves a place as what, from when to when; police beats and the grids they cover."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models.organisation import Organisation
from grids.models.person import RosterPerson
from grids.models.territory import Territory
from grids.models.triggers import administrators_apart
from zhongzhi.rows.periods import DAYS, DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table


class ServiceKind(models.TextChoices):
    """The kinds of people that a county keeps rosters of."""

    GRID_LEADER = "grid_leader", "网格长"
    FULL_TIME = "full_time", "专职网格员"
    PART_TIME = "part_time", "兼职网格员"
    BUILDING_HEAD = "building_head", "楼栋长"
    UNIT_HEAD = "unit_head", "单元长"
    HOUSEHOLD_HEAD = "household_head", "联户长（户长）"
    OFFICER = "officer", "包片民警"
    AUXILIARY = "auxiliary", "辅警"
    SECURITY_DIRECTOR = "security_director", "治保主任"
    PARTY_LEADER = "party_leader", "党小组长"
    VOLUNTEER = "volunteer", "平安志愿者"
    DOCTOR = "doctor", "村医"


HEADS = (ServiceKind.BUILDING_HEAD, ServiceKind.UNIT_HEAD, ServiceKind.HOUSEHOLD_HEAD)
GRID_WORK = (ServiceKind.GRID_LEADER, ServiceKind.FULL_TIME, ServiceKind.PART_TIME)


class Beat(DatePeriod):
    """警格: what one officer of a police station looks after."""

    name = models.CharField("警格名称", max_length=60)
    station = models.ForeignKey(Organisation, verbose_name="派出所", on_delete=models.PROTECT, related_name="beats")
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "警格"
        verbose_name_plural = "警格"
        constraints = [
            models.UniqueConstraint(
                fields=["station", "name"], condition=Q(ends_on__isnull=True), name="beat_named_once_at_its_station"
            ),
            period_of_days("beat_period"),
        ]

    def __str__(self) -> str:
        return self.name


class BeatGrid(DatePeriod):
    """警格+网格: a grid that a beat covers for a period; a grid has one beat at a time."""

    beat = models.ForeignKey(Beat, on_delete=models.PROTECT, related_name="coverage")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="beat_coverage")

    class Meta:
        verbose_name = "警格覆盖"
        verbose_name_plural = "警格覆盖"
        constraints = [
            ExclusionConstraint(
                name="grid_in_one_beat_at_a_time",
                expressions=[("territory", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                violation_error_message="该网格在此期间已属于另一个警格。",
            ),
            period_of_days("beat_grid_period", starts="开始日期", ends="结束日期"),
        ]
        triggers = remembered_table("grids_beatgrid")

    def __str__(self) -> str:
        return f"{self.beat_id} {self.territory_id}"


class Service(DatePeriod):
    """One period of service. Ended ones stay: they are the history."""

    person = models.ForeignKey(RosterPerson, on_delete=models.PROTECT, related_name="services")
    kind = models.CharField("类别", max_length=20, choices=ServiceKind)
    territory = models.ForeignKey(
        Territory, verbose_name="网格或村", null=True, on_delete=models.PROTECT, related_name="services"
    )
    beat = models.ForeignKey(Beat, verbose_name="警格", null=True, on_delete=models.PROTECT, related_name="services")
    organisation = models.ForeignKey(
        Organisation, verbose_name="所属组织", null=True, on_delete=models.PROTECT, related_name="services"
    )
    title = models.CharField("职务", max_length=40, blank=True)
    households = models.PositiveIntegerField("联系户数", null=True)
    households_note = models.CharField("联系范围", max_length=200, blank=True)
    end_reason = models.CharField("离任原因", max_length=100, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("录入时间", default=timezone.now)

    class Meta:
        verbose_name = "任职（名册）"
        verbose_name_plural = "任职（名册）"
        constraints = [
            period_of_days("service_period", starts="任职日期", ends="离任日期"),
            models.CheckConstraint(
                condition=Q(territory__isnull=False, beat__isnull=True)
                | Q(territory__isnull=True, beat__isnull=False, kind__in=["officer", "auxiliary"]),
                name="service_at_one_place",
            ),
            models.CheckConstraint(
                condition=Q(households__isnull=True) | Q(kind__in=[kind.value for kind in HEADS]),
                name="service_households_are_for_heads",
                violation_error_message="只有楼栋长、单元长、联户长填写联系户数。",
            ),
            ExclusionConstraint(
                name="one_full_time_worker_per_grid",
                expressions=[("territory", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(kind=ServiceKind.FULL_TIME),
                violation_error_message="该网格在此期间已有专职网格员。",
            ),
            ExclusionConstraint(
                name="one_officer_per_beat",
                expressions=[("beat", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=Q(kind=ServiceKind.OFFICER),
                violation_error_message="该警格在此期间已有包片民警。",
            ),
            ExclusionConstraint(
                name="service_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("territory", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                violation_error_message="该人员在此期间已在这里担任同一职务。",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "kind"], name="service_at", condition=Q(ends_on__isnull=True)),
            models.Index(fields=["kind", "id"], name="service_kind"),
        ]
        triggers = [
            administrators_apart("grids_service_administrators_apart"),
            *remembered_table("grids_service"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.get_kind_display()}"

    @property
    def key(self) -> str:
        """The number by which tables and outside systems name this row."""
        return f"FW{self.pk:08d}"


def service_pk(key: str) -> int | None:
    """The primary key behind a number such as FW00000012; None for what is none."""
    digits = key.strip().upper().removeprefix("FW")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None


class Handover(models.Model):
    """A grid passed from one worker to the next, with what was open on that day."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="handovers")
    outgoing = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    incoming = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    happens_on = models.DateField("交接日期")
    open_matters = models.JSONField("未结事项", default=list)
    note = models.CharField("说明", max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("办理时间", default=timezone.now)

    class Meta:
        verbose_name = "网格交接"
        verbose_name_plural = "网格交接"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.happens_on}"
