"""What an act cannot do without, its input asks for: a call that leaves it out is refused, never a fault of ours."""

import inspect
from typing import Any

import pytest

from intake.available_actions import ACTS
from mediation.available_actions import AGREEMENT_ACTS, INSTALMENT_ACTS, MEDIATION_ACTS
from mediation.available_actions import CASE_ACTS as OPENING_ACTS
from referrals.available_actions import CARE_ACTS, CASE_ACTS, DOCUMENT_ACTS, TASK_ACTS
from zhongzhi.web.act_table import Act
from zhongzhi.web.shapes import Shape

GIVEN = {"actor", "version"}
TABLES = {
    "case": ACTS,
    "referral": CASE_ACTS,
    "document": DOCUMENT_ACTS,
    "task": TASK_ACTS,
    "care": CARE_ACTS,
    "opening": OPENING_ACTS,
    "mediation": MEDIATION_ACTS,
    "agreement": AGREEMENT_ACTS,
    "instalment": INSTALMENT_ACTS,
}
IN_API = [
    pytest.param(act, id=f"{kind}-{act.name}")
    for kind, table in TABLES.items()
    for act in table
    if act.run is not None and act.in_api
]


@pytest.mark.parametrize("act", IN_API)
def test_what_an_act_needs_is_asked_for(act: Act[Any]) -> None:
    assert act.run is not None
    parameters = list(inspect.signature(act.run).parameters.values())[1:]
    needed = {p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD} - GIVEN
    assert needed <= _always_given(act.api_shape)


def _always_given(shape: Shape) -> set[str]:
    """What the input insists on, and what it hands on of a body that is empty."""
    empty = shape.serializer(data={})
    handed_on = set(shape.api_arguments(empty.validated_data)) if empty.is_valid() else set()
    insisted = {
        name for name, kind in shape.items() if any(field.required for field in kind.serializer_fields(name).values())
    }
    return handed_on | insisted
