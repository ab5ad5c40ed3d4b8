"""A lifecycle allows what its table holds and refuses every other pair with a sentence."""

from enum import Enum, StrEnum

import pytest

from zhongzhi.core.errors import InvalidTransition
from zhongzhi.core.lifecycle import PRIOR, Lifecycle, Prior


class Labelled(StrEnum):
    """Like Django's choices: a value and a label."""

    label: str

    def __new__(cls, value: str, label: str) -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Door(Labelled):
    OPEN = "open", "开着"
    SHUT = "shut", "关着"
    LOCKED = "locked", "锁着"
    GONE = "gone", "拆除"


class Act(Labelled):
    SHUT = "shut", "关门"
    OPEN = "open", "开门"
    LOCK = "lock", "上锁"
    UNLOCK = "unlock", "开锁"
    REMOVE = "remove", "拆掉"


TABLE: dict[tuple[Door, Act], Door | Prior] = {
    (Door.OPEN, Act.SHUT): Door.SHUT,
    (Door.OPEN, Act.LOCK): Door.LOCKED,
    (Door.SHUT, Act.OPEN): Door.OPEN,
    (Door.SHUT, Act.LOCK): Door.LOCKED,
    (Door.LOCKED, Act.UNLOCK): PRIOR,
    (Door.SHUT, Act.REMOVE): Door.GONE,
}
DOORS: Lifecycle[Door, Act] = Lifecycle(TABLE)


def test_every_pair_is_either_in_the_table_or_refused() -> None:
    pairs = list(DOORS.pairs())
    assert len(pairs) == len(set(pairs)) == len(Door) * len(Act)
    for state, event in pairs:
        if (state, event) in TABLE:
            assert DOORS.allows(state, event)
            assert DOORS.target(state, event, prior=Door.OPEN) in (TABLE[state, event], Door.OPEN)
        else:
            assert not DOORS.allows(state, event)
            with pytest.raises(InvalidTransition):
                DOORS.target(state, event, prior=Door.OPEN)


def test_a_move_leads_where_the_table_says() -> None:
    assert DOORS.target(Door.SHUT, Act.OPEN) is Door.OPEN
    assert DOORS.target(Door.SHUT, Act.OPEN, prior=Door.LOCKED) is Door.OPEN


def test_a_move_back_leads_to_the_state_before() -> None:
    assert DOORS.target(Door.LOCKED, Act.UNLOCK, prior=Door.SHUT) is Door.SHUT
    assert DOORS.target(Door.LOCKED, Act.UNLOCK, prior=Door.OPEN) is Door.OPEN


@pytest.mark.parametrize("prior", [None, Door.LOCKED])
def test_a_move_back_without_a_state_before_is_a_fault_of_the_program(prior: Door | None) -> None:
    with pytest.raises(ValueError, match="locked"):
        DOORS.target(Door.LOCKED, Act.UNLOCK, prior=prior)


def test_a_refusal_names_state_and_event_and_what_may_be_done() -> None:
    with pytest.raises(InvalidTransition) as caught:
        DOORS.target(Door.SHUT, Act.UNLOCK)
    assert caught.value.message == "当前状态为“关着”，不能“开锁”；现在可以办理：“开门”、“上锁”、“拆掉”。"
    assert caught.value.context == {"state": "shut", "event": "unlock"}


def test_a_refusal_in_a_last_state_says_that_nothing_follows() -> None:
    with pytest.raises(InvalidTransition, match="当前状态为“拆除”，不能“开门”；在这一状态下没有可以继续办理的步骤。"):
        DOORS.target(Door.GONE, Act.OPEN)


def test_events_come_in_the_order_of_the_table() -> None:
    assert DOORS.events_from(Door.SHUT) == (Act.OPEN, Act.LOCK, Act.REMOVE)
    assert DOORS.events_from(Door.GONE) == ()


def test_enums_without_labels_are_named_by_their_values() -> None:
    class Plain(Enum):
        ON = "on"
        OFF = "off"

    switch: Lifecycle[Plain, Plain] = Lifecycle({(Plain.ON, Plain.OFF): Plain.OFF})
    with pytest.raises(InvalidTransition, match="“off”，不能“on”"):
        switch.target(Plain.OFF, Plain.ON)


def test_the_table_can_be_read_and_not_changed() -> None:
    assert DOORS.table == TABLE
    with pytest.raises(TypeError):
        DOORS.table[Door.GONE, Act.OPEN] = Door.OPEN  # type: ignore[index]


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one move"):
        Lifecycle({})
