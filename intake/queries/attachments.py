"""The files of a case, for those who see it in full."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from intake.models import Attachment, Case, ResumableUpload
from intake.permissions import is_system, may_reveal
from intake.queries.cases import case_visible_to
from intake.queries.veiling import hidden_names, masked_text
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound, require

FILES_ARE_FOR = "附件含个人信息，只有办理本案的人员可以查看。"


def attachment_visible_to(user: User, code: str, file_id: UUID) -> Attachment:
    """One attachment of a case that the person sees in full; NotFound else. An outside system gives a reason first."""
    case = case_visible_to(user, code)
    require(may_reveal(user, case), FILES_ARE_FOR)
    row = case.attachments.filter(file_id=file_id, removed_at__isnull=True).select_related("file").first()
    if row is None:
        raise NotFound("没有找到这个附件。")
    return row


def attachments_for(user: User, case: Case) -> list[Attachment]:
    """The files of a case in sight that this person may open: all for who sees it in full, none else.

    To an outside system that may ask for them they are named without the parties' names.
    """
    rows = attachments_of(case)
    if not may_reveal(user, case):
        return []
    return [_veiled_file(row, hidden_names(case)) for row in rows] if is_system(user) else list(rows)


def upload_of(user: User, case: Case, uid: UUID, *, lock: bool = False) -> ResumableUpload:
    """A file that this person or system sends to a case in parts, locked where asked; NotFound for none and for anybody
    else's."""
    rows = ResumableUpload.objects.filter(case=case, uid=uid, added_by=user)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("没有找到这个上传，可能已经传完、取消或超过一天；请重新开始。")
    return found


def _veiled_file(row: Attachment, hidden: Sequence[str]) -> Attachment:
    row.note, row.file.name = masked_text(row.note, hidden), masked_text(row.file.name, hidden)
    return row


def attachments_of(case: Case) -> QuerySet[Attachment]:
    """The files of a case that were not taken off, in the order they came."""
    return case.attachments.filter(removed_at__isnull=True).select_related("file", "added_by").order_by("pk")
