"""The minutes of a meeting as DOCX, in the plain form of an office paper."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from intake.coordination.models import AgendaItem, CoordinationMeeting, Decision

BODY, TITLE = "仿宋", "宋体"
WIDTHS = (11, 62, 22, 40, 31)
HEADS = ("序", "事项", "决定", "承办单位", "意见")


def minutes_of(meeting: CoordinationMeeting, items: Sequence[AgendaItem]) -> BytesIO:
    """The paper. Titles and codes of cases stand in it, no party."""
    paper = Document()
    _set_up(paper)
    _line(paper, f"{meeting.centre.name}碰头会纪要", size=22, font=TITLE, centred=True, bold=True)
    _head(paper, meeting)
    decided = [item for item in items if item.decision]
    _line(paper, _summary(items, decided))
    _table(paper, decided)
    if meeting.notes:
        _line(paper, "议定的其他事项", bold=True)
        _line(paper, meeting.notes)
    left = [item for item in items if not item.decision]
    if left:
        _line(paper, f"未议事项 {len(left)} 项，列入下次碰头会：", bold=True)
        for item in left[:50]:
            _line(paper, f"{item.ordinal}. {item.case.title}（{item.case.code}）", size=12)
    file = BytesIO()
    paper.save(file)
    file.seek(0)
    return file


def _set_up(paper: Any) -> None:
    """A4 with the margins of an official paper (37, 35, 28, 26 mm); 仿宋 16 pt."""
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)


def _head(paper: Any, meeting: CoordinationMeeting) -> None:
    opened = timezone.localtime(meeting.opened_at)
    closed = timezone.localtime(meeting.closed_at) if meeting.closed_at else None
    ends = f"至 {closed:%H:%M}" if closed else "（尚未结束）"
    _line(paper, f"时间：{meeting.held_on:%Y年%m月%d日} {opened:%H:%M}{ends}")
    if meeting.chair:
        _line(paper, f"主持：{meeting.chair}")
    if meeting.attendees:
        _line(paper, f"参加：{meeting.attendees}")


def _summary(items: Sequence[AgendaItem], decided: Sequence[AgendaItem]) -> str:
    counts = [(d.label, sum(1 for item in decided if item.decision == d)) for d in Decision]
    parts = "，".join(f"{label} {number} 项" for label, number in counts if number)
    return f"本次会议列入议题 {len(items)} 项，议定 {len(decided)} 项" + (f"：{parts}。" if parts else "。")


def _table(paper: Any, decided: Sequence[AgendaItem]) -> None:
    table = paper.add_table(rows=1, cols=len(HEADS))
    table.style, table.autofit = "Table Grid", False
    _fill(table.rows[0], HEADS, bold=True)
    for item in decided:
        _fill(table.add_row(), _cells(item))


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


def _fill(row: Any, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
        cell.width = Mm(width)
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.bold = Pt(10.5), bold


def _line(
    paper: Any, text: str, *, size: float = 16, font: str = BODY, centred: bool = False, bold: bool = False
) -> None:
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.font.name = Pt(size), bold, font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
