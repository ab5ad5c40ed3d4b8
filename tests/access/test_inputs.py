"""What an act cannot do without, its input asks for: a call that leaves it out is refused, never a fault of ours."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework import serializers

from intake.api.acts import INPUT as CASE_INPUT
from intake.available_actions import ACTS as CASE_ACTS
from referrals.api.cases import INPUT as REFERRAL_INPUT
from referrals.api.documents import INPUT as DOCUMENT_INPUT
from referrals.available_actions import CASE_ACTS as REFERRAL_ACTS
from referrals.available_actions import DOCUMENT_ACTS

Input = type[serializers.Serializer[Any]]
GIVEN = {"actor", "version"}
ACTS = [
    pytest.param(act.run, table.get(act.name), id=f"{kind}-{act.name}")
    for kind, acts, table in (
        ("case", CASE_ACTS, CASE_INPUT),
        ("referral", REFERRAL_ACTS, REFERRAL_INPUT),
        ("document", DOCUMENT_ACTS, DOCUMENT_INPUT),
    )
    for act in acts
    if act.run is not None and (kind != "referral" or act.name in table)
]


@pytest.mark.parametrize(("run", "asked"), ACTS)
def test_what_an_act_needs_is_asked_for(run: Callable[..., Any], asked: Input | None) -> None:
    parameters = list(inspect.signature(run).parameters.values())[1:]
    needed = {p.name for p in parameters if p.default is p.empty and p.kind is p.KEYWORD_ONLY} - GIVEN
    assert needed <= (_always_given(asked) if asked else set())


def _always_given(asked: Input) -> set[str]:
    """What it insists on, and what it hands on of a body that is empty."""
    empty = asked(data={})
    handed_on = set(empty.validated_data) if empty.is_valid() else set()
    return handed_on | {field.source or name for name, field in empty.fields.items() if field.required}
