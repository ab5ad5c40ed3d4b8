"""Reading jobs."""

from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.jobs.models import Job, JobState

RETRYABLE = Q(state=JobState.FAILED, given_up=False) & (Q(file_name="") | Q(source__isnull=False))
"""`Job.can_be_retried`, as a filter."""


def jobs_of(user: User, *kinds: str) -> QuerySet[Job]:
    """A person's jobs of these kinds, the latest first, without the files they read."""
    return Job.objects.filter(owner=user, kind__in=kinds).defer("source").order_by("-id")


def job_of(user: User, uid: UUID, *kinds: str) -> Job:
    """One of a person's own jobs; NotFound for another's or none."""
    job = jobs_of(user, *kinds).filter(uid=uid).first()
    if job is None:
        raise NotFound("没有找到这项作业。")
    return job


def jobs_of_all() -> QuerySet[Job]:
    """Everybody's jobs, the latest first, without the files they read and what came of them."""
    rows = Job.objects.select_related("owner").defer("source", "options", "result").order_by("-id")
    return rows.annotate(retryable=ExpressionWrapper(RETRYABLE, BooleanField()))


def failed_jobs() -> QuerySet[Job]:
    """Those that a fault stopped and nobody has given up."""
    return jobs_of_all().filter(RETRYABLE)


def locked_job(uid: UUID) -> Job:
    """A job, locked; NotFound for none."""
    job = Job.objects.select_for_update().filter(uid=uid).first()
    if job is None:
        raise NotFound("没有找到这项作业。")
    return job


def free_jobs(kind: str, now: datetime) -> QuerySet[Job]:
    """Jobs that wait, and those whose worker has not been heard of since its lease ended; the oldest first."""
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=now)
    return Job.objects.filter(free, kind=kind).order_by("id")


def has_job(user: User, kind: str, *, occasion: str) -> bool:
    """Whether the person has a job of this kind for this occasion already (`options["occasion"]`)."""
    return Job.objects.filter(owner=user, kind=kind, options__occasion=occasion).exists()


def open_jobs() -> list[tuple[tuple[str, ...], int]]:
    """How many jobs wait or run, by kind and state."""
    rows = Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).order_by("kind", "state")
    counted = rows.values_list("kind", "state").annotate(n=Count("id"))
    return [((kind, state), n) for kind, state, n in counted]
