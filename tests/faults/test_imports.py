"""An import whose worker is killed with SIGKILL, or too slow, goes on behind the last row that was done; no row is
doubled or lost, and nothing that was kept of a check stays."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from intake.actions import register_case
from intake.imports.actions import confirm_import, start_import, work_on_imports
from intake.imports.models import ImportBatch, KeptPiece
from intake.models import Case, ExternalReference, Party
from tests.faults.programs import WORKER, await_that, celery, kill
from tests.faults.test_registrations import at_once
from tests.faults.test_sweeps import _somebody_waits
from tests.intake.tables import POLICE, a_call, bad_calls, handed_in, xlsx
from tests.people import Ground, an_entry, make_ground
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.celery import app
from zhongzhi.core.numbering import parse_case_code
from zhongzhi.jobs import actions as jobs
from zhongzhi.jobs.models import Job

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
NUMBERS = (*range(900), *range(910, 1_310))
"""Of good calls; those between are bad ones."""
GOOD, FIRST_PIECE = len(NUMBERS), 500


@pytest.fixture(autouse=True)
def _empty_broker() -> None:
    """The broker of this test, without what others left."""
    cache.clear()


def a_minute_passes() -> None:
    """The lease of whoever holds a job is over."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(state="running").update(lease_until=past)


def calls() -> list[dict[str, Any]]:
    """Good ones, one of them twice, and five bad ones."""
    return [*(a_call(at) for at in NUMBERS), a_call(7), *bad_calls()]


def confirmed(ground: Ground) -> ImportBatch:
    """They are checked and confirmed."""
    return confirm_import(handed_in(ground, xlsx(calls())), actor=ground.dispatcher, mode="valid")


def assert_checked_once(batch: ImportBatch) -> None:
    """Each row was checked once, and each is kept once."""
    batch.refresh_from_db()
    assert (batch.state, batch.total_rows, batch.bad_rows, batch.repeat_rows) == ("checked", GOOD + 6, 5, 1)
    assert batch.remarks.count() == 7
    assert list(batch.pieces.values_list("last_row", flat=True)) == [501, 1001, GOOD + 7]


def assert_each_row_once(batch: ImportBatch) -> None:
    batch.refresh_from_db()
    assert (batch.state, batch.new_cases, batch.bad_rows, batch.repeat_rows) == ("done", GOOD, 5, 1)
    assert not KeptPiece.objects.exists()
    numbers = list(ExternalReference.objects.filter(system="110").values_list("number", flat=True))
    assert sorted(numbers) == sorted(f"J20261123{at:05d}" for at in NUMBERS)
    imported = Case.objects.filter(channel="06")
    assert (imported.count(), Party.objects.filter(case__channel="06").count()) == (GOOD, GOOD)
    serials = sorted(parse_case_code(str(code)).serial for code in Case.objects.values_list("code", flat=True))
    assert serials == list(range(1, len(serials) + 1))
    assert list(verify(Counts())) == []


def test_killed_in_the_middle_of_a_piece_it_goes_on_without_doubling_a_row(tmp_path: Path) -> None:
    ground = make_ground()
    other = register_case(an_entry(), actor=ground.clerk)
    batch = confirmed(ground)
    with celery(*WORKER, "-n", "first@here", log=tmp_path / "worker.log") as first, transaction.atomic():
        # an uncommitted row with a number of the second piece: there the worker must wait for us
        ExternalReference.objects.create(case=other, system="110", number="J2026112300550")
        app.send_task("intake.sweep_imports")
        await_that(_somebody_waits, "the worker comes to the number we hold")
        kill(first)
        transaction.set_rollback(True)
    batch.refresh_from_db()
    assert (batch.state, batch.done_rows, batch.new_cases) == ("running", FIRST_PIECE, FIRST_PIECE)
    assert Case.objects.filter(channel="06").count() == FIRST_PIECE
    a_minute_passes()
    with celery(*WORKER, "-n", "second@here", log=tmp_path / "worker.log"):
        app.send_task("intake.sweep_imports")
        await_that(lambda: not ImportBatch.objects.filter(state="running").exists(), "another worker finishes")
    assert_each_row_once(batch)


def test_killed_while_it_checks_it_checks_again_from_where_it_stood(tmp_path: Path) -> None:
    ground = make_ground()
    batch = start_import(POLICE, xlsx(calls()), actor=ground.dispatcher, centre=ground.county_centre)
    with celery(*WORKER, "-n", "first@here", log=tmp_path / "worker.log") as first:
        app.send_task("intake.sweep_imports")
        await_that(lambda: ImportBatch.objects.get(pk=batch.pk).done_rows > 0, "the first piece was checked")
        kill(first)
    a_minute_passes()
    with celery(*WORKER, "-n", "second@here", log=tmp_path / "worker.log"):
        app.send_task("intake.sweep_imports")
        await_that(lambda: not ImportBatch.objects.filter(state="checking").exists(), "it is checked")
    assert_checked_once(batch)
    confirm_import(batch, actor=ground.dispatcher, mode="valid")
    work_on_imports(seconds=60)
    assert_each_row_once(batch)


def test_many_sweeps_at_once_check_each_row_once() -> None:
    ground = make_ground()
    batch = start_import(POLICE, xlsx(calls()), actor=ground.dispatcher, centre=ground.county_centre)
    at_once(4, lambda at: _sweep())
    assert_checked_once(batch)


def test_who_was_slow_while_another_took_a_check_over_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = make_ground()
    batch = start_import(POLICE, xlsx(calls()), actor=ground.dispatcher, centre=ground.county_centre)
    piece, begun = jobs._piece, []

    def slow(job: Job, pieces: Iterator[None]) -> bool:
        begun.append(job.pk)
        if len(begun) == 2:
            at_once(1, lambda at: _take_over())
        return piece(job, pieces)

    monkeypatch.setattr(jobs, "_piece", slow)
    assert work_on_imports(seconds=60) == 0
    assert len(begun) > 4
    assert_checked_once(batch)


def test_many_sweeps_at_once_register_each_row_once() -> None:
    batch = confirmed(make_ground())
    at_once(4, lambda at: _sweep())
    assert_each_row_once(batch)


def _take_over() -> None:
    a_minute_passes()
    _sweep()


def _sweep() -> None:
    work_on_imports(seconds=60)
    connection.close()
