"""Long work: one worker at a time, progress committed with the rows, taken over where it stands."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.people import Ground
from zhongzhi.core.errors import BadInput, NotFound, RuleViolation, TooLarge, UnsupportedType
from zhongzhi.jobs import actions, queries
from zhongzhi.jobs.models import Job, JobState
from zhongzhi.web.sheets import Column, write_xlsx

pytestmark = pytest.mark.django_db
KIND = "counting"


def count_to(job: Job) -> Iterator[None]:
    """Counts to the number in its options, one a piece."""
    job.total = job.options["to"]
    for number in range(job.done, job.total):
        job.done = number + 1
        job.result = {"last": number + 1}
        yield


def handed_in(ground: Ground, to: int = 3) -> Job:
    return actions.hand_in(KIND, actor=ground.clerk, title="数数", options={"to": to})


def test_a_job_is_done_with_its_result(ground: Ground) -> None:
    job = handed_in(ground)
    assert actions.run_due(KIND, count_to) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.percent, job.result) == ("done", 3, 3, 100, {"last": 3})
    assert job.ended_at
    assert actions.run_due(KIND, count_to) == 0


def test_other_kinds_are_left_alone(ground: Ground) -> None:
    handed_in(ground)
    assert actions.run_due("other", count_to) == 0


def test_a_job_that_outlasts_the_slice_goes_on_where_it_stood(ground: Ground) -> None:
    job = handed_in(ground)
    assert actions.run_due(KIND, count_to, seconds=0.0001) == 0
    while Job.objects.get(pk=job.pk).is_open:
        done = Job.objects.get(pk=job.pk).done
        actions.run_due(KIND, count_to, seconds=0.0001)
        assert Job.objects.get(pk=job.pk).done >= done
    assert Job.objects.get(pk=job.pk).result == {"last": 3}


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_is_over(ground: Ground) -> None:
    job = handed_in(ground)
    assert actions._claim(KIND)
    assert actions.run_due(KIND, count_to) == 0
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1), done=2, total=3)
    assert actions.run_due(KIND, count_to) == 1


def test_who_lost_the_lease_writes_nothing_more(ground: Ground) -> None:
    job = handed_in(ground)

    def slow(held: Job) -> Iterator[None]:
        Job.objects.filter(pk=job.pk).update(lease=Job().uid)
        held.done = held.total = 9
        yield

    assert actions.run_due(KIND, slow, seconds=0.01) == 0
    # the first piece is rolled into the transaction that held the lease; the second is refused
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_refusal_ends_the_job_with_its_sentence(ground: Ground) -> None:
    job = handed_in(ground)

    def refuses(held: Job) -> Iterator[None]:
        yield
        raise RuleViolation("第 3 行的网格不存在。")

    actions.run_due(KIND, refuses)
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "第 3 行的网格不存在。")


def test_a_fault_is_tried_three_times(ground: Ground) -> None:
    job, tries = handed_in(ground), []

    def breaks(held: Job) -> Iterator[None]:
        tries.append(1)
        raise ZeroDivisionError
        yield

    for _ in range(5):
        actions.run_due(KIND, breaks)
        Job.objects.filter(pk=job.pk, state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    job.refresh_from_db()
    assert (len(tries), job.state, job.attempts) == (3, "failed", 2)


def test_only_the_owner_finds_a_job(ground: Ground) -> None:
    job = handed_in(ground)
    assert queries.job_of(ground.clerk, job.uid, KIND) == job
    for person, kind in ((ground.manager, KIND), (ground.clerk, "other")):
        with pytest.raises(NotFound):
            queries.job_of(person, job.uid, kind)


def test_tables_are_looked_at_before_they_are_taken(ground: Ground) -> None:
    good = write_xlsx("表", [Column("a", "甲")], [["1"]]).read()
    job = actions.hand_in(KIND, actor=ground.clerk, title="表", table=SimpleUploadedFile("表.xlsx", good))
    assert BytesIO(bytes(job.source)).read() == good
    bad = (("a.pdf", b"x", UnsupportedType), ("a.csv", b"", BadInput), ("a.xlsx", b"PK\x03\x04junk", UnsupportedType))
    for name, content, error in bad:
        with pytest.raises(error):
            actions.hand_in(KIND, actor=ground.clerk, title="表", table=SimpleUploadedFile(name, content))
    big = SimpleUploadedFile("a.csv", b"x")
    big.size = actions.MAX_SOURCE + 1
    with pytest.raises(TooLarge):
        actions.hand_in(KIND, actor=ground.clerk, title="表", table=big)
