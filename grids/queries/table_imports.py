"""Reads of imports: one's tables, what their rows would do, what is wrong with them."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from grids.models import HandedTable, ImportRow, Level, Territory, Verdict
from grids.permissions import may_keep_places
from grids.queries.places import current, territory_of
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.jobs.models import Job
from zhongzhi.jobs.queries import job_of, jobs_of
from zhongzhi.web.readings import Reading

CHECK, WRITE = "grids_import_check", "grids_import_write"


def imports_of(user: User) -> QuerySet[Job]:
    """One's tables, the latest first."""
    return jobs_of(user, CHECK)


def import_of(user: User, uid: UUID) -> Job:
    """One of one's own tables; NotFound else."""
    return job_of(user, uid, CHECK)


def writing_of(user: User, check: Job) -> Job | None:
    """The job that writes a table, where it was confirmed."""
    uid = check.result.get("write")
    if not uid:
        return None
    try:
        return job_of(user, UUID(uid), WRITE)
    except NotFound:
        return None


def reading_of(check: Job) -> Reading | None:
    """How a table that is not confirmed was read; None once it is, and before it was looked at."""
    kept = HandedTable.objects.filter(job=check).defer("source").first()
    return Reading(**kept.reading) if kept and kept.reading_sealed else None


def first_rows(check: Job, names: Sequence[str], *, limit: int = 8) -> list[list[str]]:
    """The first rows as they were read, by these columns, each with its number in the file."""
    rows = ImportRow.objects.filter(job=check).order_by("number")[:limit]
    return [[str(row.number), *(row.cells.get(name, "") for name in names)] for row in rows]


def rows_of(check: Job, *verdicts: Verdict) -> QuerySet[ImportRow]:
    """Rows of a table with these verdicts, in their order."""
    return ImportRow.objects.filter(job=check, verdict__in=verdicts).order_by("number")


def faulty_rows(check: Job, names: list[str]) -> Iterator[list[Any]]:
    """The faulty rows as they were sent, with what is wrong in words, for the table that goes back to be mended."""
    for row in rows_of(check, Verdict.FAULTY).iterator(chunk_size=500):
        cells = row.cells
        yield [row.number, "；".join(row.faults), *(cells.get(name, "") for name in names)]


def villages_of(town: Territory) -> list[Territory]:
    """Villages and communities of a town, in force today."""
    return list(Territory.objects.filter(current(), parent=town, level=Level.VILLAGE).order_by("code"))


def mergers_within(code: str) -> QuerySet[Territory]:
    """Villages that were merged, the latest first."""
    rows = Territory.objects.filter(level=Level.VILLAGE, successor__isnull=False, current_code__startswith=code)
    return rows.select_related("successor").order_by("-ends_on", "code")


def towns_kept_by(user: User) -> list[Territory]:
    """Towns whose places the person keeps."""
    codes = [
        p.organisation.territory for p in scope_of(user).postings if may_keep_places(user, p.organisation.territory)
    ]
    near = Q(pk__in=[])
    for place in codes:
        near |= Q(code__startswith=place.code)
    return list(Territory.objects.filter(near, current(), level=Level.TOWN).order_by("code"))


def place_kept_by(user: User, code: str) -> Territory:
    """A place that the person keeps; NotFound else."""
    place = territory_of(code)
    if not may_keep_places(user, place):
        raise NotFound("没有这个区划，或者不在您维护的范围内。")
    return place
