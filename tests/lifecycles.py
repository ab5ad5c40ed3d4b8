"""Lifecycles written out by hand, `{state: {event: state after}}`, to hold a table of the product against."""

from typing import Any

from zhongzhi.core.errors import InvalidTransition
from zhongzhi.core.lifecycle import Lifecycle

BACK = "back to the state before"
Written = dict[str, dict[str, str]]


def led(lifecycle: Lifecycle[Any, Any], state: Any, event: Any) -> str | None:
    """Where an event leads from a state; None where it is refused, BACK where it leads to whatever was before."""
    others = [other for other in type(state) if other != state][:2]
    try:
        first, second = (lifecycle.target(state, event, prior=prior) for prior in others)
    except InvalidTransition as refusal:
        assert str(state.label) in refusal.message and str(event.label) in refusal.message
        return None
    return str(first.value) if first == second else BACK


def pairs(states: Any, events: Any) -> list[Any]:
    """Every state with every event, for `parametrize`."""
    return [(state, event) for state in states for event in events]
