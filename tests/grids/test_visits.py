"""Visits: planned by grid and month, made on the phone, counted by place and never by person."""

import inspect
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from grids import queries
from grids.actions import (
    drop_plan,
    link_finding,
    note_outreach,
    plan_visits,
    record_visit,
    report_hazard,
)
from grids.entries import HazardEntry, VisitEntry
from grids.models import PlannedVisit, Visit
from grids.queries import visits as reads
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, VILLAGE
from tests.people import Ground
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db


def first_of_month() -> date:
    return today().replace(day=1)


def test_a_plan_names_households_once_a_month(ground: Ground) -> None:
    place = ground.places[GRID]
    made = plan_visits(
        place, today(), ["1 组王家", " 1 组王家 ", "", "2 组李家"], actor=ground.grid_worker, reason="care"
    )
    assert [p.household for p in made] == ["1 组王家", "2 组李家"]
    assert (
        plan_visits(place, first_of_month(), ["1 组王家", "3 组"], actor=ground.village_manager)[0].household == "3 组"
    )
    for month, households, error in (
        (first_of_month() - timedelta(days=1), ["甲"], RuleViolation),
        (first_of_month(), [" "], BadInput),
    ):
        with pytest.raises(error):
            plan_visits(place, month, households, actor=ground.grid_worker)
    for actor in (ground.stranger, ground.clerk, ground.leader):
        with pytest.raises(PermissionDenied):
            plan_visits(place, first_of_month(), ["甲"], actor=actor)
    with pytest.raises(RuleViolation):
        plan_visits(place, first_of_month(), ["甲"], actor=ground.grid_worker, reason="x")


def test_a_visit_is_noted_once_by_its_number_and_once_for_its_plan(ground: Ground) -> None:
    plan = plan_visits(ground.places[GRID], today(), ["1 组王家"], actor=ground.grid_worker, reason="care")[0]
    uid = uuid4()
    entry = VisitEntry(GRID, "", plan=plan.pk, note="一切都好", uid=uid)
    visit = record_visit(entry, actor=ground.grid_worker)
    assert (visit.household, visit.reason, visit.visited_on) == ("1 组王家", "care", today())
    assert record_visit(entry, actor=ground.grid_worker) == visit
    assert record_visit(VisitEntry(GRID, "", plan=plan.pk), actor=ground.village_manager) == visit
    with pytest.raises(InvalidTransition):
        drop_plan(plan, actor=ground.grid_worker)


def test_a_visit_without_a_plan_and_its_refusals(ground: Ground) -> None:
    record_visit(VisitEntry(GRID, "村口小卖部"), actor=ground.grid_worker)
    assert Visit.objects.get().note == "", "a note is no duty"
    with pytest.raises(RuleViolation):
        record_visit(VisitEntry(GRID, " "), actor=ground.grid_worker)
    with pytest.raises(RuleViolation):
        record_visit(VisitEntry(GRID, "甲", visited_on=today() + timedelta(days=1)), actor=ground.grid_worker)
    with pytest.raises(PermissionDenied):
        record_visit(VisitEntry(OTHER_GRID, "甲"), actor=ground.grid_worker)
    with pytest.raises(NotFound):
        record_visit(VisitEntry(GRID, "甲", plan=999), actor=ground.grid_worker)


def test_what_was_found_on_a_visit_is_linked_to_it(ground: Ground) -> None:
    visit = record_visit(VisitEntry(GRID, "1 组王家"), actor=ground.grid_worker)
    hazard = report_hazard(HazardEntry("烟道堵塞", GRID, kind="safety"), actor=ground.grid_worker)
    assert link_finding(visit, hazard, actor=ground.grid_worker).hazard == hazard
    with pytest.raises(PermissionDenied):
        link_finding(visit, hazard, actor=ground.village_manager)


def test_a_dropped_plan_is_gone_and_may_be_planned_again(ground: Ground) -> None:
    plan = plan_visits(ground.places[GRID], today(), ["1 组王家"], actor=ground.grid_worker)[0]
    drop_plan(plan, actor=ground.grid_worker)
    assert list(queries.plans_visible_to(ground.grid_worker)) == []
    plan_visits(ground.places[GRID], today(), ["1 组王家"], actor=ground.grid_worker)
    assert PlannedVisit.objects.count() == 2
    with pytest.raises(NotFound):
        queries.plan_visible_to(ground.grid_worker, plan.pk)


def test_outreach_counts_the_people_it_reached(ground: Ground) -> None:
    values = {"kind": "anti_fraud", "topic": "防电信诈骗", "held_on": today(), "reached": 42}
    note_outreach(ground.places[VILLAGE], **values, actor=ground.village_manager)
    wrong = ({"kind": "x"}, {"topic": " "}, {"held_on": today() + timedelta(days=1)}, {"reached": 0})
    for change in wrong:
        with pytest.raises((RuleViolation, BadInput)):
            note_outreach(ground.places[VILLAGE], **(values | change), actor=ground.village_manager)
    with pytest.raises(PermissionDenied):
        note_outreach(ground.places[VILLAGE], **values, actor=ground.stranger)
    assert queries.outreach_visible_to(ground.grid_worker).count() == 1


def test_coverage_is_counted_by_place(ground: Ground) -> None:
    place = ground.places[GRID]
    plans = plan_visits(place, today(), ["甲", "乙", "丙"], actor=ground.grid_worker)
    record_visit(VisitEntry(GRID, "", plan=plans[0].pk), actor=ground.grid_worker)
    record_visit(VisitEntry(GRID, "丁"), actor=ground.grid_worker)
    note_outreach(
        ground.places[VILLAGE], kind="law", topic="法", held_on=today(), reached=30, actor=ground.village_manager
    )
    towns = {c.code: c for c in queries.coverage_of(ground.manager, first_of_month())}
    juri = towns["150526103"]
    assert (juri.grids, juri.grids_visited, juri.planned, juri.made, juri.visits, juri.reached) == (2, 1, 3, 1, 2, 30)
    assert towns["150526100"].visits == 0
    villages = queries.coverage_of(ground.manager, first_of_month(), below="150526103")
    assert [c.code for c in villages] == ["150526103200", "150526103201"]
    assert [(c.code, c.visits) for c in queries.coverage_of(ground.grid_worker, first_of_month())] == [(GRID, 2)]
    assert queries.coverage_of(ground.stranger, first_of_month(), below="150526103") == []


def test_no_figure_is_kept_of_a_person() -> None:
    assert "visited_by" not in inspect.getsource(reads.coverage_of) + inspect.getsource(reads._counted)


@pytest.mark.parametrize(
    ("month", "after"), [(date(2026, 12, 1), date(2027, 1, 1)), (date(2026, 1, 1), date(2026, 2, 1))]
)
def test_months_follow_each_other(month: date, after: date) -> None:
    assert reads._following(month) == after


def test_a_plan_for_next_year_is_made_in_december(ground: Ground) -> None:
    with time_machine.travel(timezone.make_aware(timezone.datetime(2026, 12, 31, 12))):
        plans = plan_visits(ground.places[GRID], date(2027, 1, 15), ["甲"], actor=ground.grid_worker)
    assert plans[0].month == date(2027, 1, 1)
