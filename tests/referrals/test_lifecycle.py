"""The life of a document of the three slips and two letters, written out here by hand."""

import pytest

from referrals.lifecycle import LIFECYCLE, TO_SIGN, UNSIGNED, WAITING, Event, State
from tests.lifecycles import Written, led, pairs

# Drafted, reviewed where the kind asks for it, signed, issued; signed for, answered or returned.
# A signed document never changes: it is declared void. A draft is dropped.
DOCUMENT: Written = {
    "draft": {"submit": "review", "sign": "signed", "discard": "discarded"},
    "review": {"approve": "ready", "send_back": "draft", "discard": "discarded"},
    "ready": {"send_back": "draft", "sign": "signed", "discard": "discarded"},
    "signed": {"issue": "issued", "void": "void"},
    "issued": {"receive": "received", "return": "returned", "answer": "answered", "finish": "done", "void": "void"},
    "received": {"return": "returned", "answer": "answered", "finish": "done", "void": "void"},
    "answered": {"accept": "done", "refuse": "received", "void": "void"},
    "done": {},
    "returned": {"void": "void"},
    "void": {},
    "discarded": {},
}


@pytest.mark.parametrize(("state", "event"), pairs(State, Event))
def test_an_event_leads_a_document_where_the_office_says_and_nowhere_else(state: State, event: Event) -> None:
    assert led(LIFECYCLE, state, event) == DOCUMENT[state].get(event)


def test_the_states_are_those_written_here_and_fall_into_drafts_and_signed() -> None:
    assert set(DOCUMENT) == set(State.values)
    assert set(UNSIGNED) == {"draft", "review", "ready"}
    assert set(TO_SIGN) == {"draft", "ready"}
    assert set(WAITING) == {"issued", "received"}
