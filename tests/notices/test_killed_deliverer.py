"""A deliverer that is killed in the middle loses nothing and repeats nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import deliver_due, post
from zhongzhi.notices.models import Notice, OutboxMessage

DELIVERER = """
import json, os, django
django.setup()
from django.db import connection
from django.utils import timezone
from zhongzhi.notices.actions import deliver_due
connection.settings_dict.update(json.loads(os.environ["TEST_DATABASE"]))
deliver_due(timezone.now())
"""


def await_that(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def others_at_work() -> int:
    """Connections to the test database, other than this one, that are inside of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def waiting_to_write() -> bool:
    """Whether somebody waits for a lock on the table of notices."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE relation = 'notices_notice'::regclass AND NOT granted")
        return cursor.fetchone() is not None


@contextmanager
def a_deliverer() -> Iterator[subprocess.Popen[bytes]]:
    place = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    worker = subprocess.Popen(
        [sys.executable, "-c", DELIVERER], env=os.environ | {"TEST_DATABASE": json.dumps(place, default=str)}
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_deliverer_killed_in_the_middle_leaves_the_message_due(officer: User) -> None:
    post([officer], "kind", title="t", key="k")
    with a_deliverer() as worker, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE notices_notice IN SHARE MODE")
        await_that(waiting_to_write, "the deliverer holds the message and writes the notice")
        assert deliver_due(timezone.now()) == 0, "another one passes the locked message over"
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    await_that(lambda: others_at_work() == 0, "the database notices that the deliverer is gone")
    assert not Notice.objects.exists()
    assert OutboxMessage.objects.get().delivered_at is None
    assert deliver_due(timezone.now()) == 1
    assert Notice.objects.count() == 1
    assert deliver_due(timezone.now()) == 0
