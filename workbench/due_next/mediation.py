"""The day of a mediator: sessions, dates of agreements, ends of the time to apply."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from mediation.available_actions import table_of
from mediation.models import Agreement, Instalment, Session
from mediation.queries.workspace import today_of
from workbench.due_next.line import Line, end_of
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem
from zhongzhi.web.written_days import short_moment


def lines_of_mediation(user: User) -> Iterator[Line]:
    """What the day brings; nothing for those who mediate nowhere."""
    day = today_of(user, timezone.now())
    if day is None:
        return
    yield from (_session(row) for row in day.sessions)
    yield from (_instalment(row) for row in day.obligations)
    yield from (_agreement(row) for row in day.confirmations)


def _session(row: Session) -> Line:
    address = reverse("mediation:session", args=[row.uid])
    label = "写笔录" if row.ends_at < timezone.now() else "开始"
    return Line(
        why="待补笔录" if row.ends_at < timezone.now() else "今天的调解",
        title=f"{short_moment(row.starts_at)} {row.get_kind_display()}：{row.mediation.case.title}",
        address=address,
        due=row.starts_at,
        code=str(row.mediation.case.code),
        detail=row.where,
        act=MenuItem(label, "edit", address, 0, is_page=True),
    )


def _instalment(row: Instalment) -> Line:
    mediation, act = row.obligation.agreement.mediation, table_of("instalment").named("perform")
    address = f"{reverse('mediation:act', args=['instalment', row.uid, act.name])}?back=here"
    return Line(
        why="协议履行",
        title=row.obligation.what + (f" {row.amount:,} 元" if row.amount else ""),
        address=f"{reverse('mediation:mediation', args=[mediation.uid])}#obligations",
        due=end_of(row.due_on),
        code=str(mediation.case.code),
        detail=mediation.case.title,
        act=MenuItem(act.label, act.icon, address, 0),
    )


def _agreement(row: Agreement) -> Line:
    mediation, act = row.mediation, table_of("agreement").named("confirm")
    address = f"{reverse('mediation:act', args=['agreement', row.uid, act.name])}?back=here"
    return Line(
        why="司法确认期限",
        title=f"{row.number} {mediation.case.title}",
        address=reverse("mediation:mediation", args=[mediation.uid]),
        due=end_of(row.confirm_by) if row.confirm_by else None,
        code=str(mediation.case.code),
        act=MenuItem(act.label, act.icon, address, 0),
    )
