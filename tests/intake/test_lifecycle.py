"""Every (state, event) pair that is not in the table is refused, by the table and by the acts."""

from collections.abc import Callable
from typing import Any

import pytest

from intake import actions
from intake.lifecycle import INACTIVE_STATES, LIFECYCLE, OPEN_STATES, Event, State
from intake.models import Case, StatusChange
from tests.intake.ways import REPORT, in_state, registered
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, PermissionDenied

EXPECTED = {
    (State.DRAFT, Event.REGISTER): State.REGISTERED,
    (State.REGISTERED, Event.ACCEPT): State.ACCEPTED,
    (State.REGISTERED, Event.GUIDE): State.GUIDED,
    (State.ACCEPTED, Event.DISPATCH): State.DISPATCHED,
    (State.DISPATCHED, Event.SIGN): State.HANDLING,
    (State.DISPATCHED, Event.RETURN): State.ACCEPTED,
    (State.HANDLING, Event.CONCLUDE): State.CONCLUDED,
    (State.CONCLUDED, Event.SEND_BACK): State.HANDLING,
    (State.CONCLUDED, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.REOPEN): State.HANDLING,
    (State.CLOSED, Event.ARCHIVE): State.ARCHIVED,
}


def act_of(ground: Ground) -> dict[Event, Callable[[Case], Any]]:
    """The act behind each event, done by somebody who may."""
    sorter, handler, other = ground.dispatcher, ground.handler, registered(ground)
    return {
        Event.ACCEPT: lambda c: actions.accept_case(c, actor=sorter),
        Event.GUIDE: lambda c: actions.guide_case(c, actor=sorter, receiver=ground.labour_bureau, note="属其职责"),
        Event.DISPATCH: lambda c: actions.dispatch_case(c, actor=sorter, organisation=ground.justice_bureau),
        Event.TAKE_UP: lambda c: actions.take_up_case(c, actor=sorter),
        Event.SIGN: lambda c: actions.sign_for_case(c, actor=handler),
        Event.RETURN: lambda c: actions.return_case(c, actor=handler, reason="不属本局职责"),
        Event.CONCLUDE: lambda c: actions.report_outcome(c, REPORT, actor=handler),
        Event.SEND_BACK: lambda c: actions.send_back(c, actor=sorter, reason="缺少履行凭证"),
        Event.CLOSE: lambda c: actions.close_case(c, actor=sorter),
        Event.REOPEN: lambda c: actions.reopen_case(c, actor=sorter, reason="协议未履行"),
        Event.ARCHIVE: lambda c: actions.archive_case(c, actor=sorter),
        Event.SUSPEND: lambda c: actions.suspend_case(c, actor=sorter, reason="等待鉴定"),
        Event.RESUME: lambda c: actions.resume_case(c, actor=sorter),
        Event.MERGE: lambda c: actions.merge_case(c, actor=ground.clerk, target=str(other.code), reason="同一事项"),
        Event.SPLIT: lambda c: actions.split_case(c, actor=ground.clerk, reason="不是同一事项"),
        Event.WITHDRAW: lambda c: actions.withdraw_case(c, actor=sorter, reason="自行和解"),
    }


@pytest.mark.parametrize(("state", "event"), list(LIFECYCLE.pairs()))
def test_a_pair_that_is_not_in_the_table_is_refused_by_the_table(state: State, event: Event) -> None:
    if LIFECYCLE.allows(state, event):
        assert LIFECYCLE.target(state, event, prior=State.ACCEPTED) in State
        return
    with pytest.raises(InvalidTransition) as refusal:
        LIFECYCLE.target(state, event)
    assert State(state).label in refusal.value.message


def test_the_table_holds_the_main_road_of_the_office() -> None:
    for pair, target in EXPECTED.items():
        assert LIFECYCLE.table[pair] == target


def test_every_state_but_the_ends_has_a_way_on_and_every_state_can_be_reached() -> None:
    ends = {s for s in State if not LIFECYCLE.events_from(s)}
    assert ends == {State.ARCHIVED, State.GUIDED, State.WITHDRAWN}
    reached = set(LIFECYCLE.table.values())
    assert {s for s in State if s not in reached} == {State.DRAFT}
    assert not set(OPEN_STATES) & set(INACTIVE_STATES)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.django_db
def test_an_act_the_table_does_not_hold_is_refused_and_writes_nothing(state: State, ground: Ground) -> None:
    case = in_state(ground, state)
    assert case.status == state
    for event, act in act_of(ground).items():
        if LIFECYCLE.allows(state, event):
            continue
        before = (StatusChange.objects.count(), TrailEntry.objects.count(), case.version)
        with pytest.raises((InvalidTransition, PermissionDenied)):
            act(case)
        case.refresh_from_db()
        assert (StatusChange.objects.count(), TrailEntry.objects.count(), case.version) == before, event
        assert case.status == state
