"""风险研判报告 as DOCX: warnings by kind and place with charts, the gravest matters, where cases are at risk."""

from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone

from workbench.meetings.queries import Risks
from zhongzhi import office

HEADS = ("地方", "预警", "红橙风险", "疑难复杂", "挂起", "本期超期")
KIND_HEADS = ("依据", "预警", "其中红色", "属实", "排除")
MATTER_HEADS = ("等级", "预警", "地方", "依据", "状态")
BY_KIND, BY_PLACE = "预警依据", "各地预警"
BLUE = "#1f5fbf"


def paper_of(risks: Risks) -> bytes:
    """The report. Titles of cases and names of parties do not stand in it."""
    document, place = office.file_document(), risks.place.name
    office.number_pages(document.sections[0])
    office.title(document, f"{place}矛盾纠纷风险研判报告")
    below = office.line(
        document, f"（近 {risks.days} 天，截至 {timezone.localtime(risks.at):%Y-%m-%d %H:%M}）", align=office.CENTRE
    )
    below.paragraph_format.space_after = office.Pt(8)
    office.indented(document, _summary(risks))
    charts = office.charts_of_workbook(_workbook(risks))
    office.outline(document, "一、预警情况")
    office.data_table(
        document, KIND_HEADS, [[k.label, *map(str, (k.raised, k.red, k.confirmed, k.dismissed))] for k in risks.kinds]
    )
    _chart(document, charts, BY_KIND)
    office.outline(document, "二、各地情况")
    office.data_table(
        document, HEADS, [[row.name, str(row.warnings), *map(str, row.cases.figures)] for row in risks.places]
    )
    _chart(document, charts, BY_PLACE)
    office.outline(document, "三、需要研判的事项")
    office.data_table(document, MATTER_HEADS, [_matter(view) for view in risks.gravest])
    return office.as_bytes(document)


def _summary(risks: Risks) -> str:
    raised, red = sum(k.raised for k in risks.kinds), sum(k.red for k in risks.kinds)
    if not raised:
        return f"近 {risks.days} 天没有新的预警。"
    most = "、".join(f"{k.label} {k.raised} 条" for k in list(risks.kinds)[:3])
    told = f"近 {risks.days} 天共预警 {raised} 条，其中红色 {red} 条；较多的是{most}。"
    return f"{told}只对事、对地方、对单位预警，不给人打分。"


def _matter(view: Any) -> list[str]:
    warning = view.warning
    codes = "\n".join(line.label for line in view.lines) + (f"\n另有 {view.others} 件" if view.others else "")
    level, status = str(warning.get_level_display()), str(warning.get_status_display())
    return [level, f"{warning.rule.name}：{view.sentence}", warning.territory.full_name, codes, status]


def _chart(document: Any, charts: dict[str, bytes], name: str) -> None:
    if name in charts:
        office.add_chart(document, name, charts[name])


def _workbook(risks: Risks) -> bytes:
    """A workbook that holds nothing but the two charts."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for title, rows in (
        (BY_KIND, [(kind.label, kind.raised) for kind in risks.kinds]),
        (BY_PLACE, [(row.name, row.warnings) for row in risks.places]),
    ):
        if rows:
            _bars(book, title, rows)
    book.close()
    return target.getvalue()


def _bars(book: Any, title: str, rows: list[tuple[str, int]]) -> None:
    sheet, last = book.add_worksheet(title), len(rows) - 1
    for at, (name, number) in enumerate(rows):
        sheet.write_row(at, 0, (name, number))
    chart = book.add_chart({"type": "bar"})
    chart.add_series({
        "categories": [title, 0, 0, last, 0], "values": [title, 0, 1, last, 1], "data_labels": {"value": True},
        "fill": {"color": BLUE}, "gap": 60,
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    sheet.insert_chart(0, 3, chart)
