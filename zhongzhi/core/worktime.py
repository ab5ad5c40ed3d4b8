"""Working days, office hours, and when a time limit is due.

Day clocks: the day a clock starts is not counted, whether it was a working day or not and whatever the hour; a
limit ends when the office closes on its last day (民法典 art. 201, 203), and a last day on which the office does
not work moves to the next working day (民事诉讼法 art. 85, 民法典 art. 203). A month ends on the same day of a
later month, or on its last day when there is none such (民法典 art. 202).
Hour clocks run from the moment they are started; one in office hours that is started while the office is closed
runs from its next opening.

All moments must carry a time zone (ValueError else); answers are in the calendar's zone, Asia/Shanghai.
"""

import calendar as months
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
LONGEST_CLOSURE: Final = 400
ONE_DAY: Final = timedelta(days=1)

Amount: TypeAlias = int | float | Decimal
Span: TypeAlias = tuple[datetime, datetime]


class Unit(StrEnum):
    """What a time limit is counted in."""

    OFFICE_HOUR = "office_hour"
    HOUR = "hour"
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True)
class OfficeHours:
    """The office hours of a day: periods in order, apart from each other (ValueError else)."""

    periods: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))

    def __post_init__(self) -> None:
        """Check the periods."""
        edges = [edge for period in self.periods for edge in period]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError("office hours need periods in order that do not touch")

    @property
    def closing(self) -> time:
        """When the office closes for the day."""
        return self.periods[-1][1]


class WorkCalendar:
    """Which days are worked and when the office is open.

    `known` answers for the days it knows (a table's `{date: is_workday}`, or a function that gives None for what
    it does not know); every other day is worked from Monday to Friday. `hours` may differ from day to day.
    """

    def __init__(
        self,
        known: Mapping[date, bool] | Callable[[date], bool | None] | None = None,
        hours: OfficeHours | Callable[[date], OfficeHours] | None = None,
        tz: ZoneInfo = SHANGHAI,
        *,
        provisional: Collection[date] = (),
    ) -> None:
        """`provisional` are known days that rest on our own reckoning, not on an announcement."""
        known = {} if known is None else known
        hours = OfficeHours() if hours is None else hours
        self._known = known.get if isinstance(known, Mapping) else known
        self._hours = (lambda day: hours) if isinstance(hours, OfficeHours) else hours
        self._provisional = frozenset(provisional)
        self.tz = tz

    def is_workday(self, day: date) -> bool:
        """Whether the office works on this day."""
        known = self._known(day)
        return day.weekday() < 5 if known is None else known

    def is_provisional(self, day: date) -> bool:
        """Whether this day is reckoned, not announced."""
        return day in self._provisional or self._known(day) is None

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open; it is not any more at the very moment it closes."""
        return self.next_office_moment(moment) == moment

    def next_office_moment(self, moment: datetime) -> datetime:
        """The moment itself within office hours, else the next opening."""
        return next(self._office_from(self.local(moment)))[0]

    def closing_of(self, day: date) -> datetime:
        """The end of office hours of a day, worked or not."""
        return datetime.combine(day, self._hours(day).closing, self.tz)

    def nth_workday(self, day: date, n: int) -> date:
        """The n-th working day after `day` (n from 1)."""
        _whole(n)
        days = self._workdays(day + ONE_DAY, ONE_DAY)
        for _ in range(n - 1):
            next(days)
        return next(days)

    def add_working_days(self, start: datetime, n: int) -> datetime:
        """The closing of the n-th working day after the day of `start`."""
        return self.closing_of(self.nth_workday(self.local(start).date(), n))

    def add_natural_days(self, start: datetime, n: int, roll: bool = True) -> datetime:
        """The closing of the n-th day after the day of `start`; on to a working day with `roll`."""
        return self._end_of(self.local(start).date() + timedelta(days=_whole(n)), roll)

    def add_months(self, start: datetime, n: int, roll: bool = True) -> datetime:
        """The closing of the same day n months later (or that month's last); on to a working day with `roll`."""
        return self._end_of(_months_after(self.local(start).date(), _whole(n)), roll)

    def add_hours(self, start: datetime, hours: Amount) -> datetime:
        """`hours` later, by day and night."""
        return self.local(start.astimezone(UTC) + _span(hours)) if start.tzinfo else self.local(start)

    def add_office_hours(self, start: datetime, hours: Amount) -> datetime:
        """The moment until which the office is open for `hours`, counted from `start`."""
        return self._add_office_time(self.local(start), _span(hours))

    def office_hours_before(self, moment: datetime, hours: Amount) -> datetime:
        """The moment from which the office is open for `hours` until `moment`: when to warn of it."""
        left = _span(hours)
        for opens, closes in self._office_back_from(self.local(moment)):
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        raise AssertionError("the office opens for ever")

    def office_time_between(self, a: datetime, b: datetime) -> timedelta:
        """How long the office is open from `a` to `b`; nothing when `b` is not later."""
        total, end = timedelta(), self.local(b)
        for opens, closes in self._office_from(self.local(a)):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` is earlier."""
        if b < a:
            return -self.working_days_between(b, a)
        return sum(self.is_workday(a + timedelta(days=k)) for k in range(1, (b - a).days + 1))

    def local(self, moment: datetime) -> datetime:
        """The moment in the calendar's zone. Raises ValueError for one without a zone."""
        if moment.utcoffset() is None:
            raise ValueError("a moment without a time zone")
        return moment.astimezone(self.tz)

    def _add_office_time(self, start: datetime, left: timedelta) -> datetime:
        for opens, closes in self._office_from(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("the office opens for ever")

    def _end_of(self, day: date, roll: bool) -> datetime:
        return self.closing_of(next(self._workdays(day, ONE_DAY)) if roll else day)

    def _workdays(self, day: date, step: timedelta) -> Iterator[date]:
        """The working days from `day` on, forward or back; ValueError when a year and more has none."""
        closed = 0
        while closed < LONGEST_CLOSURE:
            closed = 0 if self.is_workday(day) else closed + 1
            if not closed:
                yield day
            day += step
        raise ValueError(f"the calendar has no working day near {day}")

    def _office_from(self, moment: datetime) -> Iterator[Span]:
        """The open times after `moment`, the first cut to begin there."""
        for day in self._workdays(moment.date(), ONE_DAY):
            for opens, closes in self._open_times(day):
                if closes > moment:
                    yield max(opens, moment), closes

    def _office_back_from(self, moment: datetime) -> Iterator[Span]:
        """The open times before `moment`, latest first, the first cut to end there."""
        for day in self._workdays(moment.date(), -ONE_DAY):
            for opens, closes in reversed(self._open_times(day)):
                if opens < moment:
                    yield opens, min(closes, moment)

    def _open_times(self, day: date) -> list[Span]:
        at = datetime.combine
        return [
            (at(day, opens, self.tz), at(day, closes, self.tz)) for opens, closes in self._hours(day).periods
        ]


def due(
    calendar: WorkCalendar, start: datetime, amount: Amount, unit: Unit, pauses: Iterable[Span] = ()
) -> datetime:
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
        return _due_by_hours(calendar, begun, _span(amount), unit, stood)
    return _due_by_days(calendar, begun.date(), _whole(amount), unit, stood)


def _due_by_hours(
    calendar: WorkCalendar, moment: datetime, left: timedelta, unit: Unit, stood: list[Span]
) -> datetime:
    """Run the clock from pause to pause until nothing is left of it."""
    by_office = unit is Unit.OFFICE_HOUR
    for stop, go in stood:
        ran = calendar.office_time_between(moment, stop) if by_office else stop - moment
        if ran >= left:
            break
        left, moment = left - ran, go
    return calendar._add_office_time(moment, left) if by_office else moment + left


def _due_by_days(calendar: WorkCalendar, begun: date, amount: int, unit: Unit, stood: list[Span]) -> datetime:
    """Add the days it stood to the limit, then roll a last day that is closed, or on which it stands, onward."""
    days_stood = 0
    for stop, go in stood:
        if stop >= calendar.closing_of(_last_day(calendar, begun, amount, unit, days_stood)):
            break
        days_stood += _days_stood(calendar, stop, go, working=unit is Unit.WORKING_DAY)
    last = _last_day(calendar, begun, amount, unit, days_stood)
    for day in calendar._workdays(last, ONE_DAY):
        closing = calendar.closing_of(day)
        if not any(stop < closing < go for stop, go in stood):
            return closing
    raise AssertionError("the office opens for ever")


def _last_day(calendar: WorkCalendar, begun: date, amount: int, unit: Unit, days_stood: int) -> date:
    if unit is Unit.WORKING_DAY:
        return calendar.nth_workday(begun, amount + days_stood)
    if unit is Unit.NATURAL_DAY:
        return begun + timedelta(days=amount + days_stood)
    return _months_after(begun, amount) + timedelta(days=days_stood)


def _days_stood(calendar: WorkCalendar, stop: datetime, go: datetime, *, working: bool) -> int:
    """The days whose closing lies in the pause, its first moment included, its last not."""
    days = (stop.date() + timedelta(days=k) for k in range((go.date() - stop.date()).days + 1))
    return sum(
        stop <= calendar.closing_of(day) < go for day in days if not working or calendar.is_workday(day)
    )


def _merged(calendar: WorkCalendar, begun: datetime, pauses: Iterable[Span]) -> list[Span]:
    """The pauses in order, overlaps joined, nothing before the clock began."""
    merged: list[Span] = []
    for stop, go in sorted((calendar.local(a), calendar.local(b)) for a, b in pauses):
        if go < stop:
            raise ValueError("a pause ends before it begins")
        stop = max(stop, begun)
        if merged and stop <= merged[-1][1]:
            stop, go = merged[-1][0], max(go, merged.pop()[1])
        if go > stop:
            merged.append((stop, go))
    return merged


def _months_after(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _span(hours: Amount) -> timedelta:
    if hours < 0:
        raise ValueError("hours cannot be negative")
    return timedelta(microseconds=round(Decimal(str(hours)) * 3_600_000_000))


def _whole(amount: Amount) -> int:
    if amount < 1 or amount != int(amount):
        raise ValueError("days and months are counted in whole numbers from 1")
    return int(amount)
