"""Text typed and not sent, for the one who typed it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from intake.models import EntryAutosave
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class TypedLine:
    """One entry that waits: how to recognise it, and when it was kept last."""

    uid: UUID
    title: str
    updated_at: datetime


def entry_autosaves(user: User, *, limit: int = 8) -> list[TypedLine]:
    """One's own, the latest first."""
    rows = EntryAutosave.objects.filter(user=user).order_by("-updated_at")[:limit]
    return [TypedLine(row.uid, _title(QueryDict(row.text)), row.updated_at) for row in rows]


def entry_autosave(user: User, uid: UUID) -> EntryAutosave | None:
    """One of one's own."""
    return EntryAutosave.objects.filter(user=user, uid=uid).first()


def _title(typed: QueryDict) -> str:
    """The title, the start of what happened, or who came."""
    said = (typed.get("title") or typed.get("narrative") or "").strip()
    name = (typed.get("parties-0-name") or "").strip()
    return said[:30] or (f"{name}的来访" if name else "（刚开始录入）")
