"""The life of a case, written out here by hand: every other pair of state and event is refused, by table and act."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from intake import actions
from intake.imports.lifecycle import IMPORT_LIFECYCLE, OPEN_IMPORTS, ImportEvent, ImportState
from intake.lifecycle import (
    DONE_STATES,
    INACTIVE_STATES,
    LIFECYCLE,
    OPEN_STATES,
    Event,
    State,
)
from intake.models import Case, StatusChange
from tests.intake import ways
from tests.lifecycles import BACK, Written, led, pairs
from tests.people import Ground, an_entry
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, PermissionDenied

# The main road; beside it suspended, guided, merged, withdrawn; back by return, review and reopening.
# The tiers move a case that is not concluded; who goes up begins anew at the centre above.
CASE: Written = {
    "draft": {"register": "registered"},
    "registered": {
        "accept": "accepted",
        "guide": "guided",
        "withdraw": "withdrawn",
        "merge": "merged",
        "escalate": "registered",
    },
    "accepted": {
        "dispatch": "dispatched",
        "take_up": "handling",
        "guide": "guided",
        "suspend": "suspended",
        "withdraw": "withdrawn",
        "merge": "merged",
        "escalate": "accepted",
        "hand_down": "accepted",
    },
    "dispatched": {
        "sign": "handling",
        "return": "accepted",
        "suspend": "suspended",
        "withdraw": "withdrawn",
        "escalate": "accepted",
    },
    "handling": {
        "conclude": "concluded",
        "return": "accepted",
        "suspend": "suspended",
        "withdraw": "withdrawn",
        "escalate": "accepted",
    },
    "concluded": {"send_back": "handling", "close": "closed"},
    "closed": {"reopen": "handling", "archive": "archived"},
    "archived": {"restore": "closed"},
    "suspended": {"resume": BACK, "withdraw": "withdrawn"},
    "guided": {"guide_back": BACK, "restore": BACK},
    "merged": {"split": BACK},
    "withdrawn": {"restore": "registered"},
}
IMPORT: Written = {
    "checking": {"check": "checked", "ask": "asking", "fail": "failed", "cancel": "cancelled"},
    "asking": {"read": "checking", "cancel": "cancelled"},
    "checked": {"confirm": "running", "read": "checking", "cancel": "cancelled"},
    "running": {"finish": "done"},
    "done": {},
    "failed": {},
    "cancelled": {},
}
WHERE_IT_WAS = {
    "suspended": "handling",
    "merged": "registered",
    "guided": "registered",
}  # as `ways.in_state` brings them about


@pytest.mark.parametrize(("state", "event"), pairs(State, Event))
def test_an_event_leads_a_case_where_the_office_says_and_nowhere_else(state: State, event: Event) -> None:
    assert led(LIFECYCLE, state, event) == CASE[state].get(event)


@pytest.mark.parametrize(("state", "event"), pairs(ImportState, ImportEvent))
def test_an_event_leads_an_import_where_the_office_says_and_nowhere_else(
    state: ImportState, event: ImportEvent
) -> None:
    assert led(IMPORT_LIFECYCLE, state, event) == IMPORT[state].get(event)


def test_the_states_are_those_written_here_and_fall_into_open_done_and_at_rest() -> None:
    assert set(CASE) == set(State.values) and set(IMPORT) == set(ImportState.values)
    assert set(OPEN_STATES) == {"registered", "accepted", "dispatched", "handling", "concluded", "suspended"}
    assert set(DONE_STATES) == {"closed", "archived"}
    assert set(INACTIVE_STATES) == {"closed", "archived", "guided", "merged", "withdrawn"}
    assert set(OPEN_IMPORTS) == {"checking", "asking", "checked", "running"}


@pytest.fixture
def town(ground: Ground) -> Ground:
    """The same ground, with the town's people where tests name those of the county: a case there can go up and down."""
    people = {
        "clerk": "town_clerk",
        "dispatcher": "town_dispatcher",
        "handler": "town_handler",
        "manager": "town_manager",
    }
    places = {"justice_bureau": "juri_justice", "labour_bureau": "juri_police", "county_centre": "juri_centre"}
    return replace(
        ground,
        people=ground.people | {name: ground.people[other] for name, other in people.items()},
        organisations=ground.organisations | {name: ground.organisations[other] for name, other in places.items()},
    )


def acts(ground: Ground) -> dict[str, Callable[[Case], Any]]:
    """The act behind each event, done by somebody who may."""
    clerk, sorter, handler, other = ground.clerk, ground.dispatcher, ground.handler, ways.registered(ground)
    done: dict[str, Callable[[Case], Any]] = {
        "register": lambda c: actions.register_case(an_entry(), actor=clerk, uid=c.uid),
        "accept": lambda c: actions.accept_case(c, actor=sorter),
        "guide": lambda c: actions.guide_case(c, actor=sorter, receiver=ground.labour_bureau, note="属其职责"),
        "guide_back": lambda c: actions.record_guidance_receipt(
            c, actor=clerk, taken=False, answered_on=timezone.localdate(), note="不属其职责"
        ),
        "dispatch": lambda c: actions.dispatch_case(c, actor=sorter, organisation=ground.justice_bureau),
        "take_up": lambda c: actions.take_up_case(c, actor=sorter),
        "sign": lambda c: actions.sign_for_case(c, actor=handler),
        "return": lambda c: actions.return_case(c, actor=handler, reason="不属本单位职责"),
        "conclude": lambda c: actions.report_outcome(c, ways.REPORT, actor=handler),
        "send_back": lambda c: actions.send_back(c, actor=sorter, reason="缺少履行凭证"),
        "close": lambda c: actions.close_case(c, actor=sorter),
        "reopen": lambda c: actions.reopen_case(c, actor=sorter, reason="协议未履行"),
        "archive": lambda c: actions.archive_case(c, actor=sorter),
        "suspend": lambda c: actions.suspend_case(c, actor=sorter, reason="等待鉴定"),
        "resume": lambda c: actions.resume_case(c, actor=sorter),
        "withdraw": lambda c: actions.withdraw_case(c, actor=sorter, reason="自行和解"),
        "merge": lambda c: actions.merge_case(c, actor=clerk, target=str(other.code), reason="同一事项"),
        "split": lambda c: actions.split_case(c, actor=clerk, reason="不是同一事项"),
        "restore": lambda c: actions.restore_case(c, actor=ground.manager, reason="又来反映"),
        "escalate": lambda c: actions.escalate_case(c, actor=sorter, reason="超出本级能力"),
        "hand_down": lambda c: actions.hand_down_case(
            c, actor=sorter, centre=ground.village_centre, reason="就近办理更合适"
        ),
    }
    assert set(done) == set(Event.values)
    return done


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [(state, event, after) for state, events in CASE.items() for event, after in events.items()],
)
@pytest.mark.django_db
def test_an_act_moves_a_case_where_the_office_says(state: str, event: str, after: str, town: Ground) -> None:
    case = ways.followed_up(town) if event == "archive" else ways.in_state(town, State(state))
    acts(town)[event](case)
    case.refresh_from_db()
    assert case.status == (WHERE_IT_WAS[state] if after == BACK else after)
    last = case.status_changes.order_by("pk").last()
    assert last is not None
    assert (last.event, last.from_status, last.to_status) == (event, state, case.status)


@pytest.mark.parametrize("state", list(CASE))
@pytest.mark.django_db
def test_an_act_that_is_not_written_here_is_refused_and_writes_nothing(state: str, town: Ground) -> None:
    case = ways.in_state(town, State(state))
    assert case.status == state
    refusals = (InvalidTransition, PermissionDenied) if state == "draft" else InvalidTransition  # nobody sorts a draft
    for event, act in acts(town).items():
        if event in CASE[state]:
            continue
        before = (StatusChange.objects.count(), TrailEntry.objects.count(), case.version)
        with pytest.raises(refusals):
            act(case)
        case.refresh_from_db()
        assert (StatusChange.objects.count(), TrailEntry.objects.count(), case.version) == before, event
        assert case.status == state
