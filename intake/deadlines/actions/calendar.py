"""Filling the calendar table: announced years from the package, later ones reckoned and marked provisional."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import holidays
from django.db import transaction

from intake.deadlines.actions.clocks import recompute_running_clocks
from intake.deadlines.models import CalendarDay, DayKind
from intake.deadlines.queries.calendar import CALENDAR_SERIES
from intake.models import Counter
from intake.numbering import next_number

APPLIED_SERIES = "calendar-version-applied"


@dataclass(frozen=True)
class Day:
    """One day of an announcement."""

    date: date
    is_workday: bool
    kind: str
    name: str = ""


def announced_year(year: int) -> list[Day]:
    """A year as the State Council announced it, from the package `chinesecalendar`.

    Raises NotImplementedError for a year the package does not know.
    """
    return [_announced(day) for day in _days_of(year)]


def reckoned_year(year: int) -> list[Day]:
    """A year not announced yet: Monday to Friday less the statutory days (全国年节及纪念日放假办法, 2024)."""
    statutory = holidays.country_holidays("CN", years=year, language="zh_CN")
    return [_reckoned(day, statutory) for day in _days_of(year)]


def write_days(days: Iterable[Day], *, source: str, provisional: bool, overrules: bool = False) -> int:
    """Put days into the table and compute running clocks again; how many days were new or different.

    A provisional reckoning never overwrites an announced day, and what was announced from another source stays
    unless this one `overrules` it (the office's own import does, the package that fills the years does not).
    A run that was broken off before all clocks were computed is made up for by the next one.
    """
    changed = _written(list(days), source, provisional, overrules)
    version = Counter.objects.filter(series=CALENDAR_SERIES).values_list("last", flat=True).first() or 0
    applied, _ = Counter.objects.get_or_create(series=APPLIED_SERIES)
    if applied.last != version:
        recompute_running_clocks()
        Counter.objects.filter(series=APPLIED_SERIES).update(last=version)
    return changed


@transaction.atomic
def _written(days: list[Day], source: str, provisional: bool, overrules: bool) -> int:
    held = {row.date: row for row in CalendarDay.objects.filter(date__in=[d.date for d in days])}
    kept = {row.date for row in held.values() if not (overrules or row.provisional or row.source == source)}
    rows = [
        _row(d, source, provisional) for d in days if d.date not in kept and _differs(held.get(d.date), d, provisional)
    ]
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "kind", "name", "source", "provisional"],
    )
    if rows:
        next_number(CALENDAR_SERIES)
    return len(rows)


def _row(day: Day, source: str, provisional: bool) -> CalendarDay:
    return CalendarDay(
        date=day.date,
        is_workday=day.is_workday,
        kind=day.kind,
        name=day.name,
        source=source,
        provisional=provisional,
    )


def _differs(row: CalendarDay | None, day: Day, provisional: bool) -> bool:
    if row is None:
        return True
    if provisional and not row.provisional:
        return False
    return (row.is_workday, row.kind, row.provisional) != (day.is_workday, day.kind, provisional)


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def _announced(day: date) -> Day:
    is_workday = chinese_calendar.is_workday(day)
    _, name = chinese_calendar.get_holiday_detail(day)
    weekday = day.weekday() < 5
    if is_workday:
        return Day(day, True, DayKind.ORDINARY if weekday else DayKind.MAKE_UP, "" if weekday else "调休上班")
    if chinese_calendar.is_in_lieu(day):
        return Day(day, False, DayKind.BRIDGE, "调休")
    return Day(day, False, DayKind.STATUTORY if name else DayKind.ORDINARY, name or "")


def _reckoned(day: date, statutory: holidays.HolidayBase) -> Day:
    if day in statutory:
        return Day(day, False, DayKind.STATUTORY, str(statutory[day])[:20])
    return Day(day, day.weekday() < 5, DayKind.ORDINARY)
