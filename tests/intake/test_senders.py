"""A case that came from elsewhere shows its sender and number wherever it is shown."""

import pytest
from django.test import Client

from tests.intake import ways
from tests.intake.api import as_person
from tests.people import Ground

pytestmark = pytest.mark.django_db
SENT = {"external_system": "12345", "external_number": "GD2026112300001"}
SHOWN = [{"system": "12345", "number": "GD2026112300001"}]


def test_pages_lists_and_exports_show_it(ground: Ground) -> None:
    case = ways.registered(ground, **SENT)
    ways.registered(ground)
    client = Client()
    client.force_login(ground.dispatcher)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "12345编号" in page and "GD2026112300001" in page
    listed = client.get("/cases/", {"columns": ["senders"]}).content.decode()
    assert "12345 GD2026112300001" in listed
    rows = b"".join(client.get("/cases/export/", {"columns": ["senders"], "format": "csv"}).streaming_content).decode()
    assert "来源编号" in rows and rows.count("12345 GD2026112300001") == 1


def test_programs_read_it_back_and_find_by_it(ground: Ground) -> None:
    case = ways.registered(ground, **SENT)
    ways.registered(ground, external_system="110", external_number="J1")
    client = as_person(ground.dispatcher)
    assert client.get(f"/api/v1/cases/{case.code}/").json()["senders"] == SHOWN
    for asked in (
        {"external_number": "GD2026112300001"},
        {"external_system": "12345"},
        {"q": "GD2026112300001"},
    ):
        rows = client.get("/api/v1/cases/", asked | {"fields": "code,senders"}).json()["results"]
        assert rows == [{"code": case.code, "senders": SHOWN}]
    assert client.get("/api/v1/cases/", {"external_number": "GD20261123"}).json()["results"] == []


def test_a_case_of_this_window_has_none(ground: Ground) -> None:
    case = ways.registered(ground)
    assert as_person(ground.dispatcher).get(f"/api/v1/cases/{case.code}/").json()["senders"] == []
