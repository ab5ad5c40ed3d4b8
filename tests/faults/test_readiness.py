"""Every fault an installation can have turns /readyz red under its name, and mended it is green again by itself.

The table stands in docs/operations.md too; a test compares.
"""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from django.utils import timezone

from devkit.servers.valkey import Valkey
from tests.faults.programs import WORKER, await_that, celery
from workbench.operations.health import SILENT
from zhongzhi import alive, set_aside
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.tasks_base import note_beat

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
Fault = Callable[[Path], AbstractContextManager[object]]
GUIDE = settings.BASE_DIR / "docs" / "operations.md"


def told() -> tuple[int, list[str]]:
    """The answer of the page: its status, and which parts it names."""
    answer = Client().get("/readyz")
    return answer.status_code, sorted(answer.json()["faults"])


@contextmanager
def disk_full(folder: Path) -> Iterator[None]:
    """More is wanted free than any disk has."""
    with override_settings(DISK_FREE_MB=10**12):
        yield


@contextmanager
def files_unwritable(folder: Path) -> Iterator[None]:
    """The folder of files cannot be made, as on a disk that is mounted read-only."""
    (folder / "a-file").touch()
    with override_settings(MEDIA_ROOT=folder / "a-file" / "files"):
        yield


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The database refuses writes, as a standby does."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    connection.close()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        connection.close()


@contextmanager
def database_away(folder: Path) -> Iterator[None]:
    """Nobody listens where the database was."""
    place = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(folder)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = place


@contextmanager
def locked_out(folder: Path) -> Iterator[None]:
    """Somebody holds the table that is tried."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE intake_counter IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def migration_missing(folder: Path) -> Iterator[None]:
    """The program is newer than the tables."""
    recorder = MigrationRecorder(connection)
    app_label, name = max(key for key in recorder.applied_migrations() if key[0] == "workbench")
    recorder.record_unapplied(app_label, name)
    try:
        yield
    finally:
        recorder.record_applied(app_label, name)


@contextmanager
def clock_wrong(folder: Path) -> Iterator[None]:
    """This machine is half a minute behind the database; the signs of the others are as old as they were."""
    with time_machine.travel(timezone.now() - timedelta(seconds=30), tick=True):
        yield


@contextmanager
def messages_wait(folder: Path) -> Iterator[None]:
    """A message is due since an hour."""
    message = OutboxMessage.objects.create(
        key="readiness", topic="nobody", payload={}, next_attempt_at=timezone.now() - timedelta(hours=1)
    )
    yield
    message.delete()


@contextmanager
def broker_away(folder: Path) -> Iterator[None]:
    """Nobody listens where the broker was."""
    with override_settings(REDIS_URL=f"unix://{folder}/valkey.sock?db=0"):
        yield


def silent(sign: str, seconds: float) -> Fault:
    """The last sign is so old."""

    @contextmanager
    def fault(folder: Path) -> Iterator[None]:
        cache.set(sign, timezone.now().timestamp() - seconds, None)
        yield
        all_signs()

    return fault


@contextmanager
def rows_set_aside(folder: Path) -> Iterator[None]:
    """A sweep fails at row after row."""

    def refuse(share: set_aside.Share) -> int:
        raise ValueError("poisoned")

    rows = [OutboxMessage(key=f"aside-{n}", topic="nobody", payload={}) for n in range(25)]
    OutboxMessage.objects.bulk_create(rows)
    own = OutboxMessage.objects.filter(topic="nobody").order_by("pk")
    sweep = set_aside.Sweep("clocks", lambda: own, refuse, 100)
    sweep.run(timezone.now())
    yield
    set_aside.Sweep("clocks", lambda: own, lambda share: 1, 100).run(timezone.now() + timedelta(hours=2))
    own.delete()


TABLE: dict[str, tuple[str, Fault]] = {
    "the disk of the data folder is full": ("disk", disk_full),
    "files cannot be written": ("files", files_unwritable),
    "the database is away": ("database", database_away),
    "the database is read-only": ("writes", read_only),
    "the table that is tried is locked": ("writes", locked_out),
    "migrations are missing": ("migrations", migration_missing),
    "the clock differs from the database's": ("clock", clock_wrong),
    "messages wait": ("outbox", messages_wait),
    "the broker is away": ("broker", broker_away),
    "beat is gone": ("beat", silent(alive.BEAT, 11)),
    "no worker is left": ("worker", silent(alive.WORKER, 11)),
    "tasks come to no end": ("tasks", silent("metrics:beat", 121)),
    "many rows are set aside": ("set-aside", rows_set_aside),
}


def all_signs() -> None:
    alive.note(alive.BEAT)
    alive.note(alive.WORKER)
    note_beat()


@pytest.mark.parametrize("fault", TABLE)
def test_a_fault_is_red_under_its_name_and_green_when_it_is_mended(fault: str, tmp_path: Path) -> None:
    name, brought_about = TABLE[fault]
    all_signs()
    assert told() == (200, [])
    with brought_about(tmp_path):
        assert told() == (503, [name])
        assert Client().get("/healthz").status_code == 200
    assert told() == (200, [])


def test_the_guide_has_a_line_for_every_fault() -> None:
    part = GUIDE.read_text().partition("\n### Faults that readiness names\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| ([^|]+) \| `([a-z-]+)` \|", part, re.M) == [(f, name) for f, (name, _) in TABLE.items()]


def test_beat_and_worker_leave_their_signs_and_are_missed_when_they_are_killed(tmp_path: Path) -> None:
    broker = Valkey(tmp_path, fast=True)
    broker.start()
    address = f"unix://{broker.socket}?db=0"
    own = {**settings.CACHES["default"], "LOCATION": address}
    beat_args = ("beat", "--schedule", str(tmp_path / "beat"), "--pidfile=", "--loglevel", "WARNING")
    with ExitStack() as stack:
        stack.callback(broker.stop)
        stack.enter_context(override_settings(REDIS_URL=address, CACHES={"default": own}))
        worker = stack.enter_context(celery(*WORKER, log=tmp_path / "worker.log"))
        beat = stack.enter_context(celery(*beat_args, log=tmp_path / "beat.log"))
        await_that(lambda: told() == (200, []), "all is well")
        beat.send_signal(signal.SIGKILL)
        await_that(lambda: told() == (503, ["beat"]), "beat is missed")
        stack.enter_context(celery(*beat_args, log=tmp_path / "beat.log"))
        await_that(lambda: told() == (200, []), "beat is back")
        worker.send_signal(signal.SIGKILL)
        await_that(lambda: "worker" in told()[1], "the worker is missed")
        broker.stop()
        assert told() == (503, ["broker"])


def test_what_falls_silent_is_named_within_fifteen_seconds() -> None:
    assert alive.EVERY < SILENT
    assert SILENT + alive.EVERY <= 15
