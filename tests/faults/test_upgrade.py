"""The release before works on while its tables are brought to this one, and on the new tables afterwards."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests  # noqa: TID251 - as a browser
from django.conf import settings
from django.db import connection

from tests.architecture.test_migrations_beside import ROOT, release_before
from tests.faults.programs import await_that
from tests.faults.standing import free_port
from tests.intake.api import LAND
from tests.operations.elsewhere import Elsewhere, another_installation

pytestmark = [pytest.mark.nodes, pytest.mark.django_db(transaction=True)]
CSRF = "c" * 32
CLIENTS = 4
GROUND = """
import json
from django.test import Client
from tests.people import make_ground
ground = make_ground()
keys = {}
for name in ("clerk", "dispatcher", "leader"):
    client = Client()
    client.force_login(getattr(ground, name))
    keys[name] = client.cookies["sessionid"].value
print(json.dumps(keys))
"""


class Release:
    """The program of the release before, in a folder of its own, on the other installation."""

    def __init__(self, there: Elsewhere, folder: Path) -> None:
        self.folder, self.there = folder, there
        packed = subprocess.run(["git", "archive", release_before()], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=BytesIO(packed)) as tar:
            tar.extractall(folder, filter="data")
        place = connection.settings_dict
        self.environment = (
            os.environ
            | there.keys
            | {
                "DATABASE_URL": f"postgres://{place['USER']}@/{place['HOST']}/{there.database}",
                "REDIS_URL": settings.REDIS_URL,
                "ZHONGZHI_DATA": str(there.data),
                "DEBUG": "1",  # pages without the collected static files
                "LOG_LEVEL": "WARNING",
            }
        )

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def serves(self, port: int, log: Path) -> "subprocess.Popen[bytes]":
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "zhongzhi.wsgi:application", "--bind", f"127.0.0.1:{port}",
                 "--workers", "2", "--timeout", "120"],
                cwd=self.folder, env=self.environment, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip


class Load:
    """Clerks and dispatchers who do not stop; what they were answered, by act and status."""

    def __init__(self, node: str, keys: dict[str, str]) -> None:
        self.node, self.keys = node, keys
        self.answers: Counter[tuple[str, int]] = Counter()
        self.codes: list[str] = []
        self.bodies: list[str] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._work) for _ in range(CLIENTS)]

    def begin(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def rounds(self) -> int:
        return self.answers["register", 201]

    def _work(self) -> None:
        while not self.over.is_set():
            self._case()

    def _case(self) -> None:
        """A case from its registration on, by the pages and the API of the release before."""
        made = self._asked("clerk", "register", "POST", "/api/v1/cases/", json=LAND)
        if made.status_code != 201:
            return
        code = made.json()["code"]
        self.codes.append(code)
        address = f"/api/v1/cases/{code}/"
        self._asked(
            "clerk", "attach", "POST", f"{address}attachments/", files={"file": ("a.pdf", _pdf(), "application/pdf")}
        )
        self._asked("dispatcher", "accept", "POST", f"{address}accept/", json={"risk": "yellow", "note": "涉地"})
        for who, act, path in (
            ("clerk", "case page", f"/cases/{code}/"),
            ("clerk", "list page", "/cases/"),
            ("dispatcher", "home page", "/"),
            ("clerk", "list", "/api/v1/cases/"),
            ("dispatcher", "files", f"{address}attachments/"),
            ("leader", "figures", "/figures/"),
            ("leader", "statistics", "/api/v1/statistics/"),
        ):
            self._asked(who, act, "GET", path)

    def _asked(self, who: str, act: str, method: str, path: str, **content: Any) -> requests.Response:
        cookies = {"sessionid": self.keys[who], "csrftoken": CSRF}
        answer = requests.request(
            method, self.node + path, cookies=cookies, headers={"X-CSRFToken": CSRF}, timeout=120, **content
        )
        self.answers[act, answer.status_code] += 1
        if answer.status_code >= 500:
            self.bodies.append(f"{act}: {answer.text[:400]}")
        return answer


def _pdf() -> bytes:
    from tests.files.samples import PDF

    return PDF


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Release]:
    with another_installation(tmp_path) as there:
        folder = tmp_path / "release-before"
        folder.mkdir()
        yield Release(there, folder)
        shutil.rmtree(folder)


def test_the_release_before_answers_everything_while_the_tables_are_upgraded_and_after(
    before: Release, tmp_path: Path
) -> None:
    before.manage("migrate", "--noinput", "--verbosity", "0")
    before.manage("load_tables")
    keys = json.loads(before.manage("shell", "--verbosity", "0", "-c", GROUND).splitlines()[-1])
    port, log = free_port(), tmp_path / "before.log"
    program = before.serves(port, log)
    load = Load(f"http://127.0.0.1:{port}", keys)
    try:
        await_that(lambda: _is_up(load.node), "the release before", seconds=240)
        load.begin()
        await_that(lambda: load.rounds() >= CLIENTS, "work before the upgrade", seconds=240)
        upgraded = before.there.manage("upgrade", "--no-backup")
        assert upgraded.returncode == 0, upgraded.stderr[-3000:]
        reached = load.rounds()
        await_that(lambda: load.rounds() >= reached + 2 * CLIENTS, "work on the new tables", seconds=240)
    finally:
        load.end()
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    print(upgraded.stdout, dict(sorted(load.answers.items())))  # noqa: T201 - what was asked, for `-s`
    assert not load.bodies, (load.bodies[:3], log.read_text(errors="replace")[-3000:])
    assert {status for _, status in load.answers} <= {200, 201}
    kept = {code for (code,) in before.there.sql("SELECT code FROM intake_case WHERE code IS NOT NULL")}
    assert kept == set(load.codes), "every acknowledged registration, and no other"
    assert "已是最新" in before.there.manage("upgrade", "--no-backup").stdout
    checked = before.there.manage("verify_trail")
    assert checked.returncode == 0, checked.stdout


def _is_up(node: str) -> bool:
    try:
        return requests.get(f"{node}/healthz", timeout=5).status_code == 200
    except requests.RequestException:
        return False
