"""How a table of the rosters is read: as it looks, as somebody said of it, or of one under the same titles."""

from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from grids.actions.tables import TABLES
from grids.models import HandedTable, ImportRow, Level, TableLayout
from grids.queries import top_of
from grids.queries.table_imports import CHECK
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, Unfit
from zhongzhi.jobs import actions as jobs
from zhongzhi.jobs.models import Job
from zhongzhi.web.readings import has_head, layout_as_said, reading_of, titles_digest
from zhongzhi.web.sheets import Layout, Sheet


def keep_file(job: Job) -> None:
    """Keep the file of a table until it is confirmed. Raises BadInput for one without a head to point at."""
    sheet = opened(job)
    if sheet.missing and not has_head(sheet):
        raise Unfit(sheet.what_is_missing, field="file")
    HandedTable.objects.create(job=job, source=bytes(job.source or b""))


def opened(job: Job) -> Sheet:
    """The table of a job, read as somebody said of it or of one under the same titles, else as it looks."""
    said = Layout(**job.options["layout"]) if job.options.get("layout") else None
    sheet = _sheet(job, bytes(job.source or b""), said)
    if said is None and (known := _remembered(job, sheet)) is not None:
        sheet = _sheet(job, bytes(job.source or b""), known)
    return sheet


def note_reading(job: Job, sheet: Sheet) -> None:
    """Keep how it was read with its file, for the page."""
    kept = HandedTable.objects.filter(job=job).first()
    if kept is not None:
        kept.reading = asdict(reading_of(sheet))
        kept.save(update_fields=["reading_sealed"])


@transaction.atomic
def read_again(
    check: Job, *, actor: User, sheet: str = "", head: int = 0, columns: Mapping[str, int] | None = None
) -> Job:
    """Read a table another way: another sheet, or with each known column where a person points at it, counted from 0 in
    the head row. What is said of the columns is remembered for tables under the same titles.

    Raises RuleViolation at `sheet` or `columns`, InvalidTransition when it is being checked or was confirmed.
    """
    check = Job.objects.select_for_update().get(pk=check.pk, kind=CHECK, owner=actor)
    kept = HandedTable.objects.filter(job=check).first()
    if check.is_open or kept is None:
        raise InvalidTransition("这张表正在检查或已经确认，不能再换读法；请重新上传。")
    asked = Layout(sheet, head, dict(columns or {}))
    read = _sheet(check, bytes(kept.source), asked)
    layout = layout_as_said(read, asked)
    if layout.head:
        _remember(check, layout, titles_digest(read), actor)
    ImportRow.objects.filter(job=check).delete()
    options = {**check.options, "layout": asdict(layout)}
    jobs.hand_in_again(check, options=options, source=bytes(kept.source))
    record(actor, Verb.TABLE_READ_AGAIN, check, head=layout.head, columns=sorted(layout.places))
    return check


def _remember(check: Job, layout: Layout, titles: str, actor: User) -> None:
    TableLayout.objects.update_or_create(
        county=_county_of(actor),
        table=check.options["table"],
        titles_digest=titles,
        defaults={"places": dict(layout.places), "said_by": actor, "said_at": timezone.now()},
    )


def _remembered(job: Job, sheet: Sheet) -> Layout | None:
    rows = TableLayout.objects.filter(county=_county_of(job.owner), table=job.options["table"])
    known = rows.filter(titles_digest=titles_digest(sheet)).first()
    return Layout(sheet.way, sheet.head, known.places) if known else None


def _county_of(user: User) -> str:
    return top_of(user)[: Level.COUNTY]


def _sheet(job: Job, source: bytes, layout: Layout | None) -> Sheet:
    columns = TABLES[job.options["table"]][1]
    return Sheet(BytesIO(source), job.file_name, columns, layout=layout, whole=False)
