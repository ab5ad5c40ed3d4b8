"""Working time in general: any calendar, any start, any pauses, compared with plain counting."""

from datetime import date, datetime, time, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zhongzhi.core.worktime import SHANGHAI, Unit, WorkCalendar, due

Span = tuple[datetime, datetime]

FIRST = datetime(2025, 9, 22, tzinfo=SHANGHAI)
CLOSING = time(17, 30)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DAY_UNITS = [Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.MONTH]


def flipped(calendar_days: set[int]) -> WorkCalendar:
    """Monday to Friday, with some days the other way round: holidays and make-up days anywhere."""
    days = {FIRST.date() + k * DAY for k in calendar_days}
    return WorkCalendar({day: day.weekday() >= 5 for day in days})


calendars = st.sets(st.integers(0, 60), max_size=20).map(flipped)
moments = st.integers(0, 21 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)
amounts = st.integers(1, 25)
units = st.sampled_from(Unit)


@st.composite
def stands(draw: st.DrawFn) -> list[Span]:
    """Up to four pauses in any order, overlapping or not, from a minute to a fortnight."""
    spans = st.tuples(moments, st.integers(0, 14 * 24 * 60))
    return [(a, a + minutes * MINUTE) for a, minutes in draw(st.lists(spans, max_size=4))]


def standing(moment: datetime, pauses: list[Span]) -> bool:
    return any(a <= moment < b for a, b in pauses)


def closing(day: date) -> datetime:
    return datetime.combine(day, CLOSING, SHANGHAI)


# --- compared with plain counting -----------------------------------------------------------------


def counted_minutes(calendar: WorkCalendar, start: datetime, amount: int, office: bool, pauses: list[Span]) -> datetime:
    """Run the minutes one by one; those in a pause, and for office hours those outside, are not counted."""
    left = amount * 60
    for k in count():
        moment = start + k * MINUTE
        open_now = not office or (
            calendar.is_workday(moment.date())
            and (time(8, 30) <= moment.time() < time(12) or time(14, 30) <= moment.time() < CLOSING)
        )
        left -= open_now and not standing(moment, pauses)
        if not left:
            return moment + MINUTE
    raise AssertionError


def counted_days(calendar: WorkCalendar, start: datetime, amount: int, working: bool, pauses: list[Span]) -> datetime:
    """Walk the closings: those after the start day count unless the clock stands; then on to a day that is open."""
    left, day = amount, start.date()
    if closing(day) >= start and standing(closing(day), pauses) and (calendar.is_workday(day) or not working):
        left += 1
    while left:
        day += DAY
        counts = calendar.is_workday(day) or not working
        left -= counts and not standing(closing(day), pauses)
    while not calendar.is_workday(day) or any(a < closing(day) < b for a, b in pauses):
        day += DAY
    return closing(day)


@given(calendars, moments, st.integers(1, 12), st.sampled_from([Unit.HOUR, Unit.OFFICE_HOUR]), stands())
def test_hours_are_due_when_the_counted_minutes_are_up(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    expected = counted_minutes(calendar, start, amount, unit is Unit.OFFICE_HOUR, pauses)
    assert due(calendar, start, amount, unit, pauses) == expected


@given(calendars, moments, amounts, st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY]), stands())
def test_days_are_due_when_the_counted_closings_are_up(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    assume(all(moment.time() != CLOSING for span in pauses for moment in span))
    expected = counted_days(calendar, start, amount, unit is Unit.WORKING_DAY, pauses)
    assert due(calendar, start, amount, unit, pauses) == expected


# --- laws -----------------------------------------------------------------------------------------


@given(calendars, moments, amounts, st.sampled_from(DAY_UNITS), stands())
def test_a_day_clock_is_due_at_the_closing_of_a_day_that_is_open(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    end = due(calendar, start, amount, unit, pauses)
    assert calendar.is_workday(end.date())
    assert end.time() == CLOSING
    assert end.date() > start.date()


@given(calendars, moments, amounts, units, stands())
def test_more_time_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    ends = [due(calendar, start, amount + more, unit, pauses) for more in range(3)]
    assert all(a <= b for a, b in pairwise(ends))
    if unit not in (Unit.NATURAL_DAY, Unit.MONTH):
        assert all(a < b for a, b in pairwise(ends))


@given(calendars, moments, amounts, units, stands())
def test_a_clock_is_due_after_its_start_and_never_while_it_stands(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    end = due(calendar, start, amount, unit, pauses)
    assert end > start
    assert not any(a < end < b for a, b in pauses)


@given(calendars, moments, amounts, units, stands())
def test_a_pause_never_makes_a_clock_due_earlier(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    assert due(calendar, start, amount, unit, pauses) >= due(calendar, start, amount, unit)


@given(calendars, moments, amounts, units, stands())
def test_order_and_cuts_of_pauses_change_nothing(
    calendar: WorkCalendar, start: datetime, amount: int, unit: Unit, pauses: list[Span]
) -> None:
    cut = [part for a, b in reversed(pauses) for part in ((a + (b - a) / 2, b), (a, a + (b - a) / 2))]
    assert due(calendar, start, amount, unit, cut) == due(calendar, start, amount, unit, pauses)


@given(calendars, moments, st.integers(2, 25), st.integers(1, 10), st.data())
def test_a_pause_of_k_working_days_moves_the_end_by_exactly_k_working_days(
    calendar: WorkCalendar, start: datetime, amount: int, k: int, data: st.DataObject
) -> None:
    without = due(calendar, start, amount, Unit.WORKING_DAY)
    first_stood = calendar.nth_workday(start.date(), data.draw(st.integers(1, amount - 1)))
    stop = datetime.combine(first_stood, time(10), SHANGHAI)
    go = datetime.combine(calendar.nth_workday(first_stood, k), time(10), SHANGHAI)
    end = due(calendar, start, amount, Unit.WORKING_DAY, [(stop, go)])
    assert calendar.working_days_between(without.date(), end.date()) == k


@given(calendars, moments, amounts)
def test_without_pauses_n_working_days_lie_after_the_start_day(
    calendar: WorkCalendar, start: datetime, amount: int
) -> None:
    end = due(calendar, start, amount, Unit.WORKING_DAY)
    assert calendar.working_days_between(start.date(), end.date()) == amount
    assert end == calendar.add_working_days(start, amount)


@given(calendars, moments, amounts)
def test_due_without_pauses_is_the_same_as_adding(calendar: WorkCalendar, start: datetime, amount: int) -> None:
    assert due(calendar, start, amount, Unit.NATURAL_DAY) == calendar.add_natural_days(start, amount)
    assert due(calendar, start, amount, Unit.MONTH) == calendar.add_months(start, amount)
    assert due(calendar, start, amount, Unit.HOUR) == calendar.add_hours(start, amount)
    assert due(calendar, start, amount, Unit.OFFICE_HOUR) == calendar.add_office_hours(start, amount)


@given(calendars, moments, amounts)
def test_office_hours_added_are_the_office_time_between(calendar: WorkCalendar, start: datetime, amount: int) -> None:
    end = calendar.add_office_hours(start, amount)
    assert calendar.office_time_between(start, end) == timedelta(hours=amount)
    before = calendar.office_hours_before(start, amount)
    assert calendar.office_time_between(before, start) == timedelta(hours=amount)


@given(calendars, moments, moments, moments)
def test_office_time_adds_up(calendar: WorkCalendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    between = calendar.office_time_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(c, a) == timedelta() or c == a


@given(calendars, moments)
def test_the_next_office_moment_is_open_and_nothing_open_lies_before_it(
    calendar: WorkCalendar, moment: datetime
) -> None:
    opening = calendar.next_office_moment(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.office_time_between(moment, opening) == timedelta()


@pytest.mark.parametrize("unit", DAY_UNITS)
@given(minutes=st.integers(0, 900 * 24 * 60), amount=st.integers(1, 5))
def test_on_the_announced_calendar_no_limit_ends_on_a_holiday(
    announced: WorkCalendar, unit: Unit, minutes: int, amount: int
) -> None:
    end = due(announced, datetime(2024, 1, 1, tzinfo=SHANGHAI) + minutes * MINUTE, amount, unit)
    assert announced.is_workday(end.date())
