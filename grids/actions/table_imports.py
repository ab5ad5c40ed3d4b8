"""Importing a table: looked at row by row, shown, and written only when its owner says so: all of it, or what is right.

Two jobs: one checks (and writes nothing but what it found), one writes. "All" is one transaction; "what is right"
goes chunk by chunk, each with its progress, so that a worker that dies leaves no half of anything. Every row is
planned again under lock before it is written: the snapshot may have changed since it was looked at.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction

from grids.actions.roster_snapshot import Reservations
from grids.actions.table_kinds import KINDS, Table
from grids.actions.table_readings import keep_file, note_reading, opened
from grids.actions.tables import TABLES, as_meant
from grids.models import HandedTable, ImportRow, Verdict
from grids.queries.table_imports import CHECK, WRITE
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, RuleViolation, require
from zhongzhi.jobs import actions as jobs
from zhongzhi.jobs.models import Job, JobState
from zhongzhi.web.sheets import Sheet, SheetRow

CHUNK, MAX_ROWS = 500, 100_000
WRITING_LOCK = 0x7A7A_0020
MODES = {"all": "全部导入", "valid": "只导入正确的行"}


@transaction.atomic
def start_import(kind: str, upload: "UploadedFile[bytes] | None", *, actor: User) -> Job:
    """Take a table in and have it looked at; nothing is written yet. One whose columns nobody knows waits for somebody
    to point at them."""
    if kind not in TABLES:
        raise BadInput(f"请选择导入哪一种表格：{'、'.join(title for title, _ in TABLES.values())}。", field="kind")
    if upload is None:
        raise BadInput("请选择要导入的文件。", field="file")
    require(KINDS[kind].allowed(actor), "您的岗位不能导入这种表格。")
    title, _ = TABLES[kind]
    job = jobs.hand_in(CHECK, actor=actor, title=f"{title}导入", options={"table": kind}, table=upload)
    keep_file(job)
    record(actor, Verb.IMPORT_STARTED, job, table=kind)
    return job


@transaction.atomic
def confirm_import(check: Job, *, actor: User, mode: str) -> Job:
    """Have what was looked at written. Raises InvalidTransition when it was confirmed already or is not ready,
    RuleViolation for "all" while rows are faulty."""
    check = Job.objects.select_for_update().get(pk=check.pk, kind=CHECK, owner=actor)
    if mode not in MODES:
        raise BadInput("请选择导入方式。", field="mode")
    if check.state != JobState.DONE:
        raise InvalidTransition("表格还没有检查完，请稍候。")
    if check.result.get("asking"):
        raise InvalidTransition("请先指出各列是什么。")
    if check.result.get("write"):
        raise InvalidTransition("这张表已经确认过，请看导入结果。")
    if mode == "all" and check.result.get(Verdict.FAULTY):
        raise RuleViolation("表中还有错误，不能全部导入；请改好后重新上传，或只导入正确的行。", field="mode")
    job = jobs.hand_in(
        WRITE, actor=actor, title=check.title, options={**check.options, "check": check.pk, "mode": mode}
    )
    check.result = {**check.result, "write": str(job.uid), "mode": mode}
    check.save(update_fields=["result"])
    HandedTable.objects.filter(job=check).delete()
    record(actor, Verb.IMPORT_CONFIRMED, check, mode=mode)
    return job


@transaction.atomic
def note_export(kind: str, *, actor: User) -> None:
    """Record that somebody took a table out."""
    record(actor, Verb.TABLE_EXPORTED, actor, table=kind)


def check_rows(job: Job) -> Iterator[None]:
    """Look at every row; what each would do is kept as a row of its own. Goes on behind the last one kept."""
    table, sheet = KINDS[job.options["table"]], opened(job)
    note_reading(job, sheet)
    if sheet.missing:
        job.result = {"asking": list(sheet.missing)}
        return
    counts, reservations = dict.fromkeys(Verdict.values, 0), table.reservations()
    read = {"unknown": list(sheet.unknown), "others": list(sheet.others), "hidden": sheet.hidden}
    job.total, last = _rows_in(sheet), _kept_before(job, table, counts, reservations)
    for row in _meant(job, sheet, after=0):
        table.note_ends(row.values, reservations)
    job.done = sum(counts.values())
    for chunk in _chunks(_meant(job, sheet, after=last)):
        snapshot = table.read([row.values for row in chunk], job.owner, reservations)
        plans = [_plan(table, row, snapshot) for row in chunk]
        ImportRow.objects.bulk_create([_kept(job, row, plan) for row, plan in zip(chunk, plans, strict=True)])
        for plan in plans:
            counts[plan.verdict] += 1
        job.done, job.result = job.done + len(chunk), {**counts, **read}
        yield
    if hopeless := _hopeless(reservations):
        _look_again(job, table, reservations, hopeless, counts)
        job.result = {**job.result, **counts}


def _look_again(job: Job, table: Table, reservations: Any, hopeless: set[int], counts: dict[str, int]) -> None:
    """Rows that the end of a service makes room for are good only if that end is: its own row may be faulty."""
    for pk in hopeless:
        del reservations.ends[pk]
    rows = ImportRow.objects.filter(job=job, verdict=Verdict.NEW).order_by("number").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        following = [(row, cells) for row in chunk if table.single(cells := row.cells)]
        snapshot = table.read([cells for _, cells in following], job.owner, reservations)
        for row, cells in following:
            plan = table.plan(row.number, cells, snapshot)
            if plan.faults:
                ImportRow.objects.filter(pk=row.pk).update(verdict=Verdict.FAULTY, faults=plan.faults)
                counts[Verdict.NEW] -= 1
                counts[Verdict.FAULTY] += 1


def _hopeless(reservations: Any) -> set[int]:
    return reservations.hopeless if isinstance(reservations, Reservations) else set()


def write_rows(job: Job) -> Iterator[None]:
    """Write what was looked at: everything in one transaction, or chunk by chunk what is right."""
    whole = job.options["mode"] == "all"
    rows = ImportRow.objects.filter(job_id=job.options["check"]).exclude(verdict__in=[Verdict.FAULTY, Verdict.SAME])
    job.total, reservations = rows.count(), _reservations_so_far(job)
    job.result = counts = {"written": 0, "refused": 0, **job.result}
    for verdicts in ((Verdict.CHANGED, Verdict.ENDED), (Verdict.NEW,)):
        while chunk := list(rows.filter(written=False, verdict__in=verdicts).order_by("number")[:CHUNK]):
            _write_chunk(job, chunk, reservations, counts, whole)
            job.done, job.result = min(job.total, job.done + len(chunk)), dict(counts)
            if not whole:
                yield


def _write_chunk(job: Job, chunk: list[ImportRow], reservations: Any, counts: dict[str, int], whole: bool) -> None:
    """Plan again under lock, write what is still right; of one that fails as a whole, each row by itself."""
    try:
        with transaction.atomic():
            refused, same = _write(job, chunk, reservations)
    except (IntegrityError, DomainError) as error:
        if len(chunk) > 1:
            for row in chunk:
                _write_chunk(job, [row], reservations, counts, whole)
            return
        refused, same = 1, 0
        _refuse(chunk[0], [error.message if isinstance(error, DomainError) else "与现有的任职或划分期间冲突。"])
    if refused and whole:
        raise RuleViolation(_nothing_written(chunk))
    counts["written"] += len(chunk) - refused - same
    if same:
        counts["same"] = counts.get("same", 0) + same
    counts["refused"] += refused


def _nothing_written(chunk: list[ImportRow]) -> str:
    faulty = ImportRow.objects.filter(pk__in=[row.pk for row in chunk], verdict=Verdict.FAULTY).first()
    which = f"第 {faulty.number} 行：{faulty.faults[0]}" if faulty else ""
    return f"导入时名册已有变动，没有写入任何内容，请重新上传检查。{which}"


def _write(job: Job, chunk: list[ImportRow], reservations: Any) -> tuple[int, int]:
    """How many rows were refused, and how many had nothing left to do: another import was faster."""
    with connection.cursor() as cursor:  # two imports write one after the other, so that each sees the other's rows
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_LOCK])
    table, cells = KINDS[job.options["table"]], [row.cells for row in chunk]
    snapshot = table.read(cells, job.owner, reservations, lock=True)
    plans = [table.plan(row.number, values, snapshot) for row, values in zip(chunk, cells, strict=True)]
    good = [plan for plan in plans if not plan.faults]
    table.write(good, job.owner)
    for row, plan in zip(chunk, plans, strict=True):
        if plan.faults:
            _refuse(row, plan.faults)
    ImportRow.objects.filter(pk__in=[row.pk for row in chunk]).update(written=True)
    return len(plans) - len(good), sum(plan.verdict == Verdict.SAME for plan in good)


def _refuse(row: ImportRow, faults: list[str]) -> None:
    ImportRow.objects.filter(pk=row.pk).update(verdict=Verdict.FAULTY, faults=faults, written=True)


def _reservations_so_far(job: Job) -> Any:
    """What the whole table ends, as the check knew it."""
    table = KINDS[job.options["table"]]
    reservations = table.reservations()
    ended = ImportRow.objects.filter(job_id=job.options["check"], verdict=Verdict.ENDED)
    for row in ended.iterator(chunk_size=CHUNK):
        table.note_ends(row.cells, reservations)
    return reservations


def _meant(job: Job, sheet: Sheet, *, after: int) -> Iterator[SheetRow]:
    """The rows, with their cells as they are compared."""
    for row in sheet.rows(after=after):
        yield replace(row, values=as_meant(job.options["table"], row.values))


def _rows_in(sheet: Sheet) -> int:
    total = sheet.count()
    if not total:
        raise RuleViolation("表中没有数据行。")
    if total > MAX_ROWS:
        raise RuleViolation(f"一次最多导入 {MAX_ROWS} 行，本表有 {total} 行，请分成几个文件。")
    return total


def _plan(table: Table, row: SheetRow, snapshot: Any) -> Any:
    plan = table.plan(row.number, row.values, snapshot)
    for sentence in row.faults.values():
        plan.fault(sentence)
    return plan


def _kept_before(job: Job, table: Table, counts: dict[str, int], reservations: Any) -> int:
    """What a check that was interrupted had looked at, with its reservations; the number of its last row."""
    last = 0
    for row in ImportRow.objects.filter(job=job).order_by("number").iterator(chunk_size=CHUNK):
        counts[row.verdict] += 1
        last = row.number
        if row.verdict != Verdict.FAULTY:
            table.reserve_again(row.number, row.cells, row.verdict, reservations)
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
