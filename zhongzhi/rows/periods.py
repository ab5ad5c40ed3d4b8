"""Periods: from a day (or a moment) on, up to another that is no longer in it.

`starts_on` and `ends_on` are days, `starts_at` and `ends_at` moments. The end is never part of the period: what ends on
the 5th is in force on the 4th for the last time.
"""

from datetime import date
from typing import Final

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import CheckConstraint, DateField, F, Func, Q, Value

from zhongzhi.rows.statements import Given


class DateRange(Func):
    """PostgreSQL's range of days."""

    function = "daterange"
    output_field = DateRangeField()


class TimeRange(Func):
    """PostgreSQL's range of moments."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


TODAY: Final = Given("day", DateField())
"""The day on which rows are asked for that were prepared before (`PreparedRows`)."""
DAYS = DateRange(F("starts_on"), F("ends_on"), Value("[)"))
"""The days of a `DatePeriod`, for constraints that keep periods apart."""
MOMENTS = TimeRange("starts_at", "ends_at", Value("[)"))
"""The moments of a `TimePeriod`."""


class DatePeriod(models.Model):
    """From a day on; without an end it goes on. The constraint `period_of_days` belongs to every such table."""

    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        abstract = True

    def is_in_force(self, day: date) -> bool:
        """Say whether it has started by a day and has not ended on it."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


class TimePeriod(models.Model):
    """From one moment to another. The constraint `period_of_time` belongs to every such table."""

    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")

    class Meta:
        abstract = True


def period_of_days(
    name: str, *, starts: str = "启用日期", ends: str = "停用日期", may_be_empty: bool = False
) -> CheckConstraint:
    """Require the end after the start; `starts` and `ends` name the two days in the refusal.

    One that `may_be_empty` may end on the day it starts: then it was never in force.
    """
    compared, rule = ("gte", "不应早于") if may_be_empty else ("gt", "应晚于")
    return CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(**{f"ends_on__{compared}": F("starts_on")}),
        name=name,
        violation_error_message=f"{ends}{rule}{starts}。",
    )


def period_of_time(name: str) -> CheckConstraint:
    """Require the end after the start."""
    return CheckConstraint(
        condition=Q(ends_at__gt=F("starts_at")), name=name, violation_error_message="结束时间应晚于开始时间。"
    )


def in_force(day: date | Given, prefix: str = "") -> Q:
    """Match rows in force on a day: started, and not ended."""
    return Q(**{f"{prefix}starts_on__lte": day}) & not_over(day, prefix)


def not_over(day: date | Given, prefix: str = "") -> Q:
    """Match rows that are not over on a day: in force, or still to come."""
    ends = f"{prefix}ends_on"
    return Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": day})
