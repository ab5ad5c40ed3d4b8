"""The demo county's cases: the figures of the newspaper, work for every post, made once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import TestCase
from django.utils import timezone

from devkit.demo.cases import make_cases
from devkit.demo.cases.plan import CALM, ZONE, planned, year_before
from devkit.demo.mediations import make_bodies, make_mediations
from devkit.management.commands.load_demo_county import look_at_dates
from grids.models import OrganisationKind
from intake import actions, queries
from intake.actions.outcome import why_not_review
from intake.counting import actions as counting_actions
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Case, Counter, Handling, StatusChange
from intake.tasks import sweep_clocks, sweep_tallies
from mediation.tasks import sweep_obligations
from referrals.tasks import look_for_patterns, run_escalation
from tests.people import make_demo_ground
from workbench.statistics.board import board_of
from workbench.statistics.periods import preset
from workbench.statistics.permissions import place_for
from workbench.todo import todo_of
from zhongzhi.accounts.models import User
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.numbering import parse_case_code


def year() -> Slice:
    today = timezone.localdate()
    return Slice("150526", year_before(today), today)


def rate(*tiers: str) -> str:
    found = counting_queries.counts(year())
    accepted = sum(found.get(("accepted", "tier_accepted", tier), 0) for tier in tiers)
    resolved = sum(found.get(("resolved", "tier", tier), 0) for tier in tiers)
    assert accepted - resolved in (1, 2)
    return f"{100 * resolved / accepted:.1f}"


@pytest.mark.parametrize("day", ["2026-11-24", "2026-12-31", "2027-01-01", "2027-03-01", "2028-02-29", "2026-12-01"])
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_on_whatever_day_it_is_made_as_many_are_concluded_as_accepted(day: str, hour: int) -> None:
    now = datetime.fromisoformat(day).replace(hour=hour, minute=20, tzinfo=ZONE)
    begun = datetime.combine(year_before(now.date()), datetime.min.time(), ZONE)
    for group, number in (("county", 250), ("towns", 320)):
        cases = [case for case in planned(now) if case.group == group]
        assert all(case.accepted <= (case.concluded or now) <= now for case in cases)
        assert sum(case.accepted >= begun for case in cases) == number
        ended = [case for case in cases if case.concluded and case.concluded >= begun]
        assert (len(ended), sum(case.is_resolved for case in ended)) == (number, number - 1)


@pytest.mark.parametrize("day", ["2026-11-24", "2027-02-28", "2028-02-29", "2026-07-01"])
def test_as_the_year_moves_on_for_nine_weeks_it_loses_as_many_resolved_as_accepted(day: str) -> None:
    now = datetime.fromisoformat(day).replace(hour=9, minute=20, tzinfo=ZONE)
    plan = planned(now)
    for later in range(CALM):
        begun = datetime.combine(year_before(now.date() + timedelta(days=later)), datetime.min.time(), ZONE)
        for group, low, high in (("county", 223, 285), ("towns", 286, 399)):
            cases = [case for case in plan if case.group == group]
            accepted = sum(case.accepted >= begun for case in cases)
            resolved = sum(case.is_resolved for case in cases if case.concluded and case.concluded >= begun)
            assert low <= accepted <= high
            assert accepted - resolved == 1


class TestDemoCounty(TestCase):
    """The county is made once for all of these."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_demo_ground()
        make_bodies()
        make_cases()
        make_mediations(look_at_dates)

    def test_the_county_resolves_99_6_and_its_towns_99_7_per_cent(self) -> None:
        assert rate("county", "town", "village") == "99.6"
        assert rate("county") == "99.6"
        assert rate("town", "village") == "99.7"

    def test_the_rate_of_the_cohort_which_leads_shows_the_same(self) -> None:
        leader = User.objects.get(username="lingdao")
        found = board_of(place_for(leader, ""), preset("year", timezone.localdate()))
        shown = [found.values[f"resolution_cohort{of}"].text for of in ("", "_county", "_towns")]
        assert shown == ["99.6", "99.6", "99.7"]
        assert sum(share.count for share in found.cohort) == found.values["accepted"].part

    def test_the_figures_hold_while_the_demo_stands_and_its_sweeps_run(self) -> None:
        made = timezone.now()
        for days in (1, 7, 30, 60):
            with time_machine.travel(made + timedelta(days=days)):
                for sweep in (sweep_clocks, run_escalation, look_for_patterns, sweep_obligations, sweep_tallies):
                    sweep()
                assert (rate("county"), rate("town", "village")) == ("99.6", "99.7"), days
                assert rate("county", "town", "village") == "99.6", days
                leader = User.objects.get(username="lingdao")
                shown = board_of(place_for(leader, ""), preset("year", timezone.localdate())).values
                assert (shown["resolution_county"].text, shown["resolution_towns"].text) == ("99.6", "99.7")
                assert all(row["resolved"] <= row["accepted"] for row in counting_queries.counts_below(year()).values())

    def test_no_town_shows_more_than_all(self) -> None:
        towns = counting_queries.counts_below(year())
        assert len(towns) == 19
        assert all(town["resolved"] <= town["accepted"] for town in towns.values())
        assert sum(town["accepted"] for town in towns.values()) == 570

    def test_what_is_overdue_is_open(self) -> None:
        assert 3 <= deadlines_queries.overdue_cases_of("150526")[0] <= 20

    def test_the_branded_rooms_resolved_102(self) -> None:
        rooms = Case.objects.filter(concluded_by__kind=OrganisationKind.BRANDED_ROOM, closed_at__isnull=False)
        assert rooms.exclude(outcome="unresolved").count() == 102
        assert set(rooms.values_list("concluded_by__short_name", flat=True)) == {"那顺调解室", "张清朝调解室"}

    def test_there_is_an_open_case_in_every_state_and_work_for_every_post(self) -> None:
        states = set(Case.objects.values_list("status", flat=True))
        assert states >= {"registered", "accepted", "dispatched", "handling", "concluded", "closed", "suspended"}
        for username, lists in {
            "fenliu": ["triage", "dispatch", "review"], "sifaju": ["sign", "handle"], "renshe": ["sign", "handle"],
            "juri-fenliu": ["triage", "dispatch"], "juri-sifasuo": ["sign", "handle"],
            "wujiazi": ["triage", "dispatch", "handle"],
            "lubei-fenliu": ["triage", "dispatch"],
        }.items():  # fmt: skip
            waiting = {section.name: section.total for section in todo_of(User.objects.get(username=username))}
            assert all(waiting[name] for name in lists), (username, waiting)

    def test_counts_trail_and_codes_are_in_order(self) -> None:
        assert counting_actions.differences() == []
        assert list(verify(Counts())) == []
        serials: dict[object, list[int]] = {}
        for code in Case.objects.order_by("registered_at", "code").values_list("code", flat=True):
            parsed = parse_case_code(str(code))
            serials.setdefault(parsed.day, []).append(parsed.serial)
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in serials.values())
        assert Counter.objects.get(series=f"case:150526:{max(serials):%Y%m%d}").last == len(serials[max(serials)])

    def test_every_story_is_one_that_the_lifecycle_allows(self) -> None:
        now = timezone.now()
        for case in Case.objects.prefetch_related("status_changes"):
            state, at = State.DRAFT, case.registered_at - timedelta(seconds=1)
            for step in case.status_changes.all():
                assert State(step.from_status) == state
                state = LIFECYCLE.target(state, Event(step.event))
                assert at <= step.at <= now
                at = step.at
            assert state == case.status
            assert case.version == case.status_changes.count() + 1

    def test_what_was_breached_says_so_and_what_runs_is_watched(self) -> None:
        now = timezone.now()
        running = Clock.objects.filter(stopped_at=None, paused_at=None)
        assert running.filter(breached_at__isnull=True, next_at__isnull=True).count() == 0
        assert running.filter(breached_at__isnull=False).count() >= 3
        assert not Clock.objects.filter(breached_at__gt=now)
        for case in Case.objects.filter(in_time=False).prefetch_related("clocks"):
            assert any(clock.kind == "handle" and clock.breached_at for clock in case.clocks.all())
        assert 0.9 < Case.objects.filter(in_time=True).count() / Case.objects.filter(in_time__isnull=False).count() < 1
        assert Handling.objects.filter(closed_at=None).count() > 10

    def test_made_again_on_another_day_nothing_is_added(self) -> None:
        before = (Case.objects.count(), StatusChange.objects.count())
        with time_machine.travel(timezone.now() + timedelta(days=9)):
            assert make_cases() == 0
        assert (Case.objects.count(), StatusChange.objects.count()) == before

    def test_a_case_of_the_demo_can_be_worked_on(self) -> None:
        user = User.objects.get(username="fenliu")
        case = queries.cases_to_triage(user)[0]
        actions.accept_case(case, actor=user)
        case = next(c for c in queries.cases_to_review(user) if why_not_review(c, user) is None)
        actions.close_case(case, actor=user)
        assert counting_actions.differences() == []
