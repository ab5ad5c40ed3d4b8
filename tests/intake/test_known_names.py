"""Nothing that is sent is passed over: what is not known is refused, with the known name that is nearest."""

from typing import Any

import pytest

from intake.models import Case
from tests.intake import ways
from tests.intake.api import LAND, address, as_person, as_system, problem_of
from tests.people import Ground

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
SCOPES = ("cases:read", "cases:register")


def test_a_misspelt_field_makes_no_case_and_the_right_one_is_named(ground: Ground) -> None:
    answer = as_system(ground, *SCOPES).post(CASES, LAND | {"external_nummer": "GD1"}, format="json")
    assert problem_of(answer) == (400, "invalid", ["external_nummer"])
    assert "external_number" in answer.json()["errors"]["external_nummer"][0]
    assert not Case.objects.exists()


def test_a_misspelt_field_of_a_party_is_named_with_its_place(ground: Ground) -> None:
    body = LAND | {"parties": [{"name": "岳某某", "telephone": "13847500001"}]}
    answer = as_system(ground, *SCOPES).post(CASES, body, format="json")
    assert problem_of(answer) == (400, "invalid", ["parties.0.telephone"])


def test_what_else_is_wrong_is_told_beside_it(ground: Ground) -> None:
    body = {name: value for name, value in LAND.items() if name != "narrative"} | {"narative": "土地"}
    answer = as_system(ground, *SCOPES).post(CASES, body, format="json")
    assert problem_of(answer)[2] == ["narative", "narrative"]


def test_an_act_that_takes_nothing_takes_nothing(ground: Ground) -> None:
    case = ways.dispatched(ground)
    answer = as_person(ground.handler).post(address(case, "sign"), {"note": "收到"}, format="json")
    assert problem_of(answer) == (400, "invalid", ["note"])


def test_a_write_takes_no_parameters(ground: Ground) -> None:
    answer = as_system(ground, *SCOPES).post(f"{CASES}?dry_run=true", LAND, format="json")
    assert problem_of(answer) == (400, "invalid", ["dry_run"])
    assert not Case.objects.exists()


def test_without_its_last_slash_an_address_does_what_it_does_with_it(ground: Ground) -> None:
    system = as_system(ground, *SCOPES)
    made = system.post("/api/v1/cases", LAND, format="json")
    assert made.status_code == 201
    assert system.get(f"/api/v1/cases/{made.json()['code']}").status_code == 200
    assert problem_of(system.post("/api/v1/casses", LAND, format="json"))[0] == 404
    assert Case.objects.count() == 1


@pytest.mark.parametrize("limit", ["0000002009999", "201", "0", "-1", "²", "1.0", "x"])
def test_no_page_is_larger_than_it_may_be(limit: str, ground: Ground) -> None:
    assert problem_of(as_person(ground.clerk).get(CASES, {"limit": limit})) == (400, "invalid", ["limit"])


@pytest.mark.parametrize(
    ("name", "value"),
    [("registered_from", "0001-01-01"), ("registered_to", "9999-12-31"), ("holder", "9" * 20), ("centre", "²")],
)
def test_days_and_numbers_of_filters_have_bounds(name: str, value: str, ground: Ground) -> None:
    assert problem_of(as_person(ground.clerk).get(CASES, {name: value})) == (400, "invalid", [name])


def test_days_of_bodies_have_bounds(ground: Ground) -> None:
    body: dict[str, Any] = LAND | {"occurred_on": "0001-01-01"}
    assert problem_of(as_person(ground.clerk).post(CASES, body, format="json")) == (400, "invalid", ["occurred_on"])
