"""An installation under maintenance: closed, or read and not written."""

import pytest
from django.test import Client
from pytest_django import Settings

from intake.models import Case
from tests.intake.api import LAND, as_person
from tests.people import Ground

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/login/", "/cases/", "/q/", "/api/v1/cases/"])
def test_a_closed_installation_says_so_everywhere(path: str, settings: Settings) -> None:
    settings.MODE = "closed"
    answer = Client().get(path)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert "系统正在维护" in answer.content.decode()


def test_who_watches_is_answered_all_the_same(settings: Settings) -> None:
    settings.MODE = "closed"
    assert Client().get("/healthz").status_code == 200
    assert "faults" in Client().get("/readyz").json()


def test_read_only_shows_pages_and_saves_nothing(ground: Ground, settings: Settings) -> None:
    clerk, browser = as_person(ground.clerk), Client()
    browser.force_login(ground.clerk)
    settings.MODE = "read-only"
    assert browser.get("/cases/").status_code == 200
    assert clerk.get("/api/v1/cases/").status_code == 200
    refused = clerk.post("/api/v1/cases/", LAND, format="json")
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "read_only", "60")
    typed = browser.post("/cases/register/", {"narrative": "x"}, headers={"HX-Request": "true"})
    assert (typed.status_code, typed["HX-Retarget"]) == (503, "#notes"), "the page with what was typed stays"
    assert not Case.objects.exists()
    assert browser.post("/logout/").status_code == 302


def test_an_open_installation_is_as_ever(ground: Ground) -> None:
    assert as_person(ground.clerk).post("/api/v1/cases/", LAND, format="json").status_code == 201
