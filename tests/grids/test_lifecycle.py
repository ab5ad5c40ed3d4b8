"""The life of a hazard, written out here by hand."""

import pytest

from grids.lifecycle import HAZARD_LIFECYCLE, UNSETTLED, HazardEvent, HazardState
from tests.lifecycles import Written, led, pairs

# Found, watched, solved on the spot or handed on as a case; what was solved may come back.
HAZARD: Written = {
    "open": {"watch": "watched", "solve": "solved", "hand_on": "handed_on"},
    "watched": {"watch": "watched", "solve": "solved", "hand_on": "handed_on"},
    "solved": {"reopen": "open"},
    "handed_on": {"give_back": "open"},
}


@pytest.mark.parametrize(("state", "event"), pairs(HazardState, HazardEvent))
def test_an_event_leads_a_hazard_where_the_office_says_and_nowhere_else(state: HazardState, event: HazardEvent) -> None:
    assert led(HAZARD_LIFECYCLE, state, event) == HAZARD[state].get(event)


def test_the_states_are_those_written_here_and_those_that_are_not_settled() -> None:
    assert set(HAZARD) == set(HazardState.values)
    assert set(UNSETTLED) == {"open", "watched"}
