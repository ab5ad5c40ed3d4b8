"""Whoever looks is answered from the database itself when the replica dies while it is read, and when it is gone."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from intake import actions
from tests.faults.copies import Server
from tests.faults.programs import await_that
from tests.intake.api import as_person
from tests.people import Ground, an_entry, make_ground
from zhongzhi.replica import FIT, REPLICA

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
LOOKS = {
    "figures": ("/api/v1/statistics/?period=month", "application/json", ""),
    "list": ("/api/v1/cases/", "application/json", ""),
    "stream": ("/api/v1/cases/", "application/x-ndjson", "json_build_object"),
    "table": ("/cases/export/?format=xlsx", "*/*", ""),
}
"""Address, what is accepted, and in which statement on the replica it dies."""


@pytest.fixture
def ground() -> Ground:
    ground = make_ground()
    actions.register_case(an_entry(), actor=ground.clerk)
    return ground


@pytest.fixture
def standby(ground: Ground, settings: Any) -> Iterator[Server]:
    """A real one of the test's own server, which this process may read."""
    folder, ours = Path(tempfile.mkdtemp(prefix="zz-", dir="/tmp")), connection.settings_dict
    folder.chmod(0o711)
    there = Server(folder / "standby", ours["NAME"])
    try:
        there.copied_from(str(ours["HOST"]), "postgres", "-X", "stream", "-R")
        there.start(hot_standby_feedback="on", primary_conninfo=f"'host={ours['HOST']} user=postgres'", **ALIKE)
        connections[REPLICA] = connection.copy(REPLICA)
        connections[REPLICA].settings_dict["HOST"] = str(there.folder)
        settings.DATABASE_REPLICA_URL = "postgres://replica"
        yield there
    finally:
        connections[REPLICA].close()
        del connections[REPLICA]
        there.stop()
        shutil.rmtree(folder)


ALIKE = {"max_connections": "200"}
"""A standby allows no fewer than its primary."""


@pytest.mark.parametrize("look", LOOKS)
def test_a_replica_that_dies_while_it_is_read_costs_nobody_the_answer(
    look: str, ground: Ground, standby: Server
) -> None:
    path, accept, dying = LOOKS[look]
    actions.register_case(an_entry(), actor=ground.clerk)  # from whose replay on the replica is known to be no older
    latest = connection.cursor()
    latest.execute("SELECT pg_current_wal_insert_lsn()")  # the test server writes it out a moment later
    mark = latest.fetchone()[0]
    await_that(lambda: bool(standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{mark}'")[0][0]), "the replica")
    asked: list[str] = []
    hit: list[str] = []

    def dies(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if FIT in asked and dying in sql and not hit:
            hit.append(sql)
            killed(standby, connections[REPLICA].connection.info.backend_pid)
        asked.append(sql)
        return execute(sql, params, many, context)

    with connections[REPLICA].execute_wrapper(dies):
        assert_answered(ground, path, accept)
    assert hit, "it was not read"
    assert_answered(ground, path, accept)


def assert_answered(ground: Ground, path: str, accept: str) -> None:
    answer = as_person(ground.leader).get(path, headers={"accept": accept})
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if accept == "application/x-ndjson":
        assert len(content.splitlines()) == 2
    assert content


def killed(server: Server, backend: int) -> None:
    """With SIGKILL, and wait until the process that serves us has noticed."""
    named = server.data / "postmaster.pid"
    os.kill(int(named.read_text().split()[0]), signal.SIGKILL)
    named.unlink()  # nobody need wait for it in the end
    await_that(lambda: not Path(f"/proc/{backend}").exists() or is_dead(backend), "its end")


def is_dead(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
