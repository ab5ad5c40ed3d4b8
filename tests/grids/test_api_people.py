"""People and posts over REST: whom one keeps, or who serves in the territory of the system that asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grids.actions import post_person
from grids.models import Role
from tests.intake.api import as_person, as_system, problem_of
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user, issue_token, register_client

pytestmark = pytest.mark.django_db
ALL = "/api/v1/people/"


def names(answer: object) -> set[str]:
    return {row["username"] for row in answer.json()["results"]}  # type: ignore[attr-defined]


def test_a_system_reads_who_serves_in_its_territory_with_posts_and_without_phones(ground: Ground) -> None:
    ground.clerk.phone = "13847500001"
    ground.clerk.save()
    answer = as_system(ground, "people:read").get(f"{ALL}?role=clerk")
    assert names(answer) == {"clerk", "town_clerk"}
    row = next(row for row in answer.json()["results"] if row["username"] == "clerk")
    (post,) = row["posts"]
    assert (post["organisation_name"], post["role_label"], post["ends_on"]) == ("旗综治中心", "窗口受理员", None)
    assert "13847500001" not in answer.content.decode()


def test_a_system_posted_in_a_town_reads_that_town_only(ground: Ground) -> None:
    outside = register_client("镇平台", ["people:read"])
    post_person(outside.user, ground.juri_centre, Role.API_CLIENT, starts_on=STARTS)
    client = as_system(ground)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(outside).text}")
    assert names(client.get(ALL)) == {
        "town_clerk", "town_dispatcher", "town_manager", "town_handler", "village_manager", "grid_worker",
    }  # fmt: skip
    assert client.get(f"{ALL}{ground.town_clerk.pk}/").json()["name"] == "刘芳"
    assert client.get(f"{ALL}{ground.clerk.pk}/").status_code == 404


def test_without_the_scope_a_system_is_refused_and_so_are_people_who_keep_nobody(ground: Ground) -> None:
    assert problem_of(as_system(ground, "cases:read").get(ALL))[:2] == (403, "scope_missing")
    for who in ("clerk", "handler", "auditor", "security_admin"):
        assert as_person(ground.people[who]).get(ALL).status_code == 403
    assert names(as_person(ground.village_manager).get(ALL)) == {"village_manager", "grid_worker"}
    assert as_person(ground.village_manager).get(f"{ALL}{ground.clerk.pk}/").status_code == 404


def test_a_page_costs_the_same_for_few_and_many(ground: Ground) -> None:
    client = as_system(ground, "people:read")
    with CaptureQueriesContext(connection) as few:
        client.get(ALL)
    for n in range(10):
        post_person(create_user(username=f"more{n}", name="新人"), ground.juri_centre, Role.CLERK, starts_on=STARTS)
    with CaptureQueriesContext(connection) as many:
        assert len(names(client.get(ALL))) > 10
    assert len(many) <= len(few)
