"""A program asks who it is to the API and which codes there are, and keeps the answer while it holds."""

import pytest

from intake.models import Category, Risk
from tests.intake.api import anonymous, as_person, as_system, problem_of
from tests.people import Ground

pytestmark = pytest.mark.django_db


def test_a_system_is_told_its_scopes_sight_sender_and_ends(ground: Ground) -> None:
    body = as_system(ground, "cases:write").get("/api/v1/me/").json()
    assert (body["name"], body["kind"]) == ("网格平台", "service")
    assert body["client"]["scopes"] == ["cases:register", "cases:supplement", "cases:write"]
    assert (body["client"]["sight"], body["client"]["sender"]) == ("organisation", "网格平台")
    assert body["token_ends_at"] is not None
    assert [(row["name"], row["role"]) for row in body["postings"]] == [(ground.county_centre.name, "api_client")]


def test_a_person_is_told_their_posts(ground: Ground) -> None:
    body = as_person(ground.clerk).get("/api/v1/me/").json()
    assert (body["kind"], body["client"], body["postings"][0]["role"]) == ("person", None, "clerk")


def test_nobody_is_told_nothing() -> None:
    for path in ("me", "categories", "codes", "codes/risk"):
        assert anonymous().get(f"/api/v1/{path}/").status_code == 401


def test_the_categories_are_told_with_their_groups_and_kept_while_they_hold(ground: Ground) -> None:
    system = as_system(ground, "cases:register")
    answer = system.get("/api/v1/categories/")
    rows = {row["code"]: row for row in answer.json()["results"]}
    assert rows["0901"]["group"] == "09"
    assert rows["09"]["group"] is None
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert system.get("/api/v1/categories/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    Category.objects.filter(code="0901").update(name="别的名称")
    assert system.get("/api/v1/categories/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 200


def test_a_list_of_codes_has_every_code_with_its_label(ground: Ground) -> None:
    system = as_system(ground, "cases:register")
    body = system.get("/api/v1/codes/risk/").json()
    assert [(row["code"], row["label"]) for row in body["codes"]] == [(c, str(text)) for c, text in Risk.choices]
    names = [row["name"] for row in system.get("/api/v1/codes/").json()["results"]]
    assert {"case-status", "outcome", "road", "channel", "party-role"} <= set(names)
    assert "draft" not in {row["code"] for row in system.get("/api/v1/codes/case-status/").json()["codes"]}
    assert problem_of(system.get("/api/v1/codes/colours/"))[:2] == (404, "not_found")
