"""Visits: planned by grid and month, recorded when made; outreach events with the numbers they reached."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models.hazard import Hazard
from grids.models.territory import Territory


class VisitReason(models.TextChoices):
    ROUTINE = "routine", "日常走访"
    DISPUTE = "dispute", "纠纷回访"
    CARE = "care", "关爱走访（独居、留守、困难）"
    KEY_PERSON = "key_person", "重点人员走访"
    KEY_PLACE = "key_place", "重点场所走访"
    RENTED = "rented", "出租房屋走访"


class PlannedVisit(models.Model):
    """Whom to see in a month. A plan is help to remember, no quota: nothing follows when it is not made."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="planned_visits")
    month = models.DateField("月份", help_text="该月第一天")
    household = models.CharField("走访对象", max_length=80)
    reason = models.CharField("事由", max_length=12, choices=VisitReason, default=VisitReason.ROUTINE)
    note = models.CharField("提示", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField("取消时间", null=True)

    class Meta:
        verbose_name = "走访计划"
        verbose_name_plural = "走访计划"
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="planned_visit_month_begins"),
            models.UniqueConstraint(
                fields=["territory", "month", "household"],
                condition=Q(dropped_at__isnull=True),
                name="planned_visit_once_a_month",
                violation_error_message="本月计划中已有这一户。",
            ),
        ]

    def __str__(self) -> str:
        return f"走访计划 {self.pk}"


class Visit(models.Model):
    """A visit that was made, under the number that the phone gave it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="visits")
    plan = models.OneToOneField(PlannedVisit, null=True, on_delete=models.PROTECT, related_name="visit")
    household = models.CharField("走访对象", max_length=80)
    reason = models.CharField("事由", max_length=12, choices=VisitReason, default=VisitReason.ROUTINE)
    note = models.TextField("走访情况", max_length=1000, blank=True)
    visited_on = models.DateField("走访日期")
    visited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    hazard = models.ForeignKey(Hazard, null=True, on_delete=models.PROTECT, related_name="visits")
    is_demo = models.BooleanField("演示数据", default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        indexes = [models.Index(fields=["territory", "visited_on"], name="visit_at")]

    def __str__(self) -> str:
        return f"走访 {self.pk}"


class OutreachKind(models.TextChoices):
    ANTI_FRAUD = "anti_fraud", "反诈宣讲"
    LAW = "law", "普法宣传"
    SAFETY = "safety", "安全宣传"
    MEDIATION = "mediation", "以案说法"
    OTHER = "other", "其他"


class OutreachEvent(models.Model):
    """A talk held for the people of a place, and how many it reached."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="outreach")
    kind = models.CharField("类别", max_length=12, choices=OutreachKind)
    topic = models.CharField("主题", max_length=100)
    held_on = models.DateField("日期")
    reached = models.PositiveIntegerField("到场人数")
    note = models.CharField("说明", max_length=500, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "宣传活动"
        verbose_name_plural = "宣传活动"
        indexes = [models.Index(fields=["territory", "held_on"], name="outreach_at")]

    def __str__(self) -> str:
        return self.topic
