"""The calendar of the office: its working days and hours, and steps along them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from zhongzhi.core.worktime.amounts import Amount, months_after, span_of, whole

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
LONGEST_CLOSURE: Final = 400
ONE_DAY: Final = timedelta(days=1)

Span: TypeAlias = tuple[datetime, datetime]


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
    def opening(self) -> time:
        """When the office opens in the morning."""
        return self.periods[0][0]

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
    ) -> None:
        """Without arguments: Monday to Friday, in the usual office hours."""
        known = {} if known is None else known
        hours = OfficeHours() if hours is None else hours
        self._known = known.get if isinstance(known, Mapping) else known
        self._hours = (lambda day: hours) if isinstance(hours, OfficeHours) else hours

    def is_workday(self, day: date) -> bool:
        """Whether the office works on this day."""
        known = self._known(day)
        return day.weekday() < 5 if known is None else known

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open; it is not any more at the very moment it closes."""
        return self.next_office_moment(moment) == moment

    def next_office_moment(self, moment: datetime) -> datetime:
        """The moment itself within office hours, else the next opening."""
        return next(self._office_from(self.local(moment)))[0]

    def opening_of(self, day: date) -> datetime:
        """The start of office hours of a day, worked or not."""
        return datetime.combine(day, self._hours(day).opening, SHANGHAI)

    def closing_of(self, day: date) -> datetime:
        """The end of office hours of a day, worked or not."""
        return datetime.combine(day, self._hours(day).closing, SHANGHAI)

    def workdays_from(self, day: date, step: timedelta = ONE_DAY) -> Iterator[date]:
        """The working days from `day` on, forward or back; ValueError when a year and more has none."""
        closed = 0
        while closed < LONGEST_CLOSURE:
            closed = 0 if self.is_workday(day) else closed + 1
            if not closed:
                yield day
            day += step
        raise ValueError(f"the calendar has no working day near {day}")

    def nth_workday(self, day: date, n: int) -> date:
        """The n-th working day after `day` (n from 1)."""
        whole(n)
        days = self.workdays_from(day + ONE_DAY)
        for _ in range(n - 1):
            next(days)
        return next(days)

    def add_working_days(self, start: datetime, n: int) -> datetime:
        """The closing of the n-th working day after the day of `start`."""
        return self.closing_of(self.nth_workday(self.local(start).date(), n))

    def add_natural_days(self, start: datetime, n: int, roll: bool = True) -> datetime:
        """The closing of the n-th day after the day of `start`; on to a working day with `roll`."""
        return self._end_of(self.local(start).date() + timedelta(days=whole(n)), roll)

    def add_months(self, start: datetime, n: int, roll: bool = True) -> datetime:
        """The closing of the same day n months later (or that month's last); on to a working day with `roll`."""
        return self._end_of(months_after(self.local(start).date(), whole(n)), roll)

    def add_hours(self, start: datetime, hours: Amount) -> datetime:
        """`hours` later, by day and night."""
        return self.local(start) + span_of(hours)

    def add_office_hours(self, start: datetime, hours: Amount) -> datetime:
        """The moment until which the office is open for `hours`, counted from `start`."""
        return self.add_office_time(start, span_of(hours))

    def add_office_time(self, start: datetime, left: timedelta) -> datetime:
        """The moment until which the office is open for `left`, counted from `start`."""
        spells = self._office_from(self.local(start))
        opens, closes = next(spells)
        while closes - opens < left:
            left -= closes - opens
            opens, closes = next(spells)
        return opens + left

    def office_hours_before(self, moment: datetime, hours: Amount) -> datetime:
        """The moment from which the office is open for `hours` until `moment`: when to warn of it."""
        left, spells = span_of(hours), self._office_back_from(self.local(moment))
        opens, closes = next(spells)
        while closes - opens < left:
            left -= closes - opens
            opens, closes = next(spells)
        return closes - left

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
        """The moment in Asia/Shanghai. Raises ValueError for one without a zone."""
        if moment.utcoffset() is None:
            raise ValueError("a moment without a time zone")
        return moment.astimezone(SHANGHAI)

    def _end_of(self, day: date, roll: bool) -> datetime:
        return self.closing_of(next(self.workdays_from(day)) if roll else day)

    def _office_from(self, moment: datetime) -> Iterator[Span]:
        """The open times after `moment`, the first cut to begin there."""
        for day in self.workdays_from(moment.date()):
            for opens, closes in self._open_times(day):
                if closes > moment:
                    yield max(opens, moment), closes

    def _office_back_from(self, moment: datetime) -> Iterator[Span]:
        """The open times before `moment`, latest first, the first cut to end there."""
        for day in self.workdays_from(moment.date(), -ONE_DAY):
            for opens, closes in reversed(self._open_times(day)):
                if opens < moment:
                    yield opens, min(closes, moment)

    def _open_times(self, day: date) -> list[Span]:
        at = datetime.combine
        return [(at(day, opens, SHANGHAI), at(day, closes, SHANGHAI)) for opens, closes in self._hours(day).periods]
