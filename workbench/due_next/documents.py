"""Letters and tasks that wait for one's organisations, and papers that wait for one's signature."""

from collections.abc import Iterator
from itertools import islice

from django.urls import reverse

from intake.coordination.queries.joint_tasks import tasks_owed_by
from intake.queries import veil_all
from referrals import queries
from referrals.available_actions.documents import DOCUMENT_ACTS
from referrals.available_actions.joint import TASK_ACTS
from referrals.models import Document, Level, Purpose
from referrals.permissions import has_papers
from workbench.due_next.line import Line, end_of
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem


def lines_of_papers(user: User, *, shown: int) -> Iterator[Line]:
    """Letters to sign for or to answer, a red one above all. Slips that hand out a case wait as that case."""
    if not has_papers(user):
        return
    rows = queries.documents_owed_by(user).exclude(kind__purpose=Purpose.DISPATCH)
    red = rows.filter(level=Level.RED)
    found = {row.pk: row for row in [*islice(red, shown), *islice(rows, shown)]}
    yield from (_letter(row) for row in queries.documents_as_seen(user, found.values()))
    number = queries.documents_to_sign(user).count()
    if number:
        tray = reverse("referrals:tray")
        yield Line("待我签发", f"{number} 份函单待签发", tray, act=MenuItem("签发", "signature", tray, 0, is_page=True))


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


def lines_of_tasks(user: User, *, shown: int) -> Iterator[Line]:
    """Open tasks of joint handling."""
    act = TASK_ACTS.named("done")
    rows = list(islice(tasks_owed_by(user), shown))
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
