"""The working calendar as the rest of the program reads it: the table, kept in memory until it changes."""

from calendar import Calendar as monthcalendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import DateField, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear

from intake.deadlines.announcements import Day
from intake.deadlines.models import CalendarDay, OfficeHoursRow
from intake.models import Counter
from zhongzhi.core.worktime import OfficeHours, WorkCalendar
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given

CALENDAR_SERIES = "calendar-version"
_held: tuple[int, WorkCalendar] | None = None


def work_calendar(version: int | None = None) -> WorkCalendar:
    """The calendar in force. One small query asks whether the table changed since it was read, but for who has the
    version of this transaction already (`calendar_version`)."""
    global _held
    if version is None:
        version = _version().first() or 0
    if _held is None or _held[0] != version:
        _held = (version, _read())
    return _held[1]


@cache
def _version() -> RememberedRows[int]:
    return RememberedRows(_counted(), changed_with_them=["intake_counter"])  # with days and office hours


def calendar_version() -> Coalesce:
    """The version of the calendar as a column of another query."""
    return Coalesce(Subquery(_counted()), 0)


def _counted() -> "QuerySet[Counter, int]":
    return Counter.objects.filter(series=CALENDAR_SERIES).order_by().values_list("last", flat=True)


def calendar_warning(today: date) -> str:
    """From 1 December on: a sentence while next year's calendar is not announced; else empty."""
    if today.month < 12:
        return ""
    announced = _ANNOUNCED.read(first=date(today.year + 1, 1, 1), last=date(today.year + 1, 12, 31))
    return "" if announced else f"{today.year + 1} 年的放假安排尚未录入，时限暂按法定节假日推算，请系统管理员导入。"


_ANNOUNCED = RememberedRows(
    CalendarDay.objects.filter(
        date__gte=Given("first", DateField()), date__lte=Given("last", DateField()), provisional=False
    )
    .order_by()
    .values_list("pk", flat=True)[:1]
)


@dataclass(frozen=True)
class Month:
    """A month as it hangs on a wall: weeks from Monday on, empty where another month begins."""

    number: int
    weeks: list[list[CalendarDay | None]]
    workdays: int


def year_view(year: int) -> list[Month]:
    """The months of a year with their days; a day that the table does not hold is left empty."""
    days = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    return [_month(year, number, days) for number in range(1, 13)]


def years_kept() -> list[tuple[int, bool]]:
    """The years of the table, and whether each is announced (or only reckoned)."""
    rows = CalendarDay.objects.annotate(year=ExtractYear("date")).values_list("year").order_by("year")
    return [(year, not guessed) for year, guessed in rows.annotate(guessed=BoolOr("provisional"))]


def changes_to(year: int, days: Iterable[Day]) -> list[tuple[Day, CalendarDay | None]]:
    """What an import of these days would change, each with the day as it stands."""
    held = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    return [(day, held.get(day.date)) for day in days if _is_other(held.get(day.date), day)]


def office_hours() -> QuerySet[OfficeHoursRow]:
    """All office hours, the latest first."""
    return OfficeHoursRow.objects.order_by("-starts_on")


def _is_other(row: CalendarDay | None, day: Day) -> bool:
    return row is None or (row.is_workday, row.kind, row.name) != (day.is_workday, day.kind, day.name)


def _month(year: int, number: int, days: dict[date, CalendarDay]) -> Month:
    weeks = [
        [days.get(day) if day.month == number else None for day in week]
        for week in monthcalendar().monthdatescalendar(year, number)
    ]
    return Month(number, weeks, sum(bool(day and day.is_workday) for week in weeks for day in week))


def _read() -> WorkCalendar:
    days = dict(CalendarDay.objects.values_list("date", "is_workday"))
    rows = OfficeHoursRow.objects.order_by("-starts_on")
    hours = [(row.starts_on, OfficeHours(tuple(_period(p) for p in row.periods))) for row in rows]
    usual = OfficeHours()

    def hours_on(day: date) -> OfficeHours:
        return next((h for starts_on, h in hours if starts_on <= day), usual)

    return WorkCalendar(days, hours_on)


def _period(text: str) -> tuple[time, time]:
    opens, closes = text.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
