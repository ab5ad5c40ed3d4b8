"""Counts of the cases: kept by the database, never behind, equal to a plain recount, opened as lists."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from intake import actions
from intake.counting import actions as counting_actions
from intake.counting import queries as counting_queries
from intake.counting.declarations import midnight
from intake.counting.models import Tally, TallyDelta
from intake.counting.queries import AXES, Slice, all_measures
from intake.counting.queries.measures import CASE_MEASURES
from intake.lifecycle import State
from intake.models import Case
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
COUNTY = "150526"


def today(place: str = COUNTY) -> Slice:
    day = timezone.localdate()
    return Slice(place, day, day)


def total(measure: str, of: Slice | None = None) -> int:
    return counting_queries.counts(of or today()).get((measure, "", ""), 0)


def one_in_each_state(ground: Ground) -> None:
    for state in State:
        ways.in_state(ground, state)


def test_every_act_moves_the_counts_at_once(ground: Ground) -> None:
    case = ways.registered(ground)
    assert (total("registered"), total("accepted"), total("open")) == (1, 0, 1)
    actions.accept_case(case, actor=ground.dispatcher)
    assert (total("accepted"), total("open")) == (1, 1)
    actions.take_up_case(case, actor=ground.dispatcher)
    actions.report_outcome(case, ways.REPORT, actor=ground.dispatcher)
    assert (total("concluded"), total("resolved"), total("in_time"), total("closed")) == (1, 1, 1, 0)
    actions.close_case(case, actor=ground.manager)
    assert (total("closed"), total("open")) == (1, 0)
    actions.reopen_case(case, actor=ground.dispatcher, reason="协议未履行")
    assert (total("concluded"), total("resolved"), total("closed"), total("open")) == (0, 0, 0, 1)


def test_the_counts_are_what_one_counts_by_hand(ground: Ground) -> None:
    """Written down independently of the table of measures."""
    one_in_each_state(ground)
    cases = list(Case.objects.all())
    ended = [c for c in cases if c.status in ("concluded", "closed", "archived")]
    by_hand = {
        "registered": len([c for c in cases if c.status != "draft"]),
        "accepted": len([c for c in cases if c.accepted_at and c.status != "merged"]),
        "concluded": len(ended),
        "resolved": len([c for c in ended if c.outcome != "unresolved"]),
        "unresolved": 0,
        "in_time": len([c for c in ended if c.in_time]),
        "closed": len([c for c in cases if c.status in ("closed", "archived")]),
        "open": len(
            [c for c in cases if c.status not in ("draft", "closed", "archived", "guided", "merged", "withdrawn")]
        ),
    }
    heard = [c.follow_ups.filter(reached=True).last() for c in cases]
    by_hand["rated"] = len([f for f in heard if f])
    by_hand["satisfied"] = len([f for f in heard if f and f.satisfaction >= 4])
    by_hand["repeated"] = 0
    assert {measure.name: total(measure.name) for measure in CASE_MEASURES if measure.name in by_hand} == by_hand
    beside = {measure.name for measure in CASE_MEASURES} - by_hand.keys()
    assert all(name.startswith("cohort_") for name in beside), "the cohort has tests of its own"
    states = Counter(c.status for c in cases)
    found = counting_queries.counts(today())
    assert {k: n for (m, a, k), n in found.items() if (m, a) == ("open", "status")} == {
        state: states[state] for state in ("registered", "accepted", "dispatched", "handling", "concluded", "suspended")
    }


@pytest.mark.parametrize("fold", [lambda: 0, counting_actions.fold_tallies], ids=["not folded", "folded"])
@pytest.mark.parametrize("place", ["", "15", COUNTY, "150526103", "150526100"])
def test_roll_ups_are_the_recount(place: str, fold: Callable[[], int], ground: Ground) -> None:
    one_in_each_state(ground)
    ways.closed(ground, territory="150526100001", category="0102", channel="04")
    fold()
    assert counting_queries.counts(today(place)) == counting_queries.recount(today(place))
    assert counting_queries.counts(today()) != {}


def test_folding_takes_each_change_once_and_again_does_nothing(ground: Ground) -> None:
    one_in_each_state(ground)
    before = counting_queries.counts(today())
    assert counting_actions.fold_tallies(limit=7) == 7
    assert counting_queries.counts(today()) == before
    while counting_actions.fold_tallies():
        pass
    assert counting_queries.counts(today()) == before
    assert not TallyDelta.objects.exists()
    assert counting_actions.differences() == []


def test_places_below_add_up_to_the_place(ground: Ground) -> None:
    ways.closed(ground)
    ways.closed(ground, territory="150526100001")
    ways.registered(ground, territory="150526103201001")
    counting_actions.fold_tallies()
    for place in (COUNTY, "150526103", "150526103200"):
        below = counting_queries.counts_below(today(place))
        whole = {m: n for (m, axis, _), n in counting_queries.counts(today(place)).items() if not axis}
        assert sum((Counter(counts) for counts in below.values()), Counter()) == Counter(whole), place
    assert set(counting_queries.counts_below(today())) == {"150526100", "150526103"}


def test_a_period_counts_both_its_days_and_whole_months_by_month(ground: Ground) -> None:
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 15), date(2026, 4, 30), date(2026, 5, 1)]
    for case, day in zip(ways.copies(ways.registered(ground), 5), days, strict=True):
        Case.objects.filter(pk=case.pk).update(
            status=State.ACCEPTED, accepted_at=midnight(day) + timedelta(hours=23, minutes=59)
        )
    counting_actions.fold_tallies()
    for start in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2), date(2026, 3, 15)):
        for end in (date(2026, 3, 15), date(2026, 4, 29), date(2026, 4, 30), date(2026, 5, 1)):
            expected = len([day for day in days if start <= day <= end])
            assert total("accepted", Slice(COUNTY, start, end)) == expected, (start, end)
    months = counting_queries.counts_by_month(Slice(COUNTY, date(2026, 2, 5), date(2026, 4, 5)))
    assert {month: counts["accepted"] for month, counts in months.items()} == {
        date(2026, 2, 1): 1, date(2026, 3, 1): 1, date(2026, 4, 1): 1
    }  # fmt: skip


def test_a_figure_and_its_list_are_the_same_cases(ground: Ground) -> None:
    one_in_each_state(ground)
    ways.closed(ground, territory="150526100001", category="0102")
    found = counting_queries.counts(today())
    for (measure, axis, key), n in found.items():
        if axis in ("days", "hours") or measure not in {m.name for m in CASE_MEASURES}:
            continue
        keys = (key,) if axis else ()
        rows = counting_queries.cases_counted(ground.leader, all_measures()[measure], today(), axis=axis, keys=keys)
        assert rows.count() == n, (measure, axis, key)


def test_a_merged_case_counts_once_as_accepted(ground: Ground) -> None:
    ways.accepted(ground)
    other = ways.accepted(ground)
    Case.objects.filter(pk=other.pk).update(
        status=State.MERGED, status_before=State.ACCEPTED, merged_into=ways.registered(ground)
    )
    assert total("accepted") == 1


def test_a_case_concluded_after_its_limit_is_not_in_time(ground: Ground) -> None:
    case = ways.handling(ground)
    case.clocks.filter(kind="handle").update(due_at=timezone.now(), started_at=timezone.now() - timedelta(days=2))
    actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    case.refresh_from_db()
    assert (case.in_time, case.concluded_by) == (False, ground.justice_bureau)
    assert (total("concluded"), total("in_time")) == (1, 0)


def test_bulk_changes_beside_the_acts_are_counted_too(ground: Ground) -> None:
    ways.copies(ways.registered(ground), 30)
    Case.objects.filter(code__contains="1000").update(territory=ground.places["150526100001"])
    assert counting_actions.differences() == []
    assert total("registered", today("150526100")) == Case.objects.filter(territory__code="150526100001").count() > 0


def test_the_check_finds_what_is_wrong_and_a_rebuild_mends_it(ground: Ground, capsys: Any) -> None:
    one_in_each_state(ground)
    counting_actions.fold_tallies()
    call_command("check_figures")
    Tally.objects.filter(place=COUNTY, axis="", measure="accepted").update(n=99)
    with pytest.raises(CommandError):
        call_command("check_figures")
    assert "汇总 99" in capsys.readouterr().err
    call_command("rebuild_figures")
    call_command("check_figures")
    assert "一致" in capsys.readouterr().out


def test_the_check_finds_a_recount_that_goes_wrong(ground: Ground, capsys: Any, monkeypatch: Any) -> None:
    one_in_each_state(ground)
    right = counting_queries.recount
    monkeypatch.setattr(
        "intake.counting.queries.tallies.recount", lambda of: right(of) | {("accepted", "tier", "x"): 1}
    )
    with pytest.raises(CommandError):
        call_command("check_figures")
    assert f"{COUNTY} accepted tier=x: 读出 0，清点 1" in capsys.readouterr().err


def test_counting_is_set_up_once_for_the_same_definitions(ground: Ground) -> None:
    assert counting_actions.count_changes() is False
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON FUNCTION intake_count_insert() IS 'another version'")
    ways.registered(ground)
    assert counting_actions.count_changes() is True
    assert counting_actions.differences() == []


def test_every_measure_and_axis_says_what_it_is() -> None:
    assert all(measure.definition and measure.label for measure in all_measures().values())
    assert {axis for measure in all_measures().values() for axis in measure.axes} == set(AXES)
