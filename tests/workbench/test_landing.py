"""Where one begins: who walks own grids and comes with a phone at the page of the field, everybody else at the desk."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.people import Ground

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 10; V2031A) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36"


def home(user: Any, agent: str, **headers: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get("/", headers={"user-agent": agent, **headers})


def lands(user: Any, agent: str, **headers: str) -> str:
    answer = home(user, agent, **headers)
    return str(answer["Location"]) if answer.status_code == 302 else "/"


def test_a_grid_worker_with_a_phone_lands_on_the_page_of_the_field(ground: Ground) -> None:
    assert lands(ground.grid_worker, PHONE) == "/field/"
    assert lands(ground.grid_worker, DESK, **{"sec-ch-ua-mobile": "?1"}) == "/field/"
    assert lands(ground.grid_worker, PHONE, referer="http://testserver/login/") == "/field/"
    assert lands(ground.grid_worker, PHONE, referer="https://elsewhere.example/") == "/field/"


def test_who_presses_the_desk_on_the_phone_gets_the_desk(ground: Ground) -> None:
    for page in ("/field/", "/cases/", "/notices/"):
        assert lands(ground.grid_worker, PHONE, referer=f"http://testserver{page}") == "/"


def test_others_and_other_machines_begin_at_the_desk(ground: Ground) -> None:
    assert lands(ground.grid_worker, DESK) == "/"
    assert lands(ground.grid_worker, PHONE, **{"sec-ch-ua-mobile": "?0"}) == "/"
    assert lands(ground.clerk, PHONE) == "/"
    assert lands(ground.manager, PHONE) == "/"


@pytest.mark.parametrize(
    ("person", "is_told"),
    [
        ("clerk", False),
        ("dispatcher", False),
        ("handler", False),
        ("manager", True),
        ("leader", True),
        ("system_admin", True),
    ],
)
def test_in_december_who_can_do_something_about_it_is_told_that_the_next_year_is_missing(
    person: str, is_told: bool, ground: Ground
) -> None:
    for day, expected in (
        (datetime(2026, 11, 30, 4, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 4, tzinfo=UTC), is_told),
    ):
        with time_machine.travel(day):
            assert ("放假安排尚未录入" in home(ground.people[person], DESK).content.decode()) is expected
