"""A prefecture's installation follows two counties', each a program with a database of its own, killed in between."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests.faults.programs import await_that, kill

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
COUNTIES = ("zhalute", "kailu")
NAMES = ("prefecture", *COUNTIES)
CASES = 12
PATIENCE = 300
TAKEN = "SELECT count(*) FROM workbench_exchangeitem"
OF_COUNTY = """
    SELECT item.key, item.reason FROM workbench_exchangeitem AS item
    JOIN accounts_apiclient AS client ON client.id = item.client_id WHERE client.name = %s
"""
OUT_OF_ORDER = """
    SELECT number, sequence FROM (
        SELECT number, sequence, lag(sequence) OVER (PARTITION BY client_id, number ORDER BY id) AS before
        FROM workbench_exchangeitem
    ) AS item WHERE before >= sequence
"""
FOLLOWED = """
    SELECT reported.code, reported.version, reported.status FROM workbench_reportedcase AS reported
    JOIN accounts_apiclient AS client ON client.id = reported.client_id WHERE client.name = %s ORDER BY reported.code
"""
Started = subprocess.Popen[bytes]


class Levels:
    """The three installations: their databases, environments and programs."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[Started] = []
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, name: str) -> dict[str, str]:
        place, number = connection.settings_dict, 9 + NAMES.index(name)
        return os.environ | {
            "DATABASE_URL": f"postgres://{place['USER']}@/{place['HOST']}/level_{name}",
            "REDIS_URL": f"{settings.REDIS_URL.partition('?')[0]}?db={number}",
            "WEBHOOK_NETWORKS": "127.0.0.0/8",
            "API_CLIENT_PER_MINUTE": "1000000",
        }

    def start(self, name: str, *words: str) -> Started:
        with (self.logs / f"{name}.log").open("ab") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=settings.BASE_DIR, env=self.environment(name), stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        self.running.append(program)
        return program

    def serve(self) -> Started:
        """The prefecture's web server, which answers."""
        words = ("gunicorn", "zhongzhi.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4")
        program = self.start("prefecture", *words)
        await_that(self._answers, "the prefecture answers", seconds=PATIENCE)
        return program

    def do(self, name: str, *words: str) -> str:
        """A step of an installation, to its end; what it printed."""
        command = [sys.executable, "-m", "tests.faults.instance", *words]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment(name), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, name: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from its database."""
        place = connection.settings_dict
        own = psycopg2.connect(host=place["HOST"], user=place["USER"], dbname=f"level_{name}")
        with closing(own), own.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def taken(self, at_least: int) -> Callable[[], bool]:
        return lambda: self.rows("prefecture", TAKEN)[0][0] >= at_least

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


@pytest.fixture
def levels(transactional_db: None, tmp_path: Path) -> Iterator[Levels]:
    """Three databases, copied from the migrated one."""
    template = settings.DATABASES["default"]["TEST"]["TEMPLATE"]
    with connection._nodb_cursor() as cursor:
        for name in NAMES:
            cursor.execute(f'DROP DATABASE IF EXISTS "level_{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "level_{name}" TEMPLATE "{template}"')
    made = Levels(tmp_path)
    yield made
    for program in made.running:
        kill(program)
    with connection._nodb_cursor() as cursor:
        for name in NAMES:
            cursor.execute(f'DROP DATABASE IF EXISTS "level_{name}" WITH (FORCE)')


def test_a_prefecture_follows_two_counties_with_kills_in_between(levels: Levels) -> None:
    tokens = json.loads(levels.do("prefecture", "prefecture", *COUNTIES).splitlines()[-1])
    server = levels.serve()
    for name in COUNTIES:
        levels.do(name, "county", f"{levels.address}/api/v1/exchange/upper/", tokens[name])
    live = {name: levels.start(name, "tests.faults.instance", "live", str(CASES)) for name in COUNTIES}
    await_that(levels.taken(6), "the first reports", seconds=PATIENCE)
    kill(live["zhalute"])
    await_that(levels.taken(14), "the other county reports", seconds=PATIENCE)
    kill(server)
    live["zhalute"] = levels.start("zhalute", "tests.faults.instance", "live", str(CASES))
    kill(live["kailu"])
    server = levels.serve()
    live["kailu"] = levels.start("kailu", "tests.faults.instance", "live", str(CASES))
    for name in COUNTIES:
        assert live[name].wait(timeout=PATIENCE) == 0, (levels.logs / f"{name}.log").read_text()
        levels.do(name, "drain")
    for name in COUNTIES:
        _nothing_missed_nothing_twice(levels, name)
    assert levels.rows("prefecture", OUT_OF_ORDER) == []


def _nothing_missed_nothing_twice(levels: Levels, name: str) -> None:
    changes = levels.rows(name, "SELECT count(*) FROM intake_casechange")[0][0]
    told = levels.rows(name, "SELECT uid::text FROM workbench_webhookdelivery WHERE sent_at IS NOT NULL")
    taken = levels.rows("prefecture", OF_COUNTY, name)
    assert changes == len(told) >= CASES * 2
    assert sorted(key for key, _ in taken) == sorted(uid for (uid,) in told)
    assert {reason for _, reason in taken} == {""}, "none came after a later one"
    cases = levels.rows(name, "SELECT code, version, status FROM intake_case ORDER BY code")
    assert len(cases) >= CASES
    assert levels.rows("prefecture", FOLLOWED, name) == cases
