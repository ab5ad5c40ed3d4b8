"""The minutes of a meeting as DOCX, in the form of minutes (纪要格式, GB/T 9704-2012, 10.3)."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from intake.coordination.models import AgendaItem, CoordinationMeeting, Decision
from zhongzhi import office
from zhongzhi.core.paper_dates import paper_day

HEADS = ("序", "事项", "决定", "承办单位", "意见")
LEFT_OVER = 50
PRESENT = {"attendees": "出席", "absentees": "请假", "observers": "列席"}


def minutes_of(meeting: CoordinationMeeting, items: Sequence[AgendaItem]) -> bytes:
    """The paper. Titles and codes of cases stand in it, no party."""
    document = office.official_document()
    stage = "草稿：会议尚未结束" if meeting.is_open else ""
    office.minutes_head(document, name=f"{meeting.centre.name}{meeting.get_kind_display()}纪要", stage=stage)
    decided = [item for item in items if item.decision]
    office.indented(document, f"{_opening(meeting)}{_summary(items, decided)}")
    office.data_table(document, HEADS, [_cells(item) for item in decided])
    if meeting.notes:
        office.heading(document, "议定的其他事项")
        for text in meeting.notes.splitlines():
            office.indented(document, text)
    _left_over(document, [item for item in items if not item.decision])
    present = [(label, getattr(meeting, name)) for name, label in PRESENT.items()]
    office.present_at(document, [(label, "；".join(people.splitlines())) for label, people in present if people])
    if meeting.closed_at:
        office.add_imprint(document, copies="", printer=meeting.centre.name, printed_on=paper_day(meeting.closed_at))
    return office.as_bytes(document)


def _left_over(document: Any, left: Sequence[AgendaItem]) -> None:
    if left:
        office.heading(document, f"未议事项 {len(left)} 项，列入下次会议：")
    for item in left[:LEFT_OVER]:
        office.line(document, f"{item.ordinal}. {item.case.title}（{item.case.code}）", size=office.SMALL_4)


def _opening(meeting: CoordinationMeeting) -> str:
    """When it was held, and by whom."""
    opened = timezone.localtime(meeting.opened_at)
    closed = f"至{timezone.localtime(meeting.closed_at):%H:%M}" if meeting.closed_at else "起"
    chair = f"{meeting.chair}主持召开" if meeting.chair else "召开"
    return f"{paper_day(meeting.opened_at)}{opened:%H:%M}{closed}，{chair}{meeting.get_kind_display()}。"


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
