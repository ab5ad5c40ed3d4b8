"""The two passes of an import, as jobs: every row checked, then registered, as the check has kept it.

A piece of rows, what comes of it and how far the file is done are one transaction, so that a killed worker loses a
piece, never half of one, and its successor begins behind the last row that was done.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from grids.queries import county_of
from intake.imports.actions.bulk import Risks, risks_for
from intake.imports.actions.items import look_and_register
from intake.imports.actions.kept_pieces import Row, forget_pieces, keep_piece, kept_rows
from intake.imports.actions.previews import begun, keep_preview, preview_of
from intake.imports.actions.reading import opened
from intake.imports.actions.row_checks import Found, RowChecks
from intake.imports.actions.second_reader import read_ahead
from intake.imports.lifecycle import IMPORT_LIFECYCLE, ImportEvent, ImportState
from intake.imports.models import ImportBatch, ImportKind, RowRemark
from intake.notifications import notify_import
from intake.verbs import Verb
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, RuleViolation, Unfit
from zhongzhi.jobs.actions import run_due
from zhongzhi.jobs.models import Job
from zhongzhi.web.readings import has_head, what_to_point_at
from zhongzhi.web.sheets import Sheet

CHECK, RUN = "intake.import_check", "intake.import_run"
PIECE = 500
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


def work_on_imports(*, seconds: float = 60.0) -> int:
    """For the clock: check and register what was handed in, for about so many seconds; how many passes ended."""
    return run_due(CHECK, _check, seconds=seconds) + run_due(RUN, _register, seconds=seconds)


def _check(job: Job) -> Iterator[None]:
    """The first pass: every row is read and checked, nothing is registered."""
    batch = _of_job(job, ImportState.CHECKING)
    if batch is None:
        return
    try:
        checks = _open(batch)
        if checks is None:
            return
        preview, against = preview_of(batch), checks.basis.digest(batch)
        for rows, readings in read_ahead(_pieces(checks.rows(after=batch.last_row)), checks.readings):
            found = checks.look_at(rows, readings)
            _note(batch, found)
            keep_piece(batch, found.read, against)
            batch.total_rows = batch.done_rows
            if batch.total_rows > MOST_ROWS:
                raise RuleViolation(f"一次最多导入 {MOST_ROWS} 行，请分成几个文件。")
            preview.add_rows(rows)
            preview.add_words(found.unknown)
            keep_preview(batch, preview)
            yield from _go_on(job, batch)
        if not batch.total_rows:
            raise RuleViolation("表格里没有数据行，请从表头下一行开始填写。")
    except DomainError as refusal:
        move(batch, ImportEvent.FAIL)
        batch.failure = refusal.message[:300]
        close(batch)
        return
    move(batch, ImportEvent.CHECK)
    batch.save(update_fields=["state", *PROGRESS])


def _register(job: Job) -> Iterator[None]:
    """The second pass: the rows once more, and cases of those that are in order."""
    batch = _of_job(job, ImportState.RUNNING)
    if batch is None:
        return
    checks, pieces = _to_register(batch)
    for rows in pieces:
        found, cases = look_and_register(checks, rows, actor=batch.created_by, centre=batch.centre, batch=batch.pk)
        batch.new_cases += len(cases)
        _note(batch, found)
        yield from _go_on(job, batch)
    move(batch, ImportEvent.FINISH)
    batch.total_rows = batch.done_rows
    record(batch.created_by, Verb.IMPORT_DONE, batch, cases=batch.new_cases, bad=batch.bad_rows)
    close(batch)
    notify_import(batch)


def _to_register(batch: ImportBatch) -> tuple[RowChecks, Iterator[list[Row]]]:
    """The rows behind the last one that is done: as the check kept them, or of the table again where what the check
    stood on has changed since."""
    risks = risks_for(batch.created_by)
    checks = RowChecks(ImportKind(batch.kind), county_of(batch.centre), risks=risks)
    if (kept := kept_rows(batch, checks.basis, risks)) is not None:
        return checks, kept
    again = _open(batch, risks)
    assert again is not None
    return again, _pieces(again.rows(after=batch.last_row))


def _go_on(job: Job, batch: ImportBatch) -> Iterator[None]:
    """Write how far we are, and let the piece be committed."""
    batch.save(update_fields=[*PROGRESS])
    job.done, job.total = batch.done_rows, max(job.total, batch.done_rows)
    yield


def _pieces(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while piece := list(islice(rows, PIECE)):
        yield piece


def _open(batch: ImportBatch, risks: Risks | None = None) -> RowChecks | None:
    """The checks of the table; None where somebody has to say first which column is which."""
    sheet = opened(batch)
    batch.unknown_columns = "、".join(sheet.unknown)[:500]
    if batch.preview_sealed is None:
        keep_preview(batch, begun(sheet))
    if sheet.missing:
        _ask(batch, sheet)
        return None
    if not batch.last_row:
        forget_pieces(batch)
        batch.remarks.filter(column=RowRemark.OF_TABLE).delete()
        RowRemark.objects.bulk_create(
            RowRemark(batch=batch, row=sheet.head, column=RowRemark.OF_TABLE, message=text[:300])
            for text in _said_of(sheet)
        )
    return RowChecks(ImportKind(batch.kind), county_of(batch.centre), sheet, risks=risks)


def _ask(batch: ImportBatch, sheet: Sheet) -> None:
    """Wait for a person to point at the columns. Raises BadInput where there is no head to point at."""
    if not has_head(sheet):
        raise Unfit(sheet.what_is_missing, field="file")
    move(batch, ImportEvent.ASK)
    batch.failure = what_to_point_at(sheet.missing)
    batch.save(update_fields=["state", "failure", *PROGRESS])


def _said_of(sheet: Sheet) -> Iterator[str]:
    """What a person looking at the table might not expect of its reading."""
    if sheet.others:
        others = "、".join(f"“{name}”" for name in sheet.others)
        yield f"读的是工作表“{sheet.sheet}”；{others}也有内容，没有读。要读它请在下面换工作表。"
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


def _of_job(job: Job, state: ImportState) -> ImportBatch | None:
    """The job's batch, when it is still in the state of this pass."""
    rows = ImportBatch.objects.select_related("centre__territory", "created_by")
    return rows.defer("source").filter(pk=job.options["batch"], state=state, job=job).first()


def move(batch: ImportBatch, event: ImportEvent) -> None:
    """Move it on; the caller saves."""
    batch.state = IMPORT_LIFECYCLE.target(ImportState(batch.state), event)


def close(batch: ImportBatch) -> None:
    """Empty what was kept of the file."""
    batch.source = batch.preview_sealed = None
    batch.finished_at = timezone.now()
    forget_pieces(batch)
    batch.save()
