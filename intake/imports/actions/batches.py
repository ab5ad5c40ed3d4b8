"""Imports: a file handed in, checked in the background, confirmed by a person, registered in the background.

Both passes are jobs: a piece of rows, what comes of it and how far the file is done are one transaction, so that a
killed worker loses a piece, never half of one, and its successor begins behind the last row that was done.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from grids.models import Organisation
from grids.verbs import Verb as GroundVerb
from intake.imports.actions.items import look_and_register
from intake.imports.actions.row_checks import Found, RowChecks
from intake.imports.columns import columns_of
from intake.imports.lifecycle import IMPORT_LIFECYCLE, ImportEvent, ImportState
from intake.imports.models import ImportBatch, ImportKind, ImportMode, RowRemark
from intake.notifications import notify_import
from intake.permissions import may_import_at
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import ciphers
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, require
from zhongzhi.jobs.actions import hand_in, run_due
from zhongzhi.jobs.models import Job
from zhongzhi.web.sheets import Sheet

CHECK, RUN = "intake.import_check", "intake.import_run"
PIECE = 250
PREVIEW = 8
MOST_ROWS = 200_000
MOST_REMARKS = 5000
PROGRESS = (
    "total_rows",
    "done_rows",
    "last_row",
    "bad_rows",
    "repeat_rows",
    "new_cases",
    "unknown_columns",
    "preview_sealed",
)


@transaction.atomic
def start_import(
    kind: ImportKind, table: "UploadedFile[bytes]", *, actor: User, centre: Organisation, uid: UUID | None = None
) -> ImportBatch:
    """Hand a table in for a centre; it is checked in the background, nothing is registered yet.

    `uid` is the number the page was opened with: the same again gives the batch that is there. Raises
    PermissionDenied for who does not take cases in there, BadInput, TooLarge or UnsupportedType at `file`.
    """
    require(may_import_at(actor, centre), f"您不在{centre}的窗口或分流岗位，不能在那里导入。")
    if uid is not None and (known := _same(uid, actor)):
        return known
    job = hand_in(CHECK, actor=actor, title=f"检查{kind.label}", table=table)
    source, job.source = job.source, None
    batch = ImportBatch(kind=kind, centre=centre, job=job, created_by=actor, source=source, file_name=job.file_name)
    batch.uid = uid or batch.uid
    batch.save()
    job.options = {"batch": batch.pk}
    job.save(update_fields=["options", "source"])
    record(actor, GroundVerb.IMPORT_STARTED, batch, kind=kind, centre=centre.pk)
    return batch


@transaction.atomic
def confirm_import(batch: ImportBatch, *, actor: User, mode: str) -> ImportBatch:
    """Let the rows be registered: `all` only where none is faulty, or `valid` without those that are.

    Raises RuleViolation at `mode` for faulty rows or nothing new, InvalidTransition when it is not waiting for this.
    """
    batch = _locked(batch)
    require(may_import_at(actor, batch.centre))
    if mode not in ImportMode.values:
        raise RuleViolation("请选择导入方式。", field="mode")
    if mode == ImportMode.ALL and batch.bad_rows:
        raise RuleViolation(f"有 {batch.bad_rows} 行有误；请改好后重新上传，或选择“只导入无误的行”。", field="mode")
    _move(batch, ImportEvent.CONFIRM)
    if not batch.good_rows:
        raise RuleViolation("没有可以新登记的行：都有误或都已登记过。", field="mode")
    batch.mode = mode
    _restart(batch, RUN, f"导入{batch.get_kind_display()}", actor)
    batch.bad_rows = batch.repeat_rows = batch.done_rows = batch.last_row = 0
    batch.remarks.all().delete()
    batch.save(update_fields=["state", "mode", "job", *PROGRESS])
    record(actor, GroundVerb.IMPORT_CONFIRMED, batch, mode=mode)
    return batch


@transaction.atomic
def cancel_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Drop a file that is not being registered; nothing has come of it."""
    batch = _locked(batch)
    require(may_import_at(actor, batch.centre))
    _move(batch, ImportEvent.CANCEL)
    _close(batch)
    record(actor, Verb.IMPORT_CANCELLED, batch)
    return batch


@transaction.atomic
def resume_import(batch: ImportBatch, *, actor: User) -> ImportBatch:
    """Take up an import again that was given up after faults of ours; it goes on behind the last row that was done."""
    batch = _locked(batch)
    require(may_import_at(actor, batch.centre))
    if not batch.is_stuck:
        raise InvalidTransition("这批导入没有停下，不用继续。")
    running = batch.state == ImportState.RUNNING
    _restart(batch, RUN if running else CHECK, f"继续处理{batch.get_kind_display()}", actor)
    batch.save(update_fields=["job"])
    record(actor, Verb.IMPORT_RESUMED, batch, row=batch.last_row)
    return batch


def work_on_imports(*, seconds: float = 60.0) -> int:
    """For the clock: check and register what was handed in, for about so many seconds; how many passes ended."""
    return run_due(CHECK, _check, seconds=seconds) + run_due(RUN, _register, seconds=seconds)


def preview_of(batch: ImportBatch) -> list[dict[str, str]]:
    """The first rows as they were read; empty before the check and after the end."""
    if batch.preview_sealed is None:
        return []
    rows: list[dict[str, str]] = json.loads(ciphers.unseal(batch.preview_sealed, aad=_aad(batch)))
    return rows


def _check(job: Job) -> Iterator[None]:
    """The first pass: every row is read and checked, nothing is registered."""
    batch = _of_job(job, ImportState.CHECKING)
    if batch is None:
        return
    try:
        checks = _open(batch)
        for rows in _pieces(checks.rows(after=batch.last_row)):
            found = checks.look_at(rows)
            _note(batch, found)
            batch.total_rows = batch.done_rows
            if batch.total_rows > MOST_ROWS:
                raise RuleViolation(f"一次最多导入 {MOST_ROWS} 行，请分成几个文件。")
            _keep_preview(batch, rows)
            yield from _go_on(job, batch)
        if not batch.total_rows:
            raise RuleViolation("表格里没有数据行，请从表头下一行开始填写。")
    except DomainError as refusal:
        _move(batch, ImportEvent.FAIL)
        batch.failure = refusal.message[:300]
        _close(batch)
        return
    _move(batch, ImportEvent.CHECK)
    batch.save(update_fields=["state", *PROGRESS])


def _register(job: Job) -> Iterator[None]:
    """The second pass: the rows again, and cases of those that are in order."""
    batch = _of_job(job, ImportState.RUNNING)
    if batch is None:
        return
    checks = _open(batch)
    for rows in _pieces(checks.rows(after=batch.last_row)):
        found, cases = look_and_register(checks, rows, actor=batch.created_by, centre=batch.centre, batch=batch.pk)
        batch.new_cases += len(cases)
        _note(batch, found)
        yield from _go_on(job, batch)
    _move(batch, ImportEvent.FINISH)
    batch.total_rows = batch.done_rows
    record(batch.created_by, Verb.IMPORT_DONE, batch, cases=batch.new_cases, bad=batch.bad_rows)
    _close(batch)
    notify_import(batch)


def _go_on(job: Job, batch: ImportBatch) -> Iterator[None]:
    """Write how far we are, and let the piece be committed."""
    batch.save(update_fields=[*PROGRESS])
    job.done, job.total = batch.done_rows, max(job.total, batch.done_rows)
    yield


def _pieces(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while piece := list(islice(rows, PIECE)):
        yield piece


def _open(batch: ImportBatch) -> RowChecks:
    kind = ImportKind(batch.kind)
    sheet = Sheet(BytesIO(bytes(batch.source or b"")), batch.file_name, columns_of(kind))
    batch.unknown_columns = "、".join(sheet.unknown)[:500]
    if not batch.last_row:
        RowRemark.objects.bulk_create(
            RowRemark(batch=batch, row=sheet.head, column="表格", message=text[:300]) for text in _said_of(sheet)
        )
    return RowChecks(kind, sheet)


def _said_of(sheet: Sheet) -> Iterator[str]:
    """What a person looking at the table might not expect of its reading."""
    if sheet.others:
        others = "、".join(f"“{name}”" for name in sheet.others)
        yield f"读的是工作表“{sheet.sheet}”；{others}也有内容，没有读。需要的请另存为单独的文件再上传。"
    if hidden := sheet.hidden:
        yield f"{hidden} 行隐藏（筛选或手工隐藏），同样会导入；不要的请先删除。"


def _note(batch: ImportBatch, found: Found) -> None:
    """Count the rows of a piece and keep what was found in them, up to a bound."""
    batch.done_rows += found.number
    batch.last_row = found.last
    room = max(0, MOST_REMARKS - batch.remarks.count()) if found.remarks else 0
    batch.bad_rows += found.bad
    batch.repeat_rows += found.repeats
    RowRemark.objects.bulk_create(
        RowRemark(batch=batch, row=r.row, column=r.column, message=r.message, case_id=r.case)
        for r in found.remarks[:room]
    )


def _keep_preview(batch: ImportBatch, rows: list[Any]) -> None:
    if batch.preview_sealed is None:
        first = [{"row": str(row.number), **row.values} for row in rows[:PREVIEW]]
        batch.preview_sealed = ciphers.seal(json.dumps(first, ensure_ascii=False), aad=_aad(batch))


def _of_job(job: Job, state: ImportState) -> ImportBatch | None:
    """The job's batch, when it is still in the state of this pass."""
    rows = ImportBatch.objects.select_related("centre__territory", "created_by")
    return rows.filter(pk=job.options["batch"], state=state, job=job).first()


def _move(batch: ImportBatch, event: ImportEvent) -> None:
    batch.state = IMPORT_LIFECYCLE.target(ImportState(batch.state), event)


def _restart(batch: ImportBatch, kind: str, title: str, actor: User) -> None:
    batch.job = hand_in(kind, actor=actor, title=title, options={"batch": batch.pk})
    batch.job.total = batch.total_rows
    batch.job.save(update_fields=["total"])


def _close(batch: ImportBatch) -> None:
    """Empty what was kept of the file."""
    batch.source = batch.preview_sealed = None
    batch.finished_at = timezone.now()
    batch.save()


def _same(uid: UUID, actor: User) -> ImportBatch | None:
    """The batch of this number, if the page was sent before; others who sent it are waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(uid)])
    return ImportBatch.objects.filter(uid=uid, created_by=actor).first()


def _locked(batch: ImportBatch) -> ImportBatch:
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("centre__territory", "job")
    return rows.get(pk=batch.pk)


def _aad(batch: ImportBatch) -> str:
    return f"intake.import.preview:{batch.uid}"
