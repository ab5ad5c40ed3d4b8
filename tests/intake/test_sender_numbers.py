"""The sender's own number: kept in its name space, told where it is known, put and looked up by it."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from grids.actions import post_person
from grids.models import Role
from intake.models import Case
from tests.intake.api import LAND, as_person, problem_of
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import issue_token, limit_client, register_client
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
PUT = f"{CASES}by-external/GD1/"
SCOPES = ("cases:read", "cases:register", "cases:supplement")


def a_system(ground: Ground, name: str = "12345", *scopes: str, sender: str = "") -> APIClient:
    outside = register_client(name, scopes or SCOPES)
    limit_client(outside, sight="own", sender=sender)
    post_person(outside.user, ground.county_centre, Role.API_CLIENT, starts_on=STARTS)
    calls = APIClient()
    calls.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(outside).text}")
    return calls


def register(calls: APIClient, **more: Any) -> Any:
    return calls.post(CASES, LAND | {"external_number": "GD1"} | more, format="json")


def test_a_number_is_kept_under_the_sender_s_own_name_and_read_back(ground: Ground) -> None:
    hotline = a_system(ground, "热线平台", sender="12345")
    made = register(hotline)
    assert made.status_code == 201, made.content.decode()
    assert made.json()["senders"] == [{"system": "12345", "number": "GD1"}]
    listed = hotline.get(CASES, {"external_system": "12345", "external_number": "GD1"}).json()["results"]
    assert [row["code"] for row in listed] == [made.json()["code"]]


def test_without_another_name_the_numbers_stand_under_the_system_s(ground: Ground) -> None:
    assert register(a_system(ground, "热线平台")).json()["senders"] == [{"system": "热线平台", "number": "GD1"}]


def test_nobody_claims_another_s_name(ground: Ground) -> None:
    other = a_system(ground, "110")
    assert problem_of(register(other, external_system="12345")) == (422, "rule_broken", ["external_system"])
    assert not Case.objects.exists()
    with pytest.raises(RuleViolation):
        a_system(ground, "热线平台", sender="110")


def test_two_senders_have_the_same_number_each_for_itself(ground: Ground) -> None:
    one, two = a_system(ground, "12345"), a_system(ground, "110")
    assert [register(calls).status_code for calls in (one, two)] == [201, 201]
    assert one.get(PUT).json()["code"] != two.get(PUT).json()["code"]


def test_a_repeat_is_a_409_that_names_the_case(ground: Ground) -> None:
    hotline = a_system(ground)
    code = register(hotline).json()["code"]
    again = register(hotline)
    assert problem_of(again) == (409, "number_known", ["external_number"])
    assert again.json()["case"] == code
    assert Case.objects.count() == 1


def test_a_repeat_of_what_one_does_not_see_names_no_case(ground: Ground) -> None:
    body = LAND | {"external_system": "12345", "external_number": "GD1"}
    assert as_person(ground.clerk).post(CASES, body, format="json").status_code == 201
    again = register(a_system(ground))
    assert problem_of(again)[:2] == (409, "number_known")
    assert "case" not in again.json()


def test_put_registers_once_and_then_supplements(ground: Ground) -> None:
    hotline = a_system(ground)
    first = hotline.put(PUT, LAND, format="json")
    assert first.status_code == 201, first.content.decode()
    again = hotline.put(PUT, LAND | {"request": "重新丈量"}, format="json")
    assert (again.status_code, again.json()["code"]) == (200, first.json()["code"])
    case = Case.objects.get()
    assert case.request == "重新丈量"
    party = case.parties.get()
    assert (party.phone, party.paper_number) == ("13847500001", "152327196503152419")


def test_put_of_the_same_changes_nothing_but_what_was_said(ground: Ground) -> None:
    hotline = a_system(ground)
    hotline.put(PUT, LAND, format="json")
    hotline.put(PUT, LAND, format="json")
    case = Case.objects.get()
    assert (case.narrative, case.parties.count(), case.corrections.count()) == (LAND["narrative"], 1, 0)


def test_put_needs_the_scopes_for_what_it_does(ground: Ground) -> None:
    only_later = a_system(ground, "12345", "cases:read", "cases:supplement")
    answer = only_later.put(PUT, LAND, format="json")
    assert problem_of(answer)[:2] == (403, "scope_missing")
    assert "cases:register" in answer.json()["detail"]
    reader = a_system(ground, "110", "cases:read", "cases:register")
    assert problem_of(reader.put(PUT, LAND, format="json"))[:2] == (403, "scope_missing")
    assert not Case.objects.exists()


def test_the_body_of_a_put_says_the_number_of_its_address(ground: Ground) -> None:
    answer = a_system(ground).put(PUT, LAND | {"external_number": "GD2"}, format="json")
    assert problem_of(answer) == (422, "rule_broken", ["external_number"])


def test_many_are_looked_up_in_one_call(ground: Ground) -> None:
    hotline = a_system(ground)
    code = register(hotline).json()["code"]
    answer = hotline.post(f"{CASES}lookup/", {"numbers": ["GD2", "GD1"]}, format="json").json()
    assert [(row["number"], row["case"] and row["case"]["code"]) for row in answer["results"]] == [
        ("GD2", None),
        ("GD1", code),
    ]
    assert problem_of(hotline.post(f"{CASES}lookup/", {"numbers": []}, format="json")) == (400, "invalid", ["numbers"])
    other = a_system(ground, "110")
    assert other.post(f"{CASES}lookup/", {"numbers": ["GD1"], "system": "12345"}, format="json").json() == {
        "results": [{"number": "GD1", "case": None}]
    }


def test_people_name_the_system_whose_number_they_look_for(ground: Ground) -> None:
    register(a_system(ground))
    manager = as_person(ground.manager)
    assert manager.get(PUT, {"system": "12345"}).status_code == 200
    assert problem_of(manager.get(PUT, {"system": "110"}))[0] == 404
