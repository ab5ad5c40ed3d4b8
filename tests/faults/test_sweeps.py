"""Two workers and two beats, or a worker killed in the middle: every due clock is breached once, none is lost."""

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from intake.deadlines.models import Clock
from intake.tasks import BATCH, sweep_clocks
from tests.faults.programs import WORKER, await_that, celery, kill
from tests.intake import ways
from tests.people import make_ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.celery import app
from zhongzhi.notices.models import OutboxMessage

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _empty_broker() -> None:
    """The broker of this test, without what others left; kombu's lists and the cache share the number."""
    cache.clear()


def due_clocks(number: int) -> list[Clock]:
    """Clocks that ran out an hour ago, in one order for everyone."""
    case = ways.registered(make_ground())
    ways.copies(case, number - 1)
    now = timezone.now()
    clocks = list(Clock.objects.order_by("pk"))
    for at, clock in enumerate(clocks):
        clock.started_at, clock.due_at = now - timedelta(days=2), now - timedelta(hours=2) + timedelta(seconds=at)
        clock.next_at = clock.due_at
    Clock.objects.bulk_update(clocks, ["started_at", "due_at", "next_at"])
    return clocks


def left() -> int:
    return Clock.objects.filter(breached_at=None).count()


def assert_each_once(clocks: list[Clock]) -> None:
    """One line in the trail and one message for each clock, however often it was looked at."""
    entries = TrailEntry.objects.filter(verb="clock_breached")
    assert sorted(entry.facts["clock"] for entry in entries) == [clock.pk for clock in clocks]
    keys = [
        key.split(":") for key in OutboxMessage.objects.filter(key__startswith="clock:").values_list("key", flat=True)
    ]
    told = Counter((int(clock), user) for _, clock, _, _, user in keys)
    assert {clock for clock, _ in told} == {clock.pk for clock in clocks}
    assert set(told.values()) == {1}
    sweep_clocks()
    assert TrailEntry.objects.filter(verb="clock_breached").count() == len(clocks)


def test_two_workers_and_two_beats_breach_each_due_clock_once(tmp_path: Path) -> None:
    clocks = due_clocks(40)
    with ExitStack() as stack:
        for at in range(2):
            stack.enter_context(celery(*WORKER, "-n", f"w{at}@here", log=tmp_path / "worker.log"))
            schedule = str(tmp_path / f"beat{at}")
            stack.enter_context(celery("beat", "--schedule", schedule, "--pidfile=", log=tmp_path / "beat.log"))
        await_that(lambda: left() == 0, "the beats make the workers sweep", seconds=90)
    assert_each_once(clocks)


def test_a_worker_killed_in_the_middle_of_a_sweep_loses_no_clock(tmp_path: Path) -> None:
    clocks = due_clocks(BATCH + 20)
    with celery(*WORKER, "-n", "first@here", log=tmp_path / "worker.log") as first:
        with transaction.atomic():
            Clock.objects.select_for_update().get(pk=clocks[BATCH + 10].pk)
            app.send_task("intake.sweep_clocks")
            await_that(_somebody_waits, "the worker comes to the row we hold")
            kill(first)
        await_that(lambda: left() == 20, "the first batch stands, the second is as before")
    with celery(*WORKER, "-n", "second@here", log=tmp_path / "worker.log"):
        app.send_task("intake.sweep_clocks")
        await_that(lambda: left() == 0, "another worker finishes")
    assert_each_once(clocks)


def _somebody_waits() -> bool:
    """Whether another connection waits for a row that our transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")
        return cursor.fetchone() is not None
