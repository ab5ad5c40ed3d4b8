"""Files of a case: added, taken off, downloaded, each with its line in the trail."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from intake.lifecycle import State
from intake.models import Attachment, Case
from intake.notifications import announce
from intake.permissions import is_system, may_attach
from intake.transitions import locked
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import clean_text
from zhongzhi.files.actions import keep_prepared
from zhongzhi.files.preparing import PreparedFile, prepared


def attach_file(case: Case, upload: "UploadedFile[Any]", *, actor: User, note: str = "") -> Attachment:
    """Keep an uploaded file with the case. The file is checked and written before the case is locked.

    Raises TooLarge, UnsupportedType (by what the file is, not by its name), RuleViolation past the limit of files.
    """
    require_room(case, actor)
    with prepared(upload) as (file,), transaction.atomic():
        return attach_and_tell(locked(case), file, actor=actor, note=note)


def attach_and_tell(case: Case, file: PreparedFile, *, actor: User, note: str = "") -> Attachment:
    """The same of a file that was prepared, with a locked case: who works on it hears of it."""
    row = attach_prepared(case, file, actor=actor, note=note)
    announce(case, "case_evidence", f"添加了材料：{row.file.name}", actor=actor, key=f"_{row.pk}")
    return row


def attach_prepared(
    case: Case, file: PreparedFile, *, actor: User, note: str = "", is_entitled: bool = False
) -> Attachment:
    """Keep a file that was prepared with a locked case; raises as `attach_file` does. `is_entitled`: an app above has
    asked by its own rule who may, as of a mediator who proves what was performed after the case went on."""
    require_room(case, actor, is_entitled)
    note = clean_text(note, field="note", max_length=100)
    kept = keep_prepared(file, actor=actor)
    row = Attachment.objects.create(case=case, file=kept, note=note, added_by=actor)
    record(actor, Verb.ATTACHED, case, file=kept.pk, sm3=kept.sm3, size=kept.size, **file.came_as)
    return row


@transaction.atomic
def remove_attachment(case: Case, file_id: UUID, *, actor: User) -> Attachment:
    """Take a file off the case. The file itself stays, for the trail."""
    case = locked(case)
    require(may_attach(actor, case), "只有负责中心和承办单位可以移除附件。")
    _require_open(case)
    row = case.attachments.filter(file_id=file_id, removed_at__isnull=True).first()
    if row is None:
        raise NotFound("没有找到这个附件。")
    require(not is_system(actor) or row.added_by_id == actor.pk, "外部系统只能移除自己上传的附件。")
    row.removed_at, row.removed_by = timezone.now(), actor
    row.save(update_fields=["removed_at", "removed_by"])
    record(actor, Verb.DETACHED, case, file=file_id)
    return row


@transaction.atomic
def note_download(attachment: Attachment, *, actor: User) -> None:
    """Record that somebody took a file of the case out."""
    record(actor, Verb.DOWNLOADED, attachment.case, file=attachment.file_id)


def require_room(case: Case, actor: User, is_entitled: bool = False) -> None:
    """This person may add one more file to this case, or PermissionDenied, InvalidTransition, RuleViolation."""
    require(is_entitled or may_attach(actor, case), "只有负责中心和承办单位可以上传附件。")
    _require_open(case)
    if case.attachments.filter(removed_at__isnull=True).count() >= settings.FILE_MAX_PER_CASE:
        raise RuleViolation(f"一件案件最多 {settings.FILE_MAX_PER_CASE} 个附件。", field="file")


def _require_open(case: Case) -> None:
    if case.status in (State.ARCHIVED, State.MERGED):
        raise InvalidTransition(f"案件{State(case.status).label}，附件不能再变动。")
