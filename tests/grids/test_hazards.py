"""What is found in the field: reported once, called to, watched, solved, or handed on as a case."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from grids import queries
from grids.actions import add_file, arrive, reopen_hazard, report_hazard, solve_hazard, watch_hazard
from grids.actions.hazard_cases import give_back
from grids.entries import HazardEntry
from grids.lifecycle import HAZARD_LIFECYCLE, HazardEvent, HazardState
from grids.models import Arrival, Hazard
from intake.actions import register_from_hazard
from intake.queries import case_visible_to, cases_visible_to
from tests.files.samples import picture
from tests.grids.field import GRID, OTHER_GRID, VILLAGE, a_worker, an_officer
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def an_entry(**changes: Any) -> HazardEntry:
    values = {
        "narrative": "羊群进了玉米地，双方争吵。",
        "place": GRID,
        "reporter_name": "小张",
        "other_side": "羊主老李",
    }
    return HazardEntry(**(values | changes))


def found(ground: Ground, **changes: Any) -> Hazard:
    return report_hazard(an_entry(**changes), actor=ground.grid_worker)


def test_a_report_sent_twice_is_one_report_however_late_the_second_comes(ground: Ground) -> None:
    uid = uuid4()
    first = found(ground, uid=uid)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert found(ground, uid=uid, narrative="又发了一次") == first
    assert Hazard.objects.get().narrative == "羊群进了玉米地，双方争吵。"
    with pytest.raises(PermissionDenied):
        report_hazard(an_entry(uid=uid), actor=ground.village_manager)


def test_every_fault_of_a_report_is_told_at_its_field(ground: Ground) -> None:
    entry = an_entry(narrative=" ", place="150526", kind="x", level="x", source="x", reporter_phone="12")
    with pytest.raises(RuleViolation) as caught:
        report_hazard(entry, actor=ground.grid_worker)
    assert set(caught.value.errors) == {"narrative", "place", "kind", "level", "source", "reporter_phone"}
    for place in ("", "150526103999001"):
        with pytest.raises(RuleViolation):
            found(ground, place=place)


def test_one_reports_from_where_one_works(ground: Ground) -> None:
    for actor in (ground.village_manager, ground.town_clerk, ground.dispatcher, an_officer(ground)):
        report_hazard(an_entry(), actor=actor)
    for actor in (ground.stranger, ground.handler, ground.leader):
        with pytest.raises(PermissionDenied):
            report_hazard(an_entry(), actor=actor)
    with pytest.raises(PermissionDenied):
        found(ground, place=OTHER_GRID)


def test_the_phone_of_who_told_it_is_sealed_and_a_clock_that_is_ahead_means_now(ground: Ground) -> None:
    hazard = found(ground, reporter_phone="13847500003", found_at=timezone.now() + timedelta(days=1))
    assert b"13847500003" not in bytes(hazard.reporter_phone_sealed)
    assert Hazard.objects.get().reporter_phone == "13847500003"
    assert hazard.found_at <= timezone.now()


def test_an_urgent_report_is_told_at_once_to_officer_and_cadres_of_that_grid(ground: Ground) -> None:
    officer, far = an_officer(ground), an_officer(ground, OTHER_GRID)
    found(ground)
    assert not OutboxMessage.objects.exists()
    hazard = found(ground, is_urgent=True)
    told = {m.payload["user"] for m in OutboxMessage.objects.all()}
    assert told == {officer.pk, ground.village_manager.pk}
    assert list(queries.calls_waiting_for(officer)) == [hazard]
    assert list(queries.calls_waiting_for(far)) == []


def test_on_the_spot_measures_the_time_of_the_first_who_came(ground: Ground) -> None:
    officer = an_officer(ground)
    hazard = found(ground, is_urgent=True)
    with time_machine.travel(hazard.reported_at + timedelta(minutes=11, seconds=30), tick=False):
        arrive(hazard, actor=officer)
    with time_machine.travel(hazard.reported_at + timedelta(minutes=20), tick=False):
        arrive(hazard, actor=ground.village_manager)
        assert arrive(hazard, actor=officer).minutes_to_spot == 11
    assert Arrival.objects.count() == 2
    assert list(queries.calls_waiting_for(officer)) == []
    assert OutboxMessage.objects.filter(payload__user=ground.grid_worker.pk).count() == 1
    times = queries.response_times(ground.manager, since=hazard.reported_at)
    assert times == {"reports": 1, "reached": 1, "median": 11, "within_15": 1}
    assert {f.name for f in Arrival._meta.get_fields()} == {"id", "hazard", "user", "at"}, "no position is kept"
    with pytest.raises(PermissionDenied):
        arrive(hazard, actor=ground.stranger)
    solve_hazard(hazard, actor=officer, result="当场赔付")
    with pytest.raises(InvalidTransition):
        arrive(hazard, actor=ground.town_manager)


def test_the_table_of_moves_is_the_whole_truth(ground: Ground) -> None:
    acts = {
        HazardEvent.WATCH: lambda h: watch_hazard(h, actor=ground.grid_worker),
        HazardEvent.SOLVE: lambda h: solve_hazard(h, actor=ground.grid_worker, result="和好"),
        HazardEvent.REOPEN: lambda h: reopen_hazard(h, actor=ground.grid_worker, reason="又吵"),
        HazardEvent.HAND_ON: lambda h: register_from_hazard(h, actor=ground.grid_worker),
        HazardEvent.GIVE_BACK: lambda h: give_back(h, actor=ground.grid_worker, reason="案件撤回"),
    }
    for state, event in HAZARD_LIFECYCLE.pairs():
        hazard = _in(ground, state)
        if HAZARD_LIFECYCLE.allows(state, event):
            acts[event](hazard)
            hazard.refresh_from_db()
            assert hazard.status == HAZARD_LIFECYCLE.target(state, event)
            assert hazard.steps.last().event == event
        else:
            with pytest.raises(InvalidTransition):
                acts[event](hazard)
            hazard.refresh_from_db()
            assert hazard.status == state


def _in(ground: Ground, state: HazardState) -> Hazard:
    hazard = found(ground)
    if state == HazardState.WATCHED:
        watch_hazard(hazard, actor=ground.grid_worker)
    if state == HazardState.SOLVED:
        solve_hazard(hazard, actor=ground.grid_worker, result="和好")
    if state == HazardState.HANDED_ON:
        register_from_hazard(hazard, actor=ground.grid_worker)
    return Hazard.objects.get(pk=hazard.pk)


def test_acts_need_their_words_and_their_place(ground: Ground) -> None:
    hazard = found(ground)
    with pytest.raises(BadInput):
        solve_hazard(hazard, actor=ground.grid_worker, result=" ")
    with pytest.raises(RuleViolation):
        watch_hazard(hazard, actor=ground.grid_worker, until=timezone.localdate() - timedelta(days=1))
    for act in (watch_hazard, arrive):
        with pytest.raises(PermissionDenied):
            act(hazard, actor=ground.stranger)
    with pytest.raises(PermissionDenied):
        solve_hazard(hazard, actor=ground.stranger, result="好了")
    with pytest.raises(PermissionDenied):
        register_from_hazard(hazard, actor=ground.stranger)
    solve_hazard(hazard, actor=ground.grid_worker, result="好了")
    with pytest.raises(BadInput):
        reopen_hazard(hazard, actor=ground.grid_worker, reason="")
    assert [e.verb for e in trail_of(hazard)] == ["hazard_reported", "hazard_solved"]


def test_photos_are_kept_once_under_the_phones_number_and_not_without_end(ground: Ground) -> None:
    hazard, uid = found(ground), uuid4()
    first = add_file(hazard, SimpleUploadedFile("a.jpg", picture()), actor=ground.grid_worker, uid=uid)
    again = add_file(hazard, SimpleUploadedFile("a.jpg", picture()), actor=ground.grid_worker, uid=uid)
    assert first == again
    assert queries.file_visible_to(ground.village_manager, hazard.uid, uid) == first
    with pytest.raises(NotFound):
        queries.file_visible_to(ground.stranger, hazard.uid, uid)
    for _ in range(8):
        add_file(hazard, SimpleUploadedFile("a.jpg", picture()), actor=ground.grid_worker)
    with pytest.raises(RuleViolation):
        add_file(hazard, SimpleUploadedFile("a.jpg", picture()), actor=ground.grid_worker)


def test_a_hazard_becomes_a_case_and_nothing_is_typed_again(ground: Ground) -> None:
    hazard = found(ground, level="yellow", place_detail="村东玉米地", reporter_phone="13847500003")
    file = add_file(hazard, SimpleUploadedFile("a.jpg", picture()), actor=ground.grid_worker)
    case = register_from_hazard(hazard, actor=ground.grid_worker)
    assert (case.narrative, case.territory.code, case.place_detail) == (hazard.narrative, GRID, "村东玉米地")
    assert (case.channel, case.risk, case.centre) == ("02", "yellow", ground.village_centre)
    parties = [(p.side, p.shown_name, p.phone) for p in case.parties.all()]
    assert parties == [("applicant", "小张", "13847500003"), ("respondent", "羊主老李", "")]
    assert case.attachments.get().file_id == file.file_id
    hazard.refresh_from_db()
    assert (hazard.status, hazard.case_code) == ("handed_on", case.code)
    assert [e.verb for e in trail_of(case)] == ["case_registered", "case_from_hazard"]
    with pytest.raises(InvalidTransition) as twice:
        register_from_hazard(hazard, actor=ground.village_manager)
    assert twice.value.context["case"] == case.code
    with pytest.raises(InvalidTransition):
        add_file(hazard, SimpleUploadedFile("a.jpg", picture()), actor=ground.grid_worker)


def test_a_report_without_a_name_becomes_a_case_of_a_withheld_name(ground: Ground) -> None:
    case = register_from_hazard(found(ground, reporter_name="", other_side=""), actor=ground.grid_worker)
    assert [p.name_withheld for p in case.parties.all()] == [True]


def test_what_cannot_become_a_case_stays_as_it_was(ground: Ground) -> None:
    hazard = found(ground)
    with pytest.raises(PermissionDenied):
        register_from_hazard(hazard, actor=ground.leader)
    hazard.refresh_from_db()
    assert (hazard.status, cases_visible_to(ground.manager).count()) == ("open", 0)


def test_the_officer_of_the_beat_hands_a_hazard_on_as_a_case(ground: Ground) -> None:
    case = register_from_hazard(found(ground), actor=an_officer(ground))
    assert cases_visible_to(ground.village_manager).get() == case


def test_the_next_worker_of_the_grid_sees_the_case_the_last_one_handed_on(ground: Ground) -> None:
    case = register_from_hazard(found(ground), actor=ground.grid_worker)
    service = a_worker(ground)
    successor = User.objects.create(username="next", name="后来")
    service.person.user = successor
    service.person.save()
    assert case_visible_to(successor, str(case.code)) == case
    other = User.objects.create(username="other", name="别处")
    far = a_worker(ground, "远方", place=OTHER_GRID)
    far.person.user = other
    far.person.save()
    with pytest.raises(NotFound):
        case_visible_to(other, str(case.code))


def test_who_sees_a_hazard(ground: Ground) -> None:
    near = found(ground)
    far = report_hazard(an_entry(place=OTHER_GRID), actor=ground.town_clerk)
    village = report_hazard(an_entry(place=VILLAGE), actor=ground.village_manager)
    seen = {
        name: set(queries.hazards_visible_to(getattr(ground, name)))
        for name in ("grid_worker", "village_manager", "town_manager", "stranger", "handler")
    }
    assert seen["grid_worker"] == {near}
    assert seen["village_manager"] == {near, village}
    assert seen["town_manager"] == {near, far, village}
    assert seen["stranger"] == seen["handler"] == set()
    with pytest.raises(NotFound):
        queries.hazard_visible_to(ground.grid_worker, far.uid)
