"""A reader beside eight writers, over HTTP: the feed and the list miss nothing and show nothing twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests  # noqa: TID251 - what an outside system calls with

from intake.models import Case
from tests.clients.conftest import Served
from tests.intake.api import LAND

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
WRITERS, EACH = 8, 6


class Caller:
    """One outside system's connection."""

    def __init__(self, served: Served) -> None:
        self.base = f"{served.url}/api/v1/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {served.centre}"

    def get(self, path: str) -> Any:
        answer = self.session.get(path if path.startswith("http") else self.base + path, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def write(self, number: str) -> str:
        """Register a case, and put its sender's correction to it; its code."""
        first = self.session.post(f"{self.base}cases/", json=LAND | {"external_number": number}, timeout=60)
        assert first.status_code == 201, first.text
        code = str(first.json()["code"])
        more = {"request": f"请尽快丈量（{number}）"}
        answer = self.session.post(f"{self.base}cases/{code}/supplement/", json=more, timeout=60)
        assert answer.status_code == 200, answer.text
        return code


def test_a_reader_beside_eight_writers_misses_nothing_and_sees_nothing_twice(served: Served) -> None:
    reader, after, done = Caller(served), "", threading.Event()
    after = reader.get("changes/?after=latest")["next"]
    seen: list[dict[str, Any]] = []
    pages: list[list[str]] = []

    def read() -> None:
        """What is new, and every page of the list, until the writers have ended and nothing is left."""
        nonlocal after
        while True:
            last = done.is_set()
            feed = reader.get(f"changes/?after={after}&limit=20")
            seen.extend(feed["results"])
            after = feed["next"]
            pages.append(_whole_list(reader))
            if last and not feed["results"] and not feed["more"]:
                return

    def write(at: int) -> list[str]:
        own = Caller(served)
        return [own.write(f"{at}-{n}") for n in range(EACH)]

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read)
        written = [code for codes in pool.map(write, range(WRITERS)) for code in codes]
        done.set()
        reading.result(timeout=600)

    assert len(set(written)) == WRITERS * EACH
    created = [entry["code"] for entry in seen if entry["change"] == "created"]
    changed = [entry["code"] for entry in seen if entry["change"] == "changed"]
    assert sorted(created) == sorted(written)
    assert sorted(changed) == sorted(written)
    assert len({entry["cursor"] for entry in seen}) == len(seen) == 2 * len(written)
    assert all(len(set(page)) == len(page) for page in pages), "no case stands twice on the pages of a list"
    assert set(pages[-1]) == set(Case.objects.values_list("code", flat=True)) >= set(written)


def _whole_list(reader: Caller) -> list[str]:
    codes: list[str] = []
    address = "cases/?limit=20"
    while address:
        page = reader.get(address)
        codes += [row["code"] for row in page["results"]]
        address = page["next"] or ""
    return codes
