"""Each form in which people type a number, paper or word finds the stored one: the table of `tests/cases`."""

import re
from pathlib import Path

import pytest

from intake.entries import APPLICANT, PartyEntry
from intake.models import Case
from intake.queries import cases_for_list
from intake.search.queries import quick_cases
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
LINES = (Path(__file__).parents[1] / "cases" / "search_terms.txt").read_text(encoding="utf-8").splitlines()
TERMS = [line.split("\t") for line in LINES if line and line[0] != "#"]


def stored(ground: Ground, what: str) -> Case:
    """The case that holds what the table says is stored."""
    if found := re.fullmatch(r"party with mobile (.+)", what):
        return ways.registered(ground, parties=(PartyEntry(APPLICANT, name="王海", phone=found[1]),))
    if found := re.fullmatch(r"party with passport (.+)", what):
        return ways.registered(
            ground, parties=(PartyEntry(APPLICANT, name="安娜", paper_kind="passport", paper_number=found[1]),)
        )
    if found := re.fullmatch(r"narrative (.+)", what):
        return ways.registered(ground, narrative=found[1])
    if found := re.fullmatch(r"case registered from order number (.+)", what):
        return ways.registered(ground, external_system="12345", external_number=found[1])
    raise AssertionError(what)


@pytest.mark.parametrize(("what", "typed"), TERMS)
def test_what_is_typed_finds_what_is_stored(ground: Ground, what: str, typed: str) -> None:
    case = stored(ground, what)
    ways.registered(ground)
    assert quick_cases(cases_for_list(ground.dispatcher), typed, ground.dispatcher) == [case]
