"""The answer to registering is made of what the act has in hand: word for word what is read a moment later."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.intake import ways
from tests.intake.api import as_person, as_system
from tests.people import Ground

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
PLAIN: dict[str, Any] = {
    "narrative": "自家土地少了3垄，怀疑邻地农户多种，找付某某量地无果。",
    "territory": "150526103200",
    "category": "0901",
    "parties": [
        {"name": "岳某某", "phone": "13847500001", "paper_number": "152327196503152419"},
        {"name": "付某某", "side": "respondent"},
    ],
}
ENTRIES: dict[str, dict[str, Any]] = {
    "plain": {},
    "without a category": {"category": ""},
    "an amount and a day": {"amount": "12000.5", "occurred_on": "2026-01-31", "people_count": 3},
    "red": {"risk": "red"},
    "restricted": {"is_restricted": True},
    "known elsewhere": {"external_system": "12345", "external_number": "A-17"},
    "other places": {"other_places": ["150526103201"]},
    "nobody's name": {"parties": [{"name_withheld": True}]},
    "a guardian": {
        "parties": [
            {"name": "包小宝", "paper_number": "150526201505010031"},
            {"name": "包某", "role": "guardian", "represents": 0},
        ]
    },
    "about somebody": {
        "parties": [
            {"name": "岳某某", "phone": "13847500001"},
            {"name": "付德柱", "side": "respondent", "role": "accused", "works_at": "司法局"},
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ENTRIES)
def test_it_is_what_is_read_a_moment_later(name: str, ground: Ground) -> None:
    clerk = as_person(ground.clerk)
    answer = clerk.post(CASES, PLAIN | ENTRIES[name], format="json")
    assert answer.status_code == 201, answer.content
    later = clerk.get(answer["Location"])
    assert answer.json() == later.json()
    assert answer["ETag"] == later["ETag"]


def test_an_outside_system_is_shown_no_more_than_later(ground: Ground) -> None:
    system = as_system(ground, "cases:read", "cases:register")
    answer = system.post(CASES, PLAIN, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json() == system.get(answer["Location"]).json()
    assert "岳某某" not in answer.content.decode()


def test_the_case_is_not_read_again_for_it(ground: Ground) -> None:
    ways.registered(ground)
    clerk = as_person(ground.clerk)
    other = PLAIN | {"territory": "150526100001", "parties": [{"name": "徐某", "phone": "13847500009"}]}
    with CaptureQueriesContext(connection) as asked:
        assert clerk.post(CASES, other, format="json").status_code == 201
    assert not any(one["sql"].startswith('SELECT "intake_case"."id", "intake_case"."uid"') for one in asked)
