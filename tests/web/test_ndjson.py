"""Every list of the API can be had as lines; they say what its pages say, one after another."""

import json
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.intake import ways
from tests.intake.api import as_person
from tests.people import Ground
from zhongzhi.web import paging
from zhongzhi.web.ndjson import MEDIA_TYPE

pytestmark = pytest.mark.django_db


def _lists() -> list[str]:
    """The addresses of all lists that hang on nothing else."""
    paths = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text())["paths"]
    content = {
        path: told.get("get", {}).get("responses", {}).get("200", {}).get("content", {}) for path, told in paths.items()
    }
    return [path for path, kinds in content.items() if MEDIA_TYPE in kinds and "{" not in path]


def _pages(client: Any, path: str) -> list[Any]:
    rows, address = [], f"{path}?limit=2"
    while address:
        page = client.get(address).json()
        rows += page["results"]
        address = page["next"]
    return rows


def _lines(client: Any, path: str) -> list[Any]:
    answer = client.get(path, headers={"Accept": MEDIA_TYPE})
    assert (answer.status_code, answer["Content-Type"]) == (200, MEDIA_TYPE)
    return [json.loads(line) for line in answer.getvalue().decode().splitlines()]


def test_the_lines_of_every_list_are_the_rows_of_its_pages(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_SIZE", 2)
    for _ in range(5):
        ways.handling(ground)
    client, filled = as_person(ground.manager), set()
    for path in _lists():
        rows = _pages(client, path)
        assert _lines(client, path) == rows, path
        filled |= {path.split("/")[3]} if len(rows) > 2 else set()
    assert filled >= {"cases", "organisations", "people", "territories"}


def test_a_stream_reads_by_pages_and_counts_nothing(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_SIZE", 2)
    client = as_person(ground.manager)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = _lines(client, "/api/v1/organisations/?total=1")
    read = [one["sql"] for one in asked if 'FROM "grids_organisation"' in one["sql"] and "LIMIT 3" in one["sql"]]
    assert len(read) == (len(rows) + 1) // 2
    assert not [one for one in asked if "COUNT(*)" in one["sql"]]


def test_a_refusal_and_a_single_thing_are_one_line(ground: Ground) -> None:
    client = as_person(ground.manager)
    refused = client.get("/api/v1/organisations/?limit=0", headers={"Accept": MEDIA_TYPE})
    assert refused.status_code == 400
    assert json.loads(refused.content)["errors"]["limit"]
    me = client.get("/api/v1/me/", headers={"Accept": MEDIA_TYPE})
    assert json.loads(me.content) == client.get("/api/v1/me/").json()
