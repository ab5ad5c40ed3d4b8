"""The working calendar as the rest of the program reads it: the table, kept in memory until it changes."""

from datetime import date, time

from intake.deadlines.models import CalendarDay, OfficeHoursRow
from intake.models import Counter
from zhongzhi.core.worktime import OfficeHours, WorkCalendar

CALENDAR_SERIES = "calendar-version"
_held: tuple[int, WorkCalendar] | None = None


def work_calendar() -> WorkCalendar:
    """The calendar in force. One small query asks whether the table changed since it was read."""
    global _held
    version = Counter.objects.filter(series=CALENDAR_SERIES).values_list("last", flat=True).first() or 0
    if _held is None or _held[0] != version:
        _held = (version, _read())
    return _held[1]


def calendar_warning(today: date) -> str:
    """From 1 December on: a sentence while next year's calendar is not announced; else empty."""
    if today.month < 12:
        return ""
    announced = CalendarDay.objects.filter(date__year=today.year + 1, provisional=False).exists()
    return "" if announced else f"{today.year + 1} 年的放假安排尚未录入，时限暂按法定节假日推算，请安全管理员导入。"


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
