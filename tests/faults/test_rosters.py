"""Rosters under fire: a killed worker, two imports of one table, one report sent twice at the same moment."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework.test import APIClient

from grids.actions import confirm_import, start_import
from grids.actions.table_imports import CHUNK, check_rows, write_rows
from grids.models import Hazard, ImportRow, RosterPerson, Service
from grids.queries.table_imports import CHECK, WRITE
from tests.faults.programs import WORKER, await_that, celery, kill
from tests.faults.test_imports import a_minute_passes
from tests.faults.test_registrations import at_once
from tests.faults.test_sweeps import _somebody_waits
from tests.grids.field import GRID, OTHER_GRID, VILLAGE
from tests.people import Ground, make_ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.celery import app
from zhongzhi.core.idnumbers import resident_check
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
ROWS = 2 * CHUNK + 100
HELD = CHUNK + 50
"""The row, of the second piece, at which the worker must wait for us."""


@pytest.fixture(autouse=True)
def _empty_broker() -> None:
    """The broker of this test, without what others left."""
    cache.clear()


def paper(at: int) -> str:
    body = f"15052619800101{at % 1000:03d}" if at < 1000 else f"15052619810101{at % 1000:03d}"
    return body + resident_check(body)


def a_table(number: int = ROWS) -> SimpleUploadedFile:
    """Volunteers of a village, each with an identity number, and a full-time worker for either grid."""
    lines = ["类别,区划代码,姓名,身份证号", *(f"平安志愿者,{VILLAGE},志愿者{at},{paper(at)}" for at in range(number))]
    lines += [f"专职网格员,{code},网格员{code[-6:]}," for code in (GRID, OTHER_GRID)]
    return SimpleUploadedFile("名册.csv", BytesIO("\n".join(lines).encode()).getvalue())


def checked(ground: Ground, number: int = ROWS) -> Job:
    job = start_import("roster", a_table(number), actor=ground.manager)
    while Job.objects.get(pk=job.pk).is_open:
        run_due(CHECK, check_rows)
    job.refresh_from_db()
    assert (job.state, job.result["new"]) == ("done", number + 2), job.message
    return job


def assert_everybody_once(number: int = ROWS) -> None:
    names = list(RosterPerson.objects.filter(name__startswith="志愿者").values_list("name", flat=True))
    assert sorted(names) == sorted(f"志愿者{at}" for at in range(number))
    assert (Service.objects.count(), RosterPerson.objects.count()) == (number + 2, number + 2)
    assert TrailEntry.objects.filter(verb="service_started").count() == number + 2
    assert list(verify(Counts())) == []


def test_a_worker_killed_while_it_writes_is_followed_by_one_that_completes_it_once(tmp_path: Path) -> None:
    ground = make_ground()
    writing = confirm_import(checked(ground), actor=ground.manager, mode="valid")
    with celery(*WORKER, "-n", "first@here", log=tmp_path / "worker.log") as first, transaction.atomic():
        held = RosterPerson(name="占位")
        held.seal_paper(paper(HELD))
        held.save()  # not committed: there the worker must wait
        app.send_task("grids.run_imports")
        await_that(_somebody_waits, "the worker comes to the number we hold")
        kill(first)
        transaction.set_rollback(True)
    writing.refresh_from_db()
    assert (writing.state, writing.done, writing.result["written"]) == ("running", CHUNK, CHUNK)
    assert (Service.objects.count(), RosterPerson.objects.count()) == (CHUNK, CHUNK), "of the second piece nothing"
    a_minute_passes()
    with celery(*WORKER, "-n", "second@here", log=tmp_path / "worker.log"):
        app.send_task("grids.run_imports")
        await_that(lambda: not Job.objects.get(pk=writing.pk).is_open, "another worker finishes")
    writing.refresh_from_db()
    assert (writing.state, writing.result) == ("done", {"written": ROWS + 2, "refused": 0})
    assert_everybody_once()


def test_a_worker_killed_while_it_checks_is_followed_by_one_that_finds_the_same(tmp_path: Path) -> None:
    ground = make_ground()
    job = start_import("roster", a_table(), actor=ground.manager)
    with celery(*WORKER, "-n", "first@here", log=tmp_path / "worker.log") as first:
        app.send_task("grids.run_imports")
        await_that(lambda: Job.objects.get(pk=job.pk).done > 0, "the first piece was looked at")
        kill(first)
    a_minute_passes()
    with celery(*WORKER, "-n", "second@here", log=tmp_path / "worker.log"):
        app.send_task("grids.run_imports")
        await_that(lambda: not Job.objects.get(pk=job.pk).is_open, "another worker finishes")
    job.refresh_from_db()
    assert (job.state, job.result["new"], job.result["faulty"]) == ("done", ROWS + 2, 0)
    assert ImportRow.objects.filter(job=job).count() == ROWS + 2
    assert Service.objects.count() == 0


def test_all_or_nothing_holds_through_a_kill(tmp_path: Path) -> None:
    ground = make_ground()
    writing = confirm_import(checked(ground), actor=ground.manager, mode="all")
    with celery(*WORKER, "-n", "first@here", log=tmp_path / "worker.log") as first, transaction.atomic():
        held = RosterPerson(name="占位")
        held.seal_paper(paper(HELD))
        held.save()
        app.send_task("grids.run_imports")
        await_that(_somebody_waits, "the worker comes to the number we hold")
        kill(first)
        transaction.set_rollback(True)
    assert (Service.objects.count(), RosterPerson.objects.count()) == (0, 0)
    a_minute_passes()
    with celery(*WORKER, "-n", "second@here", log=tmp_path / "worker.log"):
        app.send_task("grids.run_imports")
        await_that(lambda: not Job.objects.get(pk=writing.pk).is_open, "another worker finishes")
    assert_everybody_once()


def test_the_same_table_imported_twice_at_once_is_written_once() -> None:
    ground, few = make_ground(), 60
    jobs = [confirm_import(checked(ground, few), actor=ground.manager, mode="valid") for _ in range(2)]
    at_once(2, lambda at: _write())
    results = [Job.objects.get(pk=job.pk).result for job in jobs]
    assert sum(result["written"] for result in results) == few + 2
    assert sum(result["refused"] + result.get("same", 0) for result in results) == few + 2
    assert_everybody_once(few)


def _write() -> None:
    run_due(WRITE, write_rows)


def test_one_report_sent_by_two_connections_with_one_key_is_one_report() -> None:
    ground = make_ground()
    body = {"narrative": "羊群进了玉米地", "territory": GRID, "is_urgent": True}
    answers: list[Any] = []

    def send(at: int) -> None:
        client = APIClient()
        client.force_login(ground.grid_worker)
        answers.append(client.post("/api/v1/hazards/", body, format="json", headers={"Idempotency-Key": "one"}))

    at_once(4, send)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["uid"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 3
    assert Hazard.objects.count() == 1
    assert TrailEntry.objects.filter(chain=f"hazard:{Hazard.objects.get().pk}").count() == 1
