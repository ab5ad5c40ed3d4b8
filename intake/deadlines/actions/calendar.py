"""Filling the calendar table: announced years from the package, later ones reckoned and marked provisional."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import chinese_calendar
import holidays
from django.db import transaction
from django.utils import timezone

from intake.deadlines.actions.clocks import recompute_running_clocks
from intake.deadlines.announcements import Day, read_announcement, whole_year
from intake.deadlines.models import CalendarDay, DayKind, OfficeHoursRow
from intake.deadlines.queries.calendar import CALENDAR_SERIES
from intake.models import Counter
from intake.numbering import next_number
from intake.permissions.keeping import may_keep_calendar
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, RuleViolation, require
from zhongzhi.core.text import clean_text

PERIOD = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
APPLIED_SERIES = "calendar-version-applied"


def announced_year(year: int) -> list[Day]:
    """A year as the State Council announced it, from the package `chinesecalendar`.

    Raises NotImplementedError for a year the package does not know.
    """
    return [_announced(day) for day in _days_of(year)]


def reckoned_year(year: int) -> list[Day]:
    """A year not announced yet: Monday to Friday less the statutory days (全国年节及纪念日放假办法, 2024)."""
    statutory = holidays.country_holidays("CN", years=year, language="zh_CN")
    return [_reckoned(day, statutory) for day in _days_of(year)]


@transaction.atomic
def import_announcement(text: str, year: int, *, source: str, actor: User) -> int:
    """Put an announced year in force; how many days changed. Running clocks are computed again.

    Days that are not named are those of an ordinary week. Raises BadInput for a line that cannot be read, for no
    number of the document, for a year gone by.
    """
    require(may_keep_calendar(actor), "放假安排由系统管理员导入。")
    basis = clean_text(source, field="source", max_length=60)
    if not basis:
        raise BadInput("请写明通知的文号。", field="source")
    if year < timezone.localdate().year:
        raise RuleViolation("过去的年份不再更改。", field="year")
    found = read_announcement(text, year)
    if found.faults:
        raise BadInput(found.faults[0], field="lines")
    changed = write_days(whole_year(found, year), source=basis, provisional=False, overrules=True)
    record(actor, Verb.CALENDAR_IMPORTED, f"calendar:{year}", source=basis, changed=changed, named=len(found.days))
    return changed


@transaction.atomic
def set_office_hours(starts_on: date, periods: Sequence[str], *, actor: User) -> OfficeHoursRow:
    """Let other office hours begin on a day to come, as `08:30-12:00`, one after the other.

    Raises RuleViolation for today or a day gone by, BadInput for hours that cannot be read or overlap.
    """
    require(may_keep_calendar(actor), "办公时间由系统管理员设定。")
    if starts_on <= timezone.localdate():
        raise RuleViolation("启用日期应在明天或以后，已经过去的时间不再更改。", field="starts_on")
    _check_periods(periods)
    row, _ = OfficeHoursRow.objects.update_or_create(starts_on=starts_on, defaults={"periods": list(periods)})
    next_number(CALENDAR_SERIES)
    record(actor, Verb.OFFICE_HOURS_SET, "calendar:hours", starts_on=starts_on, periods=list(periods))
    recompute_running_clocks()
    return row


def _check_periods(periods: Sequence[str]) -> None:
    ends = ""
    for period in periods:
        if not PERIOD.fullmatch(period):
            raise BadInput(f"“{period[:20]}”不是时段，请写成 08:30-12:00。", field="periods")
        opens, closes = period.split("-")
        if not ends <= opens < closes:
            raise BadInput("时段应从早到晚，互不重叠。", field="periods")
        ends = closes
    if not periods:
        raise BadInput("请至少写一个时段。", field="periods")


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
