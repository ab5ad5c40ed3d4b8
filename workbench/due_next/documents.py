"""Letters and tasks that wait for one's organisations, and papers that wait for one's signature."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Case, QuerySet, When
from django.urls import reverse

from grids.list_heads import Head, heads_of
from intake.coordination.queries.joint_tasks import tasks_of_heads, tasks_owed_by
from intake.queries import veil_all
from referrals import queries
from referrals.available_actions.documents import DOCUMENT_ACTS
from referrals.available_actions.joint import TASK_ACTS
from referrals.models import Document, Level, Purpose
from referrals.permissions import has_papers
from workbench.due_next.line import Line, end_of
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem

RED_FIRST: Final = Case(When(level=Level.RED, then=0), default=1)


def lines_of_papers_and_tasks(user: User, *, shown: int) -> Iterator[Line]:
    """Letters to sign for or to answer, a red one above all, and tasks of joint handling. Slips that hand out a case
    wait as that case."""
    lists = (_owed, queries.documents_to_sign) if has_papers(user) else ()
    tasks, *papers = heads_of(user, (tasks_owed_by, *lists), shown=shown)
    if papers:
        yield from _papers(user, *papers)
    yield from _tasks(user, tasks)


def _papers(user: User, owed: Head, to_sign: Head) -> Iterator[Line]:
    yield from (_letter(row) for row in queries.documents_as_seen(user, queries.documents_of_heads(owed.keys)))
    if to_sign.total:
        tray = reverse("referrals:tray")
        yield Line(
            "待我签发", f"{to_sign.total} 份函单待签发", tray, act=MenuItem("签发", "signature", tray, 0, is_page=True)
        )


def _owed(user: User) -> QuerySet[Document]:
    rows = queries.documents_owed_by(user).exclude(kind__purpose=Purpose.DISPATCH)
    return rows.order_by(RED_FIRST, *rows.query.order_by)


def _letter(row: Document) -> Line:
    is_red = row.level == Level.RED
    return Line(
        why="红色" + row.kind.name if is_red else row.kind.name,
        title=row.subject,
        address=reverse("referrals:document", args=[row.uid]),
        due=row.next_due,  # type: ignore[attr-defined]
        code=str(row.case.code) if row.case else "",
        detail=row.issuer.short_name if row.issuer else "",
        act=_act_on_letter(row),
        is_red=is_red,
    )


def _act_on_letter(row: Document) -> MenuItem:
    signs = row.received_at is None and row.receipt_due_at is not None
    act = DOCUMENT_ACTS.named("receive" if signs else "answer")
    address = reverse("referrals:document_act", args=[row.uid, act.name])
    return MenuItem(act.label, act.icon, f"{address}?back=here", 0)


def _tasks(user: User, head: Head) -> Iterator[Line]:
    act = TASK_ACTS.named("done")
    rows = tasks_of_heads(head.keys)
    for task in veil_all(user, rows, lambda row: row.case, "what"):
        code = str(task.case.code)
        address = f"{reverse('referrals:task', args=[code, task.pk, act.name])}?back=here"
        yield Line(
            why="联动任务",
            title=task.what,
            address=reverse("workbench:dossier", args=[code]),
            due=end_of(task.due_on) if task.due_on else None,
            code=code,
            act=MenuItem(act.label, act.icon, address, 0),
        )
