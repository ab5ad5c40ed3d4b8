"""Lock a document and move it along its lifecycle: the one place for both. Private to the actions of referrals.

Locks: the case first, where the document has one, then the document.
"""

from typing import Any

from intake.models import Case
from referrals.lifecycle import LIFECYCLE, Event, State
from referrals.models import Document, DocumentStep
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import VersionConflict

RELATED = ("kind", "issuer__territory__parent", "addressee", "case__centre__territory", "handling")


def locked(document: Document, *, version: int | None = None) -> Document:
    """The document, read again and locked, behind its case. Raises VersionConflict when somebody was faster."""
    if document.case_id is not None:
        Case.objects.select_for_update().get(pk=document.case_id)
    rows = Document.objects.select_for_update(of=("self",)).select_related(*RELATED)
    fresh = rows.get(pk=document.pk)
    if version is not None and fresh.version != version:
        raise VersionConflict("您打开之后，这份公文已有人办理过。您填写的内容仍在，请核对最新情况后再提交。")
    return fresh


def move(document: Document, event: Event, *, actor: User | None, note: str = "", **columns: Any) -> None:
    """Move a locked document along its lifecycle, with the columns the new state needs, and append the step."""
    before = State(document.status)
    document.status = LIFECYCLE.target(before, event)
    save_changes(document, status=document.status, **columns)
    _append(document, event, before, actor, note)


def save_changes(document: Document, **columns: Any) -> None:
    """Save changed columns of a locked document as a new version."""
    document.version += 1
    for name, value in columns.items():
        setattr(document, name, value)
    document.save(update_fields=["version", *columns])


def add_step(document: Document, event: str, *, actor: User | None, note: str = "") -> None:
    """Append a step to a document's story that leaves it where it is."""
    _append(document, event, State(document.status), actor, note)


def _append(document: Document, event: str, before: State, actor: User | None, note: str) -> None:
    DocumentStep.objects.create(
        document=document, event=event, from_status=before, to_status=document.status, actor=actor, reason=note
    )
