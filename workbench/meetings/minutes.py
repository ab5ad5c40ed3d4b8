"""The minutes of a meeting as DOCX, in the form of minutes (纪要格式, GB/T 9704-2012, 10.3)."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils import timezone

from intake.coordination.models import AgendaItem, CoordinationMeeting, Decision
from zhongzhi import office

HEADS = ("序", "事项", "决定", "承办单位", "意见")
LEFT_OVER = 50


def minutes_of(meeting: CoordinationMeeting, items: Sequence[AgendaItem]) -> BytesIO:
    """The paper. Titles and codes of cases stand in it, no party."""
    document = office.official_document()
    office.minutes_head(document, name=f"{meeting.centre.name}碰头会纪要")
    _head(document, meeting)
    decided = [item for item in items if item.decision]
    office.indented(document, _summary(items, decided))
    office.data_table(document, HEADS, [_cells(item) for item in decided])
    if meeting.notes:
        office.heading(document, "议定的其他事项")
        for text in meeting.notes.splitlines():
            office.indented(document, text)
    _left_over(document, [item for item in items if not item.decision])
    return BytesIO(office.as_bytes(document))


def _left_over(document: Any, left: Sequence[AgendaItem]) -> None:
    if left:
        office.heading(document, f"未议事项 {len(left)} 项，列入下次碰头会：")
    for item in left[:LEFT_OVER]:
        office.line(document, f"{item.ordinal}. {item.case.title}（{item.case.code}）", size=office.SMALL_4)


def _head(document: Any, meeting: CoordinationMeeting) -> None:
    opened = timezone.localtime(meeting.opened_at)
    closed = timezone.localtime(meeting.closed_at) if meeting.closed_at else None
    ends = f"至 {closed:%H:%M}" if closed else "（尚未结束）"
    day = meeting.held_on
    office.line(document, f"时间：{day.year}年{day.month}月{day.day}日 {opened:%H:%M}{ends}")
    if meeting.chair:
        office.line(document, f"主持：{meeting.chair}")
    if meeting.attendees:
        office.line(document, f"参加：{meeting.attendees}")


def _summary(items: Sequence[AgendaItem], decided: Sequence[AgendaItem]) -> str:
    counts = [(d.label, sum(1 for item in decided if item.decision == d)) for d in Decision]
    parts = "，".join(f"{label} {number} 项" for label, number in counts if number)
    return f"本次会议列入议题 {len(items)} 项，议定 {len(decided)} 项" + (f"：{parts}。" if parts else "。")


def _cells(item: AgendaItem) -> tuple[str, ...]:
    case = item.case
    place = case.territory.full_name if case.territory else ""
    what = f"{case.title}\n{case.code}\n{place}"
    lead = item.lead.short_name if item.lead else ""
    co = "、".join(organisation.short_name for organisation in item.co_handlers.all())
    who = f"{lead}\n协办：{co}" if co else lead
    if item.target is not None:
        who = f"并入 {item.target.code}"
    return str(item.ordinal), what, str(item.get_decision_display()), who, item.note
