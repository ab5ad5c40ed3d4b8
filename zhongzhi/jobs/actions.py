"""Handing work in, and doing it: one worker at a time per job, piece by piece, each piece a transaction.

A worker holds a job by a lease that each piece renews. One that is killed loses at most the piece it was at: the
rows of a piece and the job's progress are committed together, and the next worker goes on from there.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, InvalidTransition, TooLarge, Unfit, UnsupportedType
from zhongzhi.files.contents import check_content
from zhongzhi.files.kinds import XLSX, extension_of
from zhongzhi.files.names import clean_name
from zhongzhi.jobs import queries
from zhongzhi.jobs.models import Job, JobState

Work: TypeAlias = Callable[[Job], Iterator[None]]
LEASE = timedelta(minutes=1)  # a piece under way holds the row's lock besides
MAX_ATTEMPTS = 3
MAX_SOURCE = 20 * 1024 * 1024
TABLES = ("xlsx", "xls", "et", "csv")
log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the job over; this one must leave it alone."""


@transaction.atomic
def hand_in(
    kind: str,
    *,
    actor: User,
    title: str,
    options: Mapping[str, Any] | None = None,
    table: "UploadedFile[bytes] | None" = None,
) -> Job:
    """Hand a job in; a worker takes it up within seconds. `table` is an XLSX or CSV file it reads.

    Raises BadInput, TooLarge or UnsupportedType at `file`.
    """
    job = Job(kind=kind, owner=actor, title=title, options=dict(options or {}))
    if table is not None:
        job.file_name, job.source = clean_name(table.name or ""), _source(table)
    job.save()
    return job


@transaction.atomic
def hand_in_again(job: Job, *, options: Mapping[str, Any], source: bytes) -> None:
    """Have a job that has ended done once more from its beginning, with other options; the caller holds its row."""
    job.state, job.options, job.source, job.result, job.message = JobState.WAITING, dict(options), source, {}, ""
    job.done, job.total, job.attempts, job.given_up, job.ended_at = 0, 0, 0, False, None
    job.save()


def run_due(kind: str, work: Work, *, seconds: float = 60.0) -> int:
    """Do jobs of this kind for about so many seconds; how many came to an end.

    `work` is a generator: it does one piece between two yields, sets `job.done` and `job.total` (and `job.result`),
    and begins behind `job.done`. A DomainError ends the job with its sentence; what fails otherwise, or kills its
    worker, three times without getting on is given up.
    """
    end, ended = monotonic() + seconds, 0
    while monotonic() < end and (job := _claim(kind)):
        ended += _run(job, work, end)
    return ended


@transaction.atomic
def retry(uid: UUID) -> Job:
    """Let a job that failed run again from where it stands; InvalidTransition unless it can."""
    job = queries.locked_job(uid)
    if not job.can_be_retried:
        raise InvalidTransition("这项作业不能重试：没有失败，或者所读的文件已清除，请本人重新提交。")
    job.state, job.attempts, job.message, job.ended_at = JobState.WAITING, 0, "", None
    job.save(update_fields=["state", "attempts", "message", "ended_at"])
    return job


@transaction.atomic
def give_up(uid: UUID, *, reason: str) -> Job:
    """End a job for good, with a reason that its owner reads; the file it reads is removed.

    Whoever works at it loses the lease with it. InvalidTransition for a job that is done or has been given up.
    """
    job = queries.locked_job(uid)
    if not (job.is_open or job.can_be_retried):
        raise InvalidTransition("这项作业已经结束。")
    job.state, job.lease, job.lease_until, job.source = JobState.FAILED, None, None, None
    job.message, job.ended_at, job.given_up = f"管理员放弃：{reason}"[:300], timezone.now(), True
    job.save(update_fields=["state", "lease", "lease_until", "source", "message", "ended_at", "given_up"])
    return job


@transaction.atomic
def _claim(kind: str) -> Job | None:
    """The next free job, leased to us."""
    now = timezone.now()
    job = queries.free_jobs(kind, now).select_for_update(skip_locked=True).first()
    if job is None:
        return None
    if job.state == JobState.RUNNING:  # whoever held it failed, or is gone without a word
        job.attempts += 1
        if job.attempts >= MAX_ATTEMPTS:
            _give_up(job)
            return _claim(kind)
    job.state, job.lease, job.lease_until = JobState.RUNNING, uuid4(), now + LEASE
    job.started_at = job.started_at or now
    job.save(update_fields=["state", "lease", "lease_until", "started_at", "attempts"])
    return job


def _run(job: Job, work: Work, end: float) -> bool:
    """Piece after piece until the job or our time ends; whether the job did."""
    try:
        pieces = work(job)
        while _piece(job, pieces):
            if monotonic() > end:
                _let_go(job)
                return False
    except LeaseLost:
        log.warning("job was taken over", extra={"job": job.pk})
        return False
    except DomainError as refusal:
        _end(job, JobState.FAILED, refusal.message)
    except Exception:
        log.exception("job failed", extra={"job": job.pk, "attempts": job.attempts + 1})
        return _fail(job)
    else:
        _end(job, JobState.DONE, job.message)
    return True


@transaction.atomic
def _piece(job: Job, pieces: Iterator[None]) -> bool:
    """One piece, with the job's progress; False when nothing is left."""
    _hold(job)
    try:
        next(pieces)
    except StopIteration:
        more = False
    else:
        more = True
    job.lease_until, job.attempts = timezone.now() + LEASE, 0
    job.save(update_fields=["done", "total", "result", "message", "lease_until", "attempts"])
    return more


def _hold(job: Job) -> None:
    held = Job.objects.select_for_update().filter(pk=job.pk, lease=job.lease).values_list("pk", flat=True).first()
    if held is None:
        raise LeaseLost


def _let_go(job: Job) -> None:
    Job.objects.filter(pk=job.pk, lease=job.lease).update(state=JobState.WAITING, lease=None, lease_until=None)


def _end(job: Job, state: JobState, message: str, *, for_good: bool = True) -> None:
    """End it; what a fault of ours stopped keeps the file it reads, for another try."""
    columns: dict[str, Any] = {"state": state, "message": message[:300], "ended_at": timezone.now()}
    if for_good:
        columns |= {"source": None, "given_up": state == JobState.FAILED}
    Job.objects.filter(pk=job.pk, lease=job.lease).update(**columns, lease=None, lease_until=None)


def _fail(job: Job) -> bool:
    """Try again later, or give up after the third time."""
    if job.attempts + 1 >= MAX_ATTEMPTS:
        _give_up(job)
        return True
    Job.objects.filter(pk=job.pk, lease=job.lease).update(lease_until=timezone.now() + timedelta(seconds=30))
    return False


def _give_up(job: Job) -> None:
    _end(job, JobState.FAILED, "系统出错，作业没有完成，已写入的部分见结果。请把作业编号告诉管理员。", for_good=False)


def _source(table: "UploadedFile[bytes]") -> bytes:
    extension = extension_of(table.name or "")
    if extension not in TABLES:
        raise UnsupportedType("请上传 XLSX、XLS、ET 或 CSV 表格。", field="file")
    if not table.size:
        raise Unfit("文件是空的（0 字节），请检查后重新选择。", field="file")
    if table.size > MAX_SOURCE:
        raise TooLarge(f"表格超过 {MAX_SOURCE // 1024 // 1024} MB，请分成几个文件后再上传。", field="file")
    if extension == "xlsx":
        check_content(table.file, XLSX)  # type: ignore[arg-type]
    table.seek(0)
    return bytes(table.read())
