"""Importing a table: looked at row by row, shown, and written only when its owner says so: all of it, or what is right.

Two jobs: one checks (and writes nothing but what it found), one writes. "All" is one transaction; "what is right"
goes chunk by chunk, each with its progress, so that a worker that dies leaves no half of anything. Every row is
planned again under lock before it is written: the world may have changed since it was looked at.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from grids.actions import places_table, roster_table
from grids.actions.tables import TABLES
from grids.models import ImportRow, Verdict
from grids.permissions import keeps_places, may_keep_rosters
from grids.queries.imports import CHECK, WRITE
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, RuleBroken, WrongState, require
from zhongzhi.jobs import actions as jobs
from zhongzhi.jobs.models import Job, JobState
from zhongzhi.web.sheets import Sheet, SheetRow

CHUNK, MAX_ROWS = 500, 100_000
MODES = {"all": "全部导入", "valid": "只导入正确的行"}


@dataclass(frozen=True)
class Table:
    """How one kind of table is planned and written."""

    read: Callable[..., Any]
    plan: Callable[..., Any]
    write: Callable[..., None]


@transaction.atomic
def start_import(kind: str, upload: "UploadedFile[bytes] | None", *, actor: User) -> Job:
    """Take a table in and have it looked at; nothing is written yet."""
    if kind not in TABLES:
        raise BadInput("请选择导入名册还是区划。", field="kind")
    if upload is None:
        raise BadInput("请选择要导入的文件。", field="file")
    allowed = may_keep_rosters(actor) if kind == "roster" else keeps_places(actor)
    require(allowed, "您的岗位不能导入这种表格。")
    title, columns = TABLES[kind]
    job = jobs.hand_in(CHECK, actor=actor, title=f"{title}导入", options={"table": kind}, table=upload)
    Sheet(BytesIO(bytes(job.source or b"")), job.file_name, columns)
    record(actor, "import_started", job, table=kind)
    return job


@transaction.atomic
def confirm_import(check: Job, *, actor: User, mode: str) -> Job:
    """Have what was looked at written. Raises WrongState when it was confirmed already or is not ready,
    RuleBroken for "all" while rows are faulty."""
    check = Job.objects.select_for_update().get(pk=check.pk, kind=CHECK, owner=actor)
    if mode not in MODES:
        raise BadInput("请选择导入方式。", field="mode")
    if check.state != JobState.DONE:
        raise WrongState("表格还没有检查完，请稍候。")
    if check.result.get("write"):
        raise WrongState("这张表已经确认过，请看导入结果。")
    if mode == "all" and check.result.get(Verdict.FAULTY):
        raise RuleBroken("表中还有错误，不能全部导入；请改好后重新上传，或只导入正确的行。", field="mode")
    job = jobs.hand_in(
        WRITE, actor=actor, title=check.title, options={**check.options, "check": check.pk, "mode": mode}
    )
    check.result = {**check.result, "write": str(job.uid), "mode": mode}
    check.save(update_fields=["result"])
    record(actor, "import_confirmed", check, mode=mode)
    return job


@transaction.atomic
def note_export(kind: str, *, actor: User) -> None:
    """Record that somebody took a table out."""
    record(actor, "table_exported", actor, table=kind)


def check_rows(job: Job) -> Iterator[None]:
    """Look at every row; what each would do is kept as a row of its own. Goes on behind the last one kept."""
    table, sheet = _table(job), _sheet(job)
    counts, claims = dict.fromkeys(Verdict.values, 0), roster_table.Claims()
    job.total, last = _rows_in(sheet), _kept_before(job, counts, claims)
    if job.options["table"] == "roster":
        for row in sheet.rows():
            roster_table.note_ends(row.values, claims)
    world, job.done = None, sum(counts.values())
    for chunk in _chunks(sheet.rows(after=last)):
        world = _read(table, job, [row.values for row in chunk], claims, world)
        plans = [_plan(table, row, world) for row in chunk]
        ImportRow.objects.bulk_create([_kept(job, row, plan) for row, plan in zip(chunk, plans, strict=True)])
        for plan in plans:
            counts[plan.verdict] += 1
        job.done, job.result = job.done + len(chunk), {**counts, "unknown": list(sheet.unknown)}
        yield


def write_rows(job: Job) -> Iterator[None]:
    """Write what was looked at: everything in one transaction, or chunk by chunk what is right."""
    whole = job.options["mode"] == "all"
    rows = ImportRow.objects.filter(job_id=job.options["check"]).exclude(verdict__in=[Verdict.FAULTY, Verdict.SAME])
    job.total, claims = rows.count(), _claims(job)
    job.result = counts = {"written": 0, "refused": 0, **job.result}
    for verdicts in ((Verdict.CHANGED, Verdict.ENDED), (Verdict.NEW,)):
        while chunk := list(rows.filter(written=False, verdict__in=verdicts).order_by("number")[:CHUNK]):
            _write_chunk(job, chunk, claims, counts, whole)
            job.done, job.result = min(job.total, job.done + len(chunk)), dict(counts)
            if not whole:
                yield


def _write_chunk(job: Job, chunk: list[ImportRow], claims: Any, counts: dict[str, int], whole: bool) -> None:
    """Plan again under lock, write what is still right; of one that fails as a whole, each row by itself."""
    try:
        with transaction.atomic():
            refused = _write(job, chunk, claims)
    except IntegrityError as error:
        if whole or len(chunk) == 1:
            if whole:
                raise RuleBroken("导入时名册已有变动，没有写入任何内容。请重新上传检查。") from error
            refused = 1
            _refuse(chunk[0], ["与名册中现有的任职期间冲突。"])
        else:
            for row in chunk:
                _write_chunk(job, [row], claims, counts, whole)
            return
    if refused and whole:
        raise RuleBroken("导入时名册已有变动，没有写入任何内容。请重新上传检查。")
    counts["written"] += len(chunk) - refused
    counts["refused"] += refused


def _write(job: Job, chunk: list[ImportRow], claims: Any) -> int:
    table, cells = _table(job), [row.cells for row in chunk]
    world = _read(table, job, cells, claims, None, lock=True)
    plans = [table.plan(row.number, values, world) for row, values in zip(chunk, cells, strict=True)]
    good = [plan for plan in plans if not plan.faults]
    table.write(good, job.owner)
    for row, plan in zip(chunk, plans, strict=True):
        if plan.faults:
            _refuse(row, plan.faults)
    ImportRow.objects.filter(pk__in=[row.pk for row in chunk]).update(written=True)
    return len(plans) - len(good)


def _refuse(row: ImportRow, faults: list[str]) -> None:
    ImportRow.objects.filter(pk=row.pk).update(verdict=Verdict.FAULTY, faults=faults, written=True)


def _claims(job: Job) -> Any:
    """What the whole table ends, as the check knew it."""
    claims = roster_table.Claims()
    if job.options["table"] == "roster":
        ended = ImportRow.objects.filter(job_id=job.options["check"], verdict=Verdict.ENDED)
        for row in ended.iterator(chunk_size=CHUNK):
            roster_table.note_ends(row.cells, claims)
    return claims


def _table(job: Job) -> Table:
    if job.options["table"] == "roster":
        return Table(roster_table.read_world, roster_table.plan_row, roster_table.write_plans)
    return Table(places_table.read_places, places_table.plan_place, places_table.write_places)


def _read(
    table: Table, job: Job, cells: Sequence[dict[str, str]], claims: Any, world: Any, *, lock: bool = False
) -> Any:
    if job.options["table"] == "roster":
        return table.read(cells, job.owner, claims, lock=lock)
    return table.read(cells, job.owner, world)


def _sheet(job: Job) -> Sheet:
    return Sheet(BytesIO(bytes(job.source or b"")), job.file_name, TABLES[job.options["table"]][1])


def _rows_in(sheet: Sheet) -> int:
    total = sheet.count()
    if not total:
        raise RuleBroken("表中没有数据行。")
    if total > MAX_ROWS:
        raise RuleBroken(f"一次最多导入 {MAX_ROWS} 行，本表有 {total} 行，请分成几个文件。")
    return total


def _plan(table: Table, row: SheetRow, world: Any) -> Any:
    plan = table.plan(row.number, row.values, world)
    for sentence in row.faults.values():
        plan.fault(sentence)
    return plan


def _kept_before(job: Job, counts: dict[str, int], claims: Any) -> int:
    """What a check that was interrupted had looked at, with its claims; the number of its last row. Tables of places
    are small and begin anew."""
    rows, last = ImportRow.objects.filter(job=job), 0
    if job.options["table"] == "places":
        rows.delete()
    for row in rows.order_by("number").iterator(chunk_size=CHUNK):
        counts[row.verdict] += 1
        last = row.number
        if row.verdict != Verdict.FAULTY:
            roster_table.claim_again(row.number, row.cells, row.verdict, claims)
    return last


def _kept(job: Job, row: SheetRow, plan: Any) -> ImportRow:
    kept = ImportRow(
        job=job, number=row.number, verdict=plan.verdict, faults=plan.faults, changes=plan.changes, label=plan.label
    )
    kept.cells = row.values
    return kept


def _chunks(rows: Iterator[SheetRow]) -> Iterator[list[SheetRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
