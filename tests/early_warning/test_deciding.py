"""A warning's life: confirmed or dismissed with a reason, made into what there is for it, looked at again later."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from early_warning import actions
from early_warning.lifecycle import LIFECYCLE, Event, State
from early_warning.models import Response, RuleKind, Warning
from early_warning.queries import cases_behind, hazards_behind
from grids.models import PlannedVisit
from intake.coordination.models import AgendaItem, Task
from intake.models import Case
from referrals.models import Document
from tests.early_warning.ways import quarrel, raised, swept, three_quarrels
from tests.grids.test_hazards import found as reported
from tests.intake import ways
from tests.people import Ground
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation, VersionConflict

pytestmark = pytest.mark.django_db
K = RuleKind


def quarrels(ground: Ground) -> Warning:
    swept(*three_quarrels(ground))
    return raised(K.SAME_SIDES)


def test_every_move_that_is_not_in_the_table_is_refused() -> None:
    allowed = {(s, e): LIFECYCLE.target(s, e) for s, e in LIFECYCLE.pairs() if LIFECYCLE.allows(s, e)}
    assert allowed == {
        (State.OPEN, Event.GROW): State.OPEN,
        (State.CONFIRMED, Event.GROW): State.CONFIRMED,
        (State.OPEN, Event.CONFIRM): State.CONFIRMED,
        (State.OPEN, Event.DISMISS): State.DISMISSED,
        (State.CONFIRMED, Event.DISMISS): State.DISMISSED,
        (State.CONFIRMED, Event.END): State.ENDED,
    }


def test_the_centre_confirms_and_nothing_is_confirmed_twice(ground: Ground) -> None:
    warning = actions.confirm_warning(quarrels(ground), actor=ground.town_manager, reason="已上门")
    assert (warning.status, warning.decided_by, warning.reason) == (State.CONFIRMED, ground.town_manager, "已上门")
    with pytest.raises(InvalidTransition):
        actions.confirm_warning(warning, actor=ground.town_manager)


def test_it_is_dismissed_with_a_reason_only(ground: Ground) -> None:
    warning = quarrels(ground)
    with pytest.raises(BadInput) as caught:
        actions.dismiss_warning(warning, actor=ground.manager, reason=" ")
    assert "reason" in caught.value.errors
    assert actions.dismiss_warning(warning, actor=ground.manager, reason="同名").status == State.DISMISSED


def test_neither_a_stranger_nor_a_handler_nor_a_leader_decides(ground: Ground) -> None:
    warning = quarrels(ground)
    for person in (ground.stranger, ground.handler, ground.leader, ground.grid_worker, ground.system_admin):
        with pytest.raises(PermissionDenied):
            actions.confirm_warning(warning, actor=person)
    assert raised(K.SAME_SIDES).status == State.OPEN


def test_who_decides_on_an_older_version_is_told(ground: Ground) -> None:
    warning = quarrels(ground)
    swept(quarrel(ground))
    with pytest.raises(VersionConflict):
        actions.confirm_warning(warning, actor=ground.manager, version=warning.version)


def test_a_visit_comes_of_it_in_one_act_that_confirms_it(ground: Ground) -> None:
    warning = quarrels(ground)
    made = actions.turn_into_visit(warning, "岳家", actor=ground.town_manager)
    assert PlannedVisit.objects.get().household == "岳家"
    assert (made.kind, raised(K.SAME_SIDES).status) == ("visit", State.CONFIRMED)


def test_an_item_of_todays_meeting_comes_of_it(ground: Ground) -> None:
    warning = quarrels(ground)
    case = cases_behind(ground.dispatcher, warning)[0]
    actions.turn_into_item(warning, case, actor=ground.dispatcher)
    assert AgendaItem.objects.filter(case=case).exists()


def test_a_task_for_who_leads_comes_of_it_and_needs_somebody_who_does(ground: Ground) -> None:
    case = ways.dispatched(ground, narrative="扬言放火")
    warning = raised(K.DANGER_WORDS)
    actions.turn_into_task(warning, case, actor=ground.dispatcher, what="当天上门")
    assert Task.objects.get().what == "当天上门"
    other = ways.registered(ground, narrative="扬言跳楼")
    second = Warning.objects.get(evidence__case=other)
    with pytest.raises(RuleViolation):
        actions.turn_into_task(second, other, actor=ground.dispatcher, what="上门")
    assert Warning.objects.get(pk=second.pk).status == State.OPEN


def test_a_supervision_is_drafted_of_it_and_waits_for_its_signature(ground: Ground) -> None:
    case = ways.dispatched(ground, narrative="扬言放火")
    made = actions.turn_into_letter(raised(K.DANGER_WORDS), case, actor=ground.dispatcher, supervise=True)
    letter = Document.objects.get(level="yellow")
    assert (letter.case, made.link) == (case, f"/documents/{letter.uid}/")


def test_a_hazard_of_it_becomes_a_case(ground: Ground) -> None:
    hazard = reported(ground, narrative="扬言放火")
    warning = raised(K.DANGER_WORDS)
    assert hazards_behind(ground.town_manager, warning) == [hazard]
    made = actions.turn_into_case(warning, hazard, actor=ground.town_manager)
    assert made.case == Case.objects.get(from_hazard__hazard=hazard)


def test_nothing_is_made_of_what_was_dismissed_and_nothing_half(ground: Ground) -> None:
    warning = actions.dismiss_warning(quarrels(ground), actor=ground.manager, reason="同名")
    with pytest.raises(InvalidTransition):
        actions.turn_into_visit(warning, "岳家", actor=ground.manager)
    assert not PlannedVisit.objects.exists()
    assert not Response.objects.exists()


def test_what_became_of_it_is_written_down_after_30_and_90_days_and_then_it_is_over(ground: Ground) -> None:
    warning = actions.confirm_warning(quarrels(ground), actor=ground.manager)
    assert actions.look_later(timezone.now()) == 0
    for days in (31, 91):
        now = timezone.now() + timedelta(days=days)
        with time_machine.travel(now):
            assert (actions.look_later(now), actions.look_later(now)) == (1, 0)
    warning.refresh_from_db()
    looks = list(warning.later_looks.values_list("days", "matters", "settled"))
    assert (looks, warning.status) == ([(30, 3, 0), (90, 3, 0)], State.ENDED)
