"""Periods: what is in force on a day, and that every table with a period keeps the same rule."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model

from referrals.models import EscalationRule
from zhongzhi.rows.periods import DatePeriod, TimePeriod, in_force, not_over, period_of_days, period_of_time

FIRST, SECOND, THIRD, FOURTH = (date(2026, 11, day) for day in (2, 3, 4, 5))


def rule(**days: date | None) -> EscalationRule:
    return EscalationRule(trigger="overdue", does="tell_leader", **days)


def tables_with(*columns: str) -> list[type[Model]]:
    """Models that have all of these columns."""
    tables = [m for m in apps.get_models() if not m._meta.proxy]
    return [m for m in tables if {*columns} <= {field.name for field in m._meta.concrete_fields}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends_on", "served", "left"),
    [
        (None, [False, True, True, True], [True, True, True, True]),
        (FOURTH, [False, True, True, False], [True] * 3 + [False]),
    ],
)
def test_a_period_holds_its_first_day_and_not_its_last(
    ends_on: date | None, served: list[bool], left: list[bool]
) -> None:
    row = rule(starts_on=SECOND, ends_on=ends_on)
    row.save()
    rows = EscalationRule.objects.filter(pk=row.pk)
    days = (FIRST, SECOND, THIRD, FOURTH)
    assert [rows.filter(in_force(day)).exists() for day in days] == served
    assert [row.is_in_force(day) for day in days] == served
    assert [rows.filter(not_over(day)).exists() for day in days] == left


@pytest.mark.django_db
@pytest.mark.parametrize("ends_on", [FIRST, SECOND])
def test_a_period_that_ends_before_or_when_it_starts_is_refused(ends_on: date) -> None:
    with pytest.raises(IntegrityError, match="ladder_rule_period"), transaction.atomic():
        rule(starts_on=SECOND, ends_on=ends_on).save()


def test_every_table_with_a_first_and_a_last_day_keeps_the_rule_of_periods() -> None:
    found = tables_with("starts_on", "ends_on")
    rules = [period_of_days("", may_be_empty=empty).condition for empty in (False, True)]
    assert {"Posting", "Service", "Beat", "Territory", "ClockRule", "DocumentKind", "Body"} <= {
        m.__name__ for m in found
    }
    assert [m for m in found if not issubclass(m, DatePeriod)] == []
    conditions = {m: [getattr(c, "condition", None) for c in m._meta.constraints] for m in found}
    assert [m for m in found if not any(rule in conditions[m] for rule in rules)] == []


def test_every_table_with_a_first_and_a_last_moment_keeps_the_rule_of_periods() -> None:
    found = tables_with("starts_at", "ends_at")
    wanted = period_of_time("").condition
    assert {m.__name__ for m in found} == {"Shift", "Session"}
    assert [m for m in found if not issubclass(m, TimePeriod)] == []
    assert [m for m in found if wanted not in [getattr(c, "condition", None) for c in m._meta.constraints]] == []
