"""A centre urges the holder of a case (催办): who may, when, how often, and what comes of it."""

from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from grids.actions import post_person
from grids.models import Role
from intake import queries
from intake.actions.attention import urge_case
from intake.available_actions import available_acts
from intake.lifecycle import State
from intake.models import Case
from intake.models.attention import Urging
from tests.intake import ways
from tests.intake.api import address, as_person, problem_of
from tests.people import STARTS, Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation, VersionConflict
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db
FRIDAY, SATURDAY, MONDAY = "2026-11-20T09:00+08:00", "2026-11-21T09:00+08:00", "2026-11-23T09:00+08:00"


def may(user: Any, case: Case) -> bool:
    return "urge" in [act.name for act in available_acts(user, Case.objects.get(pk=case.pk))]


def of_the_town(ground: Ground) -> Case:
    """Handed by the town's centre to its justice office."""
    case = ways.actions.register_case(ways.an_entry(), actor=ground.town_clerk)
    case = ways.actions.accept_case(case, actor=ground.town_dispatcher)
    return ways.actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=ground.juri_justice)


def test_the_people_of_the_organisation_in_charge_are_told_and_nothing_moves(ground: Ground) -> None:
    case = ways.handling(ground)
    urge_case(case, actor=ground.manager, reason="当事人再次来访")
    case.refresh_from_db()
    assert case.status == State.HANDLING
    deliver_due(timezone.now())
    told = Notice.objects.filter(title__contains="催办")
    assert {notice.user for notice in told} == {ground.handler}
    assert "当事人" not in told.get().title + told.get().body.replace(case.title, "")


def test_it_leaves_a_line_in_the_trail_without_the_words_and_one_in_the_timeline_with_them(ground: Ground) -> None:
    case = ways.dispatched(ground)
    urge_case(case, actor=ground.dispatcher, reason="当事人再次来访")
    last = trail_of(case).last()
    assert last is not None
    assert (last.verb, last.facts["organisation"]) == ("case_urged", ground.justice_bureau.pk)
    assert "来访" not in str(last.facts)
    step = queries.timeline_of(case)[-1]
    assert (step.label, step.actor, step.reason) == ("催办", "韩冰", "司法局：当事人再次来访")


def test_the_centre_that_answers_and_those_over_it_may(ground: Ground) -> None:
    case = of_the_town(ground)
    assert [may(user, case) for user in (ground.town_dispatcher, ground.town_manager)] == [True, True]
    assert [may(user, case) for user in (ground.dispatcher, ground.manager)] == [True, True]
    urge_case(case, actor=ground.manager, reason="请抓紧")


@pytest.mark.parametrize("who", ["town_clerk", "clerk", "leader", "town_handler", "village_manager", "stranger"])
def test_others_may_not(who: str, ground: Ground) -> None:
    case = of_the_town(ground)
    assert not may(ground.people[who], case)
    with pytest.raises(PermissionDenied):
        urge_case(case, actor=ground.people[who], reason="请抓紧")
    assert not Urging.objects.exists()


def test_nobody_urges_the_own_organisation(ground: Ground) -> None:
    case = ways.actions.take_up_case(ways.accepted(ground), actor=ground.dispatcher)
    assert not may(ground.dispatcher, case)
    with pytest.raises(PermissionDenied):
        urge_case(case, actor=ground.dispatcher, reason="请抓紧")


def test_who_sorts_at_a_department_is_no_centre(ground: Ground) -> None:
    post_person(ground.other_handler, ground.labour_bureau, Role.MANAGER, starts_on=STARTS)
    with pytest.raises(PermissionDenied):
        urge_case(ways.handling(ground), actor=ground.other_handler, reason="请抓紧")


@pytest.mark.parametrize("state", [s for s in State if s not in (State.DRAFT, State.DISPATCHED, State.HANDLING)])
def test_only_what_somebody_has_in_hand_is_urged(state: State, ground: Ground) -> None:
    case = ways.in_state(ground, state)
    Case.objects.filter(pk=case.pk).update(holder=ground.justice_bureau)
    assert not may(ground.manager, case)
    with pytest.raises(InvalidTransition):
        urge_case(case, actor=ground.manager, reason="请抓紧")


def test_once_a_working_day_whoever_does_it(ground: Ground) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        case = of_the_town(ground)
        urge_case(case, actor=ground.town_manager, reason="请抓紧")
    with time_machine.travel(SATURDAY, tick=False), pytest.raises(RuleViolation) as refusal:
        urge_case(case, actor=ground.manager, reason="请抓紧")
    assert refusal.value.field == "reason"
    with time_machine.travel(MONDAY, tick=False):
        urge_case(case, actor=ground.manager, reason="请抓紧")
    assert Urging.objects.filter(case=case).count() == 2


def test_another_case_of_the_same_organisation_may_be_urged_too(ground: Ground) -> None:
    for _ in range(2):
        urge_case(ways.handling(ground), actor=ground.manager, reason="请抓紧")
    assert Urging.objects.count() == 2


def test_the_database_keeps_to_it_as_well(ground: Ground) -> None:
    row = urge_case(ways.handling(ground), actor=ground.manager, reason="请抓紧")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 1001])
def test_a_reason_is_needed_and_nothing_is_half_written(reason: str, ground: Ground) -> None:
    case = ways.handling(ground)
    before = (case.version, trail_of(case).count())
    answer = as_person(ground.manager).post(address(case, "urge"), {"reason": reason}, format="json")
    assert problem_of(answer) == (400, "invalid", ["reason"])
    case.refresh_from_db()
    assert (case.version, trail_of(case).count(), Urging.objects.count()) == (*before, 0)


def test_who_saw_an_older_version_is_told(ground: Ground) -> None:
    case = ways.handling(ground)
    with pytest.raises(VersionConflict):
        urge_case(case, actor=ground.manager, reason="请抓紧", version=case.version - 1)


def test_by_call_it_answers_with_the_case_and_stands_in_its_timeline(ground: Ground) -> None:
    case, manager = ways.handling(ground), as_person(ground.manager)
    assert "urge" in manager.get(address(case)).json()["acts"]
    answer = manager.post(address(case, "urge"), {"reason": "请抓紧"}, format="json")
    assert (answer.status_code, answer.json()["status"]) == (200, "handling")
    assert manager.get(address(case, "timeline")).json()["results"][-1]["event"] == "urged"
    again = manager.post(address(case, "urge"), {"reason": "请抓紧"}, format="json")
    assert problem_of(again) == (422, "rule_broken", ["reason"])


def test_on_the_page_it_is_asked_for_in_a_dialog_and_shown_on_the_dossier(ground: Ground) -> None:
    case, manager = ways.handling(ground), Client()
    manager.force_login(ground.manager)
    dialog = f"/cases/{case.code}/acts/urge/"
    assert dialog in manager.get(f"/cases/{case.code}/").content.decode()
    assert "催办理由" in manager.get(dialog).content.decode()
    sent = manager.post(dialog, {"reason": "当事人再次来访", "version": case.version})
    assert sent["HX-Redirect"] == f"/cases/{case.code}/"
    assert "司法局：当事人再次来访" in manager.get(f"/cases/{case.code}/").content.decode()
    again = manager.post(dialog, {"reason": "再催", "version": ""})
    assert "本工作日已催办过" in again.content.decode()
