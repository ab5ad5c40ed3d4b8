"""What a person began to enter and has not registered: drafts, and text that kept itself."""

from collections.abc import Iterator

from django.urls import reverse

from intake import queries
from workbench.due_next.line import Line
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem
from zhongzhi.web.written_days import short_moment

SHOWN = 8


def lines_of_drafts(user: User) -> Iterator[Line]:
    """The latest first."""
    typed = queries.entry_autosaves(user, limit=SHOWN)
    for row in typed:
        yield _line("自动保存", row.title, reverse("intake:draft", args=[row.uid]), short_moment(row.updated_at))
    for draft in queries.drafts_of(user).exclude(uid__in=[row.uid for row in typed])[:SHOWN]:
        place = draft.territory.full_name if draft.territory else ""
        detail = " ".join(part for part in (place, short_moment(draft.updated_at)) if part)
        yield _line("草稿", draft.title or "（还没有标题）", reverse("intake:draft", args=[draft.uid]), detail)


def _line(why: str, title: str, address: str, detail: str) -> Line:
    act = MenuItem("继续登记", "edit", address, 0, is_page=True)
    return Line(why, title, address, detail=detail, act=act, is_draft=True)
