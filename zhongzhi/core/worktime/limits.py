"""When a time limit is due: one reckoning for every unit, with the times a clock stood still."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhongzhi.core.worktime.amounts import Amount, months_after, span_of, whole
from zhongzhi.core.worktime.calendar import Span, WorkCalendar


class Unit(StrEnum):
    """What a time limit is counted in."""

    OFFICE_HOUR = "office_hour"
    HOUR = "hour"
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MONTH = "month"


def due(calendar: WorkCalendar, start: datetime, amount: Amount, unit: Unit, pauses: Iterable[Span] = ()) -> datetime:
    """When a limit of `amount` units that started at `start` is due: the one reckoning of all clocks.

    A clock that stood still is due later by the time it stood, in its own unit: hours by the hours (office hours
    by office hours) and days by the days at whose closing it stood (working days only for working-day clocks;
    days of the calendar for natural days and months). Times stood that begin once it is due change nothing, those
    that overlap count once. A clock is never due while it stands. Raises ValueError for an amount that is not
    positive (days and months: not whole), and for a pause that ends before it begins.
    """
    if amount <= 0:
        raise ValueError("a time limit needs a positive amount")
    begun = calendar.local(start)
    stood = _merged(calendar, begun, pauses)
    if unit in (Unit.HOUR, Unit.OFFICE_HOUR):
        return _due_by_hours(calendar, begun, span_of(amount), unit, stood)
    return _due_by_days(calendar, begun.date(), whole(amount), unit, stood)


def _due_by_hours(calendar: WorkCalendar, moment: datetime, left: timedelta, unit: Unit, stood: list[Span]) -> datetime:
    """Run the clock from pause to pause until nothing is left of it."""
    by_office = unit is Unit.OFFICE_HOUR
    for stop, go in stood:
        ran = calendar.office_time_between(moment, stop) if by_office else stop - moment
        if ran >= left:
            break
        left, moment = left - ran, go
    return calendar.add_office_time(moment, left) if by_office else moment + left


def _due_by_days(calendar: WorkCalendar, begun: date, amount: int, unit: Unit, stood: list[Span]) -> datetime:
    """Add the days it stood to the limit, then roll a last day that is closed, or on which it stands, onward."""
    days_stood = 0
    for stop, go in stood:
        if stop >= calendar.closing_of(_last_day(calendar, begun, amount, unit, days_stood)):
            break
        days_stood += _days_stood(calendar, stop, go, working=unit is Unit.WORKING_DAY)
    last = _last_day(calendar, begun, amount, unit, days_stood)
    closings = (calendar.closing_of(day) for day in calendar.workdays_from(last))
    return next(closing for closing in closings if not any(stop < closing < go for stop, go in stood))


def _last_day(calendar: WorkCalendar, begun: date, amount: int, unit: Unit, days_stood: int) -> date:
    if unit is Unit.WORKING_DAY:
        return calendar.nth_workday(begun, amount + days_stood)
    if unit is Unit.NATURAL_DAY:
        return begun + timedelta(days=amount + days_stood)
    return months_after(begun, amount) + timedelta(days=days_stood)


def _days_stood(calendar: WorkCalendar, stop: datetime, go: datetime, *, working: bool) -> int:
    """The days whose closing lies in the pause, its first moment included, its last not."""
    days = (stop.date() + timedelta(days=k) for k in range((go.date() - stop.date()).days + 1))
    return sum(stop <= calendar.closing_of(day) < go for day in days if not working or calendar.is_workday(day))


def _merged(calendar: WorkCalendar, begun: datetime, pauses: Iterable[Span]) -> list[Span]:
    """The pauses in order, overlaps joined, nothing before the clock began."""
    merged: list[Span] = []
    for a, b in sorted((calendar.local(a), calendar.local(b)) for a, b in pauses):
        if b < a:
            raise ValueError("a pause ends before it begins")
        stop, go = max(a, begun), b
        if merged and stop <= merged[-1][1]:
            stop, until = merged.pop()
            go = max(go, until)
        if go > stop:
            merged.append((stop, go))
    return merged
