"""The lives of a mediation, an agreement and a judicial confirmation, written out here by hand."""

from typing import Any

import pytest

from mediation.lifecycle import (
    AGREEMENTS,
    CONFIRMATIONS,
    LIFECYCLE,
    OPEN_CONFIRMATIONS,
    OPEN_STATES,
    AgreementEvent,
    AgreementState,
    ConfirmationEvent,
    ConfirmationState,
    Event,
    State,
)
from tests.lifecycles import Written, led, pairs

# Opened, both sides consent, an agreement or the end without one; an agreement may be changed.
MEDIATION: Written = {
    "opened": {"consent": "running", "fail": "failed", "cancel": "cancelled"},
    "running": {"agree": "agreed", "fail": "failed", "cancel": "cancelled"},
    "agreed": {"revise": "running"},
    "failed": {},
    "cancelled": {},
}
# In force when signed and sealed; performed, or broken and still performed; put aside for a new one.
AGREEMENT: Written = {
    "draft": {"take_force": "in_force", "replace": "replaced"},
    "in_force": {"perform": "performed", "breach": "breached", "replace": "replaced"},
    "performed": {},
    "breached": {"perform": "performed", "replace": "replaced"},
    "replaced": {},
}
# The court says whether it takes the application, then rules.
CONFIRMATION: Written = {
    "applied": {"accept": "accepted", "decline": "not_accepted"},
    "accepted": {"confirm": "confirmed", "reject": "rejected"},
    "not_accepted": {},
    "confirmed": {},
    "rejected": {},
}


@pytest.mark.parametrize(("state", "event"), pairs(State, Event))
def test_an_event_leads_a_mediation_where_the_office_says_and_nowhere_else(state: Any, event: Any) -> None:
    assert led(LIFECYCLE, state, event) == MEDIATION[state].get(event)


@pytest.mark.parametrize(("state", "event"), pairs(AgreementState, AgreementEvent))
def test_an_event_leads_an_agreement_where_the_office_says_and_nowhere_else(state: Any, event: Any) -> None:
    assert led(AGREEMENTS, state, event) == AGREEMENT[state].get(event)


@pytest.mark.parametrize(("state", "event"), pairs(ConfirmationState, ConfirmationEvent))
def test_an_event_leads_a_confirmation_where_the_office_says_and_nowhere_else(state: Any, event: Any) -> None:
    assert led(CONFIRMATIONS, state, event) == CONFIRMATION[state].get(event)


def test_the_states_are_those_written_here_and_those_that_are_open() -> None:
    assert set(MEDIATION) == set(State.values)
    assert set(AGREEMENT) == set(AgreementState.values)
    assert set(CONFIRMATION) == set(ConfirmationState.values)
    assert set(OPEN_STATES) == {"opened", "running"}
    assert set(OPEN_CONFIRMATIONS) == {"applied", "accepted"}
