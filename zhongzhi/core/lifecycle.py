"""A lifecycle as one table: which event moves what state where. Every pair not in the table is refused."""

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import product
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from zhongzhi.core.errors import InvalidTransition

StateT = TypeVar("StateT", bound=Enum)
EventT = TypeVar("EventT", bound=Enum)


class Prior(Enum):
    """The kind of `PRIOR`."""

    PRIOR = "prior"


PRIOR: Final = Prior.PRIOR
"""The target of an event that leads back to the state before, as resuming a suspended case does."""


class Lifecycle(Generic[StateT, EventT]):
    """The moves of one kind of matter. States and events are enums; a Django choice's label is what users read."""

    def __init__(self, table: Mapping[tuple[StateT, EventT], StateT | Prior]) -> None:
        """Take `{(state, event): target}`; ValueError when it is empty."""
        if not table:
            raise ValueError("a lifecycle needs at least one move")
        self._moves = dict(table)

    @property
    def table(self) -> Mapping[tuple[StateT, EventT], StateT | Prior]:
        """The table as given, read only."""
        return MappingProxyType(self._moves)

    def target(self, state: StateT, event: EventT, *, prior: StateT | None = None) -> StateT:
        """The state that `event` leads to. `prior` is the state before, for the moves that lead back.

        Raises InvalidTransition when the table has no such move, and ValueError when a move leads back and the state
        before was not kept.
        """
        if (state, event) not in self._moves:
            raise InvalidTransition(self._refusal(state, event), state=state.value, event=event.value)
        target = self._moves[state, event]
        if not isinstance(target, Prior):
            return target
        if prior is None or prior == state:
            raise ValueError(f"no state before {state.value!r} to go back to")
        return prior

    def allows(self, state: StateT, event: EventT) -> bool:
        """Whether the table has this move."""
        return (state, event) in self._moves

    def events_from(self, state: StateT) -> tuple[EventT, ...]:
        """What may happen in this state, in the order of the table."""
        return tuple(event for known, event in self._moves if known == state)

    def pairs(self) -> Iterator[tuple[StateT, EventT]]:
        """Every state with every event, whether the table has it or not: for tests that walk them all."""
        state, event = next(iter(self._moves))
        return product(type(state), type(event))

    def _refusal(self, state: StateT, event: EventT) -> str:
        fact = f"当前状态为“{_label(state)}”，不能“{_label(event)}”"
        others = "、".join(f"“{_label(other)}”" for other in self.events_from(state))
        if not others:
            return f"{fact}；在这一状态下没有可以继续办理的步骤。"
        return f"{fact}；现在可以办理：{others}。"


def _label(member: Enum) -> str:
    return str(getattr(member, "label", member.value))
