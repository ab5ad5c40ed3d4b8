"""Files that come in parts: begun, continued after a break from where they stopped, made an attachment when whole.

What a part holds is looked at when the file is whole, by the same check as of one that came at once.
"""

from base64 import b64decode, b64encode
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from intake.actions.attach import attach_and_tell, require_room
from intake.models import Attachment, Case, ResumableUpload, UploadPart
from intake.queries.attachments import upload_of
from intake.transitions import locked
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import seal, unseal
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, TooLarge
from zhongzhi.core.text import clean_text, required_text
from zhongzhi.files.preparing import prepared

LONGEST_PART = 1024 * 1024
"""Bytes of one part."""
MOST_AT_ONCE = 10
"""Files that one person or system may have under way at one case."""


@transaction.atomic
def begin_upload(case: Case, *, actor: User, name: str, size: int, note: str = "") -> ResumableUpload:
    """Say what is going to be sent: its name and its number of bytes.

    Raises what `attach_file` does for who may not and for a case that is full; TooLarge for a file beyond the limit,
    RuleViolation for too many that are under way.
    """
    require_room(case, actor)
    name = required_text(name, field="name", missing="请写明文件名。", max_length=200)
    note = clean_text(note, field="note", max_length=100)
    if size < 1:
        raise BadInput("文件是空的，请重新选择。", field="size")
    if size > settings.FILE_MAX_BYTES:
        raise TooLarge(f"单个文件最大 {settings.FILE_MAX_BYTES // 1024 // 1024} MB。", field="size")
    if ResumableUpload.objects.filter(case=case, added_by=actor).count() >= MOST_AT_ONCE:
        raise RuleViolation(f"同一案件最多同时上传 {MOST_AT_ONCE} 个文件，请先传完或取消。", field="name")
    return ResumableUpload.objects.create(case=case, added_by=actor, name=name, size=size, note=note)


@transaction.atomic
def take_part(case: Case, uid: UUID, content: bytes, *, actor: User, begins: int) -> ResumableUpload:
    """Take the next bytes of a file. A part that came twice, or out of turn, is refused and told where to go on.

    Raises InvalidTransition for one that does not begin where the last one ended, TooLarge for one beyond
    `LONGEST_PART` or beyond the file's end, BadInput for an empty one.
    """
    upload = _own(case, uid, actor)
    if begins != upload.received:
        raise InvalidTransition(f"已收到 {upload.received} 字节，请从第 {upload.received} 字节接着传。", field="begins")
    if not content:
        raise BadInput("这一段是空的。", field="begins")
    if len(content) > LONGEST_PART or begins + len(content) > upload.size:
        raise TooLarge(f"每段最大 {LONGEST_PART // 1024} KB，且不超过文件的 {upload.size} 字节。", field="begins")
    part = UploadPart(upload=upload, begins=begins)
    part.sealed = seal(b64encode(content).decode(), aad=part.aad)
    part.save()
    upload.received += len(content)
    upload.save(update_fields=["received"])
    return upload


def finish_upload(case: Case, uid: UUID, *, actor: User) -> Attachment:
    """Make a whole file an attachment, and forget its parts. It is looked at and written before anything is locked.

    Raises InvalidTransition while bytes are missing; what `attach_file` raises for a file that cannot be kept: its
    parts stay until it is cancelled or a day old.
    """
    with transaction.atomic():
        upload = _own(case, uid, actor)
        if upload.received < upload.size:
            raise InvalidTransition(f"还差 {upload.size - upload.received} 字节，请从第 {upload.received} 字节接着传。")
        whole = SimpleUploadedFile(upload.name, _content(upload))
    with prepared(whole) as (file,), transaction.atomic():
        case = locked(case)
        upload = _own(case, uid, actor)  # it may have been finished or cancelled meanwhile
        row = attach_and_tell(case, file, actor=actor, note=upload.note)
        upload.delete()
        return row


@transaction.atomic
def cancel_upload(case: Case, uid: UUID, *, actor: User) -> None:
    """Give up a file that is under way."""
    _own(case, uid, actor).delete()


def _own(case: Case, uid: UUID, actor: User) -> ResumableUpload:
    """What this person or system sends to this case, locked, while it may still be added."""
    require_room(case, actor)
    return upload_of(actor, case, uid, lock=True)


def _content(upload: ResumableUpload) -> bytes:
    return b"".join(b64decode(unseal(bytes(part.sealed), aad=part.aad)) for part in upload.parts.all())
