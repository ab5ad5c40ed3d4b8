"""The sheet as DOCX (个人信息一览): what is kept of a person, for that person."""

from typing import Any

from django.utils import timezone

from workbench.personal_data.queries import Sheet
from zhongzhi import office
from zhongzhi.accounts.models import User
from zhongzhi.core.paper_dates import paper_day
from zhongzhi.web.watermark import head_line

NAME = "个人信息一览"
PURPOSE = "以上信息用于矛盾纠纷的受理、调解、办理、回访和归档，依据《个人信息保护法》第十三条和履行法定职责的规定处理。"
RIGHTS = "您可以要求更正、补充，依法要求限制处理或者删除；不服答复的，可以向受理中心的上一级反映，或者向人民法院起诉。"
BEYOND = "本一览列出经办人有权查看的信息；其余信息由综治中心负责人核查后另行答复。"
NOTHING = "没有查到可以提供的个人信息。"


def sheet_paper(sheet: Sheet, *, made_by: User) -> bytes:
    """The paper, with who made it and when at the head of every page."""
    document = office.file_document()
    office.header_line(document, head_line(made_by))
    office.title(document, NAME)
    office.indented(document, f"受理：{sheet.request.centre.name}，{paper_day(sheet.request.received_at)}")
    _cases(document, sheet)
    _roster(document, sheet)
    if sheet.is_empty:
        office.indented(document, NOTHING)
    for text in (PURPOSE, BEYOND, RIGHTS):
        office.indented(document, text)
    office.agency_and_date(document, sheet.request.centre.name, paper_day(timezone.now()))
    office.number_pages(document.sections[0])
    return office.as_bytes(document)


def _cases(document: Any, sheet: Sheet) -> None:
    for line in sheet.cases:
        office.heading(document, f"案件 {line.case.code or '草稿'}（{line.party.get_side_display()}）")
        rows = [[pair] for pair in line.what]
        rows.append([("办理单位", "、".join(line.used_by) or "综治中心")])
        office.field_table(document, rows)


def _roster(document: Any, sheet: Sheet) -> None:
    if not sheet.roster:
        return
    office.heading(document, "网格名册")
    office.field_table(document, [[pair] for pair in sheet.roster_facts])
    rows = [(r.kind, r.place, str(r.starts_on), str(r.ends_on or "至今")) for r in sheet.roster]
    office.data_table(document, ("类别", "地方", "任职", "离任"), rows)
