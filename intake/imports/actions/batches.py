"""Imports: a file handed in, checked in the background, confirmed by a person, registered in the background."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from grids.models import Organisation
from grids.verbs import Verb as GroundVerb
from intake.imports.actions.kept_pieces import forget_pieces
from intake.imports.actions.passes import CHECK, PROGRESS, RUN, close, move
from intake.imports.actions.previews import preview_of
from intake.imports.actions.reading import layout_of, remember_layout, teach_words
from intake.imports.lifecycle import ImportEvent, ImportState
from intake.imports.models import ImportBatch, ImportKind, ImportMode, RowRemark
from intake.permissions import may_import_at
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.jobs.actions import hand_in


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
    move(batch, ImportEvent.CONFIRM)
    if not batch.good_rows:
        raise RuleViolation("没有可以新登记的行：都有误或都已登记过。", field="mode")
    batch.mode = mode
    _restart(batch, RUN, f"导入{batch.get_kind_display()}", actor)
    batch.bad_rows = batch.repeat_rows = batch.done_rows = batch.last_row = 0
    batch.remarks.exclude(column=RowRemark.OF_TABLE).delete()
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
    layout, titles = layout_of(batch, sheet, head, columns or {})
    if layout.head:
        remember_layout(batch, layout, titles, actor)
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
    move(batch, ImportEvent.CANCEL)
    close(batch)
    record(actor, Verb.IMPORT_CANCELLED, batch)
    return batch


def drop_undecided_imports(keys: Sequence[int]) -> None:
    """Drop files that nobody decided about for as long as they are kept; in the transaction of the caller."""
    for batch in ImportBatch.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        move(batch, ImportEvent.CANCEL)
        close(batch)
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


def _begin_again(batch: ImportBatch, actor: User) -> None:
    """Forget what the check found; the caller saves."""
    move(batch, ImportEvent.READ)
    batch.total_rows = batch.bad_rows = batch.repeat_rows = batch.done_rows = batch.last_row = 0
    batch.preview_sealed, batch.failure = None, ""
    batch.remarks.all().delete()
    forget_pieces(batch)
    _restart(batch, CHECK, f"重新检查{batch.get_kind_display()}", actor)


def _restart(batch: ImportBatch, kind: str, title: str, actor: User) -> None:
    batch.job = hand_in(kind, actor=actor, title=title, options={"batch": batch.pk})
    batch.job.total = batch.total_rows
    batch.job.save(update_fields=["total"])


def _same(uid: UUID, actor: User) -> ImportBatch | None:
    """The batch of this number, if the page was sent before; others who sent it are waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(uid)])
    return ImportBatch.objects.filter(uid=uid, created_by=actor).first()


def _locked(batch: ImportBatch) -> ImportBatch:
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("centre__territory", "job")
    return rows.defer("source").get(pk=batch.pk)
