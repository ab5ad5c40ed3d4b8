"""Imports: a file handed in, checked in the background, confirmed by a person, registered in the background.

Both passes are jobs: a piece of rows, what comes of it and how far the file is done are one transaction, so that a
killed worker loses a piece, never half of one, and its successor begins behind the last row that was done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from grids.models import Organisation
from grids.verbs import Verb as GroundVerb
from intake.imports.actions.items import look_and_register
from intake.imports.actions.previews import begun, keep_preview, preview_of
from intake.imports.actions.reading import county_of, layout_of, opened, remember_layout, teach_words
from intake.imports.actions.row_checks import Found, RowChecks
from intake.imports.lifecycle import IMPORT_LIFECYCLE, ImportEvent, ImportState
from intake.imports.models import ImportBatch, ImportKind, ImportMode, RowRemark
from intake.notifications import notify_import
from intake.permissions import may_import_at
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, RuleViolation, require
from zhongzhi.jobs.actions import hand_in, run_due
from zhongzhi.jobs.models import Job
from zhongzhi.web.sheets import Sheet

CHECK, RUN = "intake.import_check", "intake.import_run"
PIECE = 250
MOST_ROWS = 200_000
MOST_REMARKS = 5000
FEWEST_TITLES = 3
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
def read_again(
    batch: ImportBatch, *, actor: User, sheet: str = "", head: int = 0, columns: Mapping[str, int] | None = None
) -> ImportBatch:
    """Read a table another way: another sheet, or with each known column where a person points at it, counted from 0
    in the head row. What is said of the columns is remembered for tables under the same titles.

    Raises RuleViolation at `sheet` or `columns`, InvalidTransition when nothing waits for this.
    """
    batch = _locked(batch)
    require(may_import_at(actor, batch.centre))
    _begin_again(batch, actor)
    layout = layout_of(batch, sheet, head, columns or {})
    if layout.head:
        remember_layout(batch, layout, actor)
    batch.layout = asdict(layout)
    batch.save(update_fields=["state", "job", "failure", "layout", *PROGRESS])
    record(actor, Verb.IMPORT_READ_AGAIN, batch, head=layout.head, columns=sorted(layout.places))
    return batch


@transaction.atomic
def explain_words(batch: ImportBatch, said: Sequence[tuple[str, str, str]], *, actor: User) -> ImportBatch:
    """Say once for ever what words of the sender mean (column, words, meaning), and have the table read again.

    Raises RuleViolation at `words` for words that are not asked about or a meaning that is none.
    """
    batch = _locked(batch)
    require(may_import_at(actor, batch.centre))
    asked = {(column, words) for column, words, _ in preview_of(batch).words}
    if any((column, words) not in asked for column, words, _ in said):
        raise RuleViolation("这批表格已重新检查过，请按现在的清单再选一遍。", field="words")
    _begin_again(batch, actor)
    teach_words(batch, said, actor=actor)
    batch.save(update_fields=["state", "job", "failure", *PROGRESS])
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


def drop_undecided_imports(keys: Sequence[int]) -> None:
    """Drop files that nobody decided about for as long as they are kept; in the transaction of the caller."""
    for batch in ImportBatch.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        _move(batch, ImportEvent.CANCEL)
        _close(batch)
        record(None, Verb.IMPORT_CANCELLED, batch, why="retention")


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


def _check(job: Job) -> Iterator[None]:
    """The first pass: every row is read and checked, nothing is registered."""
    batch = _of_job(job, ImportState.CHECKING)
    if batch is None:
        return
    try:
        checks = _open(batch)
        if checks is None:
            return
        for rows in _pieces(checks.rows(after=batch.last_row)):
            found = checks.look_at(rows)
            _note(batch, found)
            batch.total_rows = batch.done_rows
            if batch.total_rows > MOST_ROWS:
                raise RuleViolation(f"一次最多导入 {MOST_ROWS} 行，请分成几个文件。")
            preview = preview_of(batch)
            preview.add_rows(rows)
            preview.add_words(found.unknown)
            keep_preview(batch, preview)
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
    assert checks is not None
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


def _open(batch: ImportBatch) -> RowChecks | None:
    """The checks of the table; None where somebody has to say first which column is which."""
    sheet = opened(batch)
    batch.unknown_columns = "、".join(sheet.unknown)[:500]
    if batch.preview_sealed is None:
        keep_preview(batch, begun(sheet))
    if sheet.missing:
        _ask(batch, sheet)
        return None
    if not batch.last_row:
        RowRemark.objects.bulk_create(
            RowRemark(batch=batch, row=sheet.head, column="表格", message=text[:300]) for text in _said_of(sheet)
        )
    return RowChecks(ImportKind(batch.kind), county_of(batch), sheet)


def _ask(batch: ImportBatch, sheet: Sheet) -> None:
    """Wait for a person to point at the columns. Raises BadInput where there is no head to point at."""
    if sum(1 for title in sheet.head_row if title) < FEWEST_TITLES:
        raise BadInput(sheet.what_is_missing, field="file")
    _move(batch, ImportEvent.ASK)
    batch.failure = f"认不出这几列：{'、'.join(sheet.missing)}。在下面指出各列是什么，同样的表头下次自动对应。"
    batch.save(update_fields=["state", "failure", *PROGRESS])


def _begin_again(batch: ImportBatch, actor: User) -> None:
    """Forget what the check found; the caller saves."""
    _move(batch, ImportEvent.READ)
    batch.total_rows = batch.bad_rows = batch.repeat_rows = batch.done_rows = batch.last_row = 0
    batch.preview_sealed, batch.failure = None, ""
    batch.remarks.all().delete()
    _restart(batch, CHECK, f"重新检查{batch.get_kind_display()}", actor)


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
