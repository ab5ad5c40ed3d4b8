"""Working days and office hours by example: real holidays, lunch, nights, weekends, the turn of the year."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from zhongzhi.core.worktime import SHANGHAI, OfficeHours, Unit, WorkCalendar, due

PLAIN = WorkCalendar()


def at(text: str) -> datetime:
    """A moment in Shanghai, written `2026-11-24 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# --- working days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-11-24 10:00", 1, "2026-11-25 17:30"),
        ("2026-11-24 00:00", 1, "2026-11-25 17:30"),
        ("2026-11-24 23:59", 1, "2026-11-25 17:30"),
        ("2026-11-27 10:00", 1, "2026-11-30 17:30"),
        ("2026-11-28 10:00", 1, "2026-11-30 17:30"),
        ("2026-11-29 20:00", 2, "2026-12-01 17:30"),
        ("2026-11-24 10:00", 7, "2026-12-03 17:30"),
    ],
)
def test_the_start_day_is_not_counted_whatever_hour_or_day_it_was(start: str, n: int, expected: str) -> None:
    assert PLAIN.add_working_days(at(start), n) == at(expected)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2025-09-26 10:00", 1, "2025-09-28 17:30"),  # a Sunday that is worked
        ("2025-09-30 10:00", 1, "2025-10-09 17:30"),  # eight days of National Day and Mid-Autumn
        ("2025-10-10 10:00", 1, "2025-10-11 17:30"),  # a Saturday that is worked
        ("2026-02-13 10:00", 1, "2026-02-14 17:30"),  # a Saturday that is worked
        ("2026-02-14 10:00", 1, "2026-02-24 17:30"),  # nine days of Spring Festival
        ("2025-12-31 10:00", 1, "2026-01-04 17:30"),  # over the turn of the year, to a Sunday that is worked
    ],
)
def test_holidays_are_passed_over_and_make_up_days_count(
    announced: WorkCalendar, start: str, n: int, expected: str
) -> None:
    assert announced.add_working_days(at(start), n) == at(expected)


def test_days_beyond_what_is_announced_are_monday_to_friday(announced: WorkCalendar) -> None:
    assert announced.add_working_days(at("2026-12-31 10:00"), 1) == at("2027-01-01 17:30")


def test_the_calendar_may_be_a_function() -> None:
    calendar = WorkCalendar(lambda day: False if day.month == 5 else None)
    assert calendar.add_working_days(at("2026-04-30 10:00"), 1) == at("2026-06-01 17:30")


def test_working_days_between_counts_after_the_first_up_to_and_with_the_last(announced: WorkCalendar) -> None:
    assert announced.working_days_between(date(2025, 9, 30), date(2025, 10, 11)) == 3
    assert announced.working_days_between(date(2025, 10, 11), date(2025, 9, 30)) == -3
    assert announced.working_days_between(date(2025, 9, 30), date(2025, 9, 30)) == 0


def test_a_calendar_without_working_days_is_refused_not_searched_for_ever() -> None:
    with pytest.raises(ValueError, match="no working day"):
        WorkCalendar(lambda day: False).add_working_days(at("2026-01-01 10:00"), 1)


def test_sixty_working_days_look_at_each_day_once(announced: WorkCalendar) -> None:
    looked: list[date] = []

    def ask(day: date) -> bool:
        looked.append(day)
        return announced.is_workday(day)

    end = WorkCalendar(ask).add_working_days(at("2026-01-05 10:00"), 60)
    assert len(looked) == len(set(looked)) == (end.date() - date(2026, 1, 5)).days


# --- natural days and months ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2025-09-24 10:00", 7, "2025-10-09 17:30"),  # falls on National Day
        ("2025-09-26 10:00", 2, "2025-09-28 17:30"),  # a Sunday that is worked needs no rolling
        ("2026-02-08 10:00", 7, "2026-02-24 17:30"),  # falls on the first day of Spring Festival
        ("2026-11-02 10:00", 20, "2026-11-23 17:30"),  # falls on a Sunday
        ("2026-11-24 10:00", 1, "2026-11-25 17:30"),
    ],
)
def test_a_last_natural_day_at_rest_moves_to_the_next_working_day(
    announced: WorkCalendar, start: str, n: int, expected: str
) -> None:
    assert announced.add_natural_days(at(start), n) == at(expected)


def test_without_rolling_a_natural_day_stays_where_it_falls(announced: WorkCalendar) -> None:
    assert announced.add_natural_days(at("2025-09-24 10:00"), 7, roll=False) == at("2025-10-01 17:30")
    assert announced.add_months(at("2025-09-01 10:00"), 1, roll=False) == at("2025-10-01 17:30")


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (
            "2026-01-31 10:00",
            1,
            "2026-02-28 17:30",
        ),  # no such day: the month's last, a Saturday that is worked
        ("2024-01-31 10:00", 1, "2024-02-29 17:30"),
        ("2025-11-14 10:00", 2, "2026-01-14 17:30"),
        ("2025-12-31 10:00", 12, "2026-12-31 17:30"),
        ("2025-09-03 10:00", 1, "2025-10-09 17:30"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_and_rolls(
    announced: WorkCalendar, start: str, n: int, expected: str
) -> None:
    assert announced.add_months(at(start), n) == at(expected)


# --- hours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-24 09:00", 2, "2026-11-24 11:00"),
        ("2026-11-24 11:00", 1, "2026-11-24 12:00"),  # ends with the morning, not after lunch
        ("2026-11-24 11:00", 2, "2026-11-24 15:30"),  # over lunch
        ("2026-11-24 13:00", 1, "2026-11-24 15:30"),  # started at lunch
        ("2026-11-24 17:00", 1, "2026-11-25 09:00"),  # over the night
        ("2026-11-24 20:00", 1, "2026-11-25 09:30"),  # started at night
        ("2026-11-27 17:00", 1, "2026-11-30 09:00"),  # over the weekend
        ("2026-11-28 10:00", Decimal("6.5"), "2026-11-30 17:30"),  # a whole day, started on a Saturday
        ("2026-11-24 08:30", 13, "2026-11-25 17:30"),
        ("2026-11-24 09:00", 0.25, "2026-11-24 09:15"),
    ],
)
def test_office_hours_pass_over_lunch_nights_and_weekends(start: str, hours: Decimal | float, expected: str) -> None:
    assert PLAIN.add_office_hours(at(start), hours) == at(expected)
    assert PLAIN.office_time_between(at(start), at(expected)) == timedelta(hours=float(hours))


def test_office_hours_pass_over_a_long_holiday(announced: WorkCalendar) -> None:
    assert announced.add_office_hours(at("2026-02-14 17:00"), 1) == at("2026-02-24 09:00")


def test_plain_hours_run_by_day_and_night() -> None:
    assert PLAIN.add_hours(at("2026-11-27 17:00"), 72) == at("2026-11-30 17:00")
    assert due(PLAIN, at("2026-11-27 17:00"), 72, Unit.HOUR) == at("2026-11-30 17:00")


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-11-24 17:30", 4, "2026-11-24 11:00"),
        ("2026-11-24 09:00", 1, "2026-11-23 17:00"),
        ("2026-11-30 08:30", 2, "2026-11-27 15:30"),
        ("2026-11-29 12:00", 3, "2026-11-27 14:30"),
    ],
)
def test_a_warning_comes_so_many_office_hours_before(moment: str, hours: int, expected: str) -> None:
    assert PLAIN.office_hours_before(at(moment), hours) == at(expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24 08:29:59", "2026-11-24 08:30"),
        ("2026-11-24 08:30", "2026-11-24 08:30"),
        ("2026-11-24 11:59:59", "2026-11-24 11:59:59"),
        ("2026-11-24 12:00", "2026-11-24 14:30"),
        ("2026-11-24 17:30", "2026-11-25 08:30"),
        ("2026-11-28 10:00", "2026-11-30 08:30"),
    ],
)
def test_the_next_office_moment_is_now_or_the_next_opening(moment: str, expected: str) -> None:
    assert PLAIN.next_office_moment(at(moment)) == at(expected)
    assert PLAIN.is_open(at(moment)) is (moment == expected)


def test_units_are_kept_in_the_tables_under_these_names() -> None:
    assert {str(unit) for unit in Unit} == {"office_hour", "hour", "natural_day", "working_day", "month"}


def test_the_office_opens_with_its_first_period_and_closes_with_its_last() -> None:
    assert (OfficeHours().opening, OfficeHours().closing) == (time(8, 30), time(17, 30))


def test_office_hours_may_change_from_a_day_on() -> None:
    summer = OfficeHours(((time(8), time(12)), (time(15), time(18))))
    calendar = WorkCalendar(hours=lambda day: summer if day >= date(2026, 6, 1) else OfficeHours())
    assert calendar.add_working_days(at("2026-05-28 10:00"), 1) == at("2026-05-29 17:30")
    assert calendar.add_working_days(at("2026-05-29 10:00"), 1) == at("2026-06-01 18:00")
    assert calendar.add_office_hours(at("2026-05-29 17:00"), 1) == at("2026-06-01 08:30")


@pytest.mark.parametrize(
    "periods",
    [
        (),
        ((time(9), time(9)),),
        ((time(12), time(9)),),
        ((time(14), time(17)), (time(9), time(12))),
        ((time(9), time(12)), (time(12), time(17))),
    ],
)
def test_office_hours_out_of_order_are_refused(periods: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="periods"):
        OfficeHours(periods)


# --- pauses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "amount", "pause", "expected"),
    [
        (Unit.WORKING_DAY, 3, ("11-24 09:00", "11-26 09:00"), "11-30 17:30"),  # two closings
        (Unit.WORKING_DAY, 3, ("11-24 09:00", "11-24 17:00"), "11-26 17:30"),  # no closing
        (Unit.WORKING_DAY, 3, ("11-24 20:00", "11-25 08:00"), "11-26 17:30"),  # a night: no closing
        (Unit.WORKING_DAY, 3, ("11-23 11:00", "11-24 11:00"), "11-27 17:30"),  # begun on the start day
        (Unit.WORKING_DAY, 7, ("11-27 10:00", "11-30 10:00"), "12-03 17:30"),  # over a weekend: the Friday
        (Unit.NATURAL_DAY, 7, ("11-27 10:00", "11-30 10:00"), "12-03 17:30"),  # over a weekend: three days
        (Unit.MONTH, 1, ("11-27 10:00", "11-30 10:00"), "12-28 17:30"),  # 23 + 3 December is a Saturday
        (Unit.HOUR, 24, ("11-23 20:00", "11-25 20:00"), "11-26 10:00"),
        (Unit.OFFICE_HOUR, 4, ("11-23 11:00", "11-24 11:00"), "11-24 16:30"),
        (Unit.OFFICE_HOUR, 4, ("11-23 12:00", "11-23 14:30"), "11-23 16:30"),  # at lunch: nothing
        (Unit.WORKING_DAY, 1, ("11-25 10:00", "11-27 10:00"), "11-24 17:30"),  # after it was due
        (Unit.WORKING_DAY, 1, ("11-24 17:30", "11-27 10:00"), "11-24 17:30"),  # just as it was due
        (Unit.HOUR, 4, ("11-23 14:00", "11-23 16:00"), "11-23 14:00"),  # just as it was due
        (Unit.OFFICE_HOUR, 2, ("11-23 12:00", "11-23 16:00"), "11-23 12:00"),  # just as it was due
        (Unit.WORKING_DAY, 2, ("11-24 17:30", "11-25 10:00"), "11-26 17:30"),  # from a closing on
        (Unit.WORKING_DAY, 2, ("11-24 10:00", "11-24 17:30"), "11-25 17:30"),  # up to a closing
        (Unit.WORKING_DAY, 1, ("11-16 10:00", "11-20 10:00"), "11-24 17:30"),  # before it began
        (Unit.HOUR, 4, ("11-22 10:00", "11-23 11:00"), "11-23 15:00"),  # begun before it
    ],
)
def test_a_clock_is_due_later_by_the_time_it_stood_in_its_own_unit(
    unit: Unit, amount: int, pause: tuple[str, str], expected: str
) -> None:
    stood = [(at(f"2026-{pause[0]}"), at(f"2026-{pause[1]}"))]
    assert due(PLAIN, at("2026-11-23 10:00"), amount, unit, stood) == at(f"2026-{expected}")


def test_a_pause_over_the_rolled_days_moves_the_end_past_the_pause() -> None:
    start, pause = at("2026-11-24 10:00"), (at("2026-11-29 10:00"), at("2026-12-01 10:00"))
    assert due(PLAIN, start, 4, Unit.NATURAL_DAY) == at("2026-11-30 17:30")
    assert due(PLAIN, start, 4, Unit.NATURAL_DAY, [pause]) == at("2026-12-01 17:30")


# --- what is refused ------------------------------------------------------------------------------


def test_moments_without_a_zone_are_refused_everywhere() -> None:
    naive = at("2026-11-24 10:00").replace(tzinfo=None)
    days = (PLAIN.add_working_days, PLAIN.add_natural_days, PLAIN.add_months)
    hours = (PLAIN.add_hours, PLAIN.add_office_hours, PLAIN.office_hours_before)
    for add in (*days, *hours):
        with pytest.raises(ValueError, match="time zone"):
            add(naive, 1)
    for ask in (PLAIN.is_open, PLAIN.next_office_moment):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)
    with pytest.raises(ValueError, match="time zone"):
        PLAIN.office_time_between(at("2026-11-24 10:00"), naive)
    with pytest.raises(ValueError, match="time zone"):
        due(PLAIN, at("2026-11-24 10:00"), 1, Unit.HOUR, [(at("2026-11-24 11:00"), naive)])


def test_moments_of_other_zones_are_read_in_shanghai() -> None:
    late_utc = datetime(2026, 11, 24, 17, tzinfo=UTC)  # one in the morning of the 25th in Shanghai
    assert PLAIN.add_working_days(late_utc, 1) == at("2026-11-26 17:30")


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("amount", [0, -1])
def test_a_limit_that_is_not_positive_is_refused(unit: Unit, amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        due(PLAIN, at("2026-11-24 10:00"), amount, unit)


@pytest.mark.parametrize("unit", [Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.MONTH])
def test_half_days_and_months_are_refused(unit: Unit) -> None:
    with pytest.raises(ValueError, match="whole"):
        due(PLAIN, at("2026-11-24 10:00"), Decimal("1.5"), unit)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="pause"):
        due(PLAIN, at("2026-11-24 10:00"), 1, Unit.HOUR, [(at("2026-11-24 12:00"), at("2026-11-24 11:00"))])


def test_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        PLAIN.add_office_hours(at("2026-11-24 10:00"), -1)
