"""The report as a DOCX; its charts are those of the workbook."""

from typing import Any

from django.utils import timezone

from workbench.statistics.board import Board
from workbench.statistics.headline import headline
from zhongzhi import office

BESIDE = ("in_time", "satisfaction", "found_actively")


def document_of(board: Board, title: str, workbook: bytes) -> bytes:
    """The report as a document; `workbook` is the same report as XLSX, whose charts it shows."""
    document = office.file_document()
    office.number_pages(document.sections[0])
    charts = office.charts_of_workbook(workbook)
    _title(document, title)
    office.indented(document, _summary(board))
    office.outline(document, "一、主要指标")
    head = ("指标", "本期", "件数", "上期", "比较")
    office.data_table(document, head, [_line(value) for value in board.values.values()])
    office.outline(document, "二、趋势与结构")
    for name in ("逐月受理与化解", "化解层级", "纠纷类别", "来源渠道", "化解方式"):
        if name in charts:
            office.add_chart(document, name, charts[name])
    if board.places:
        _compare_places(document, board, charts.get("各地化解率（%）"))
    office.outline(document, f"{'四' if board.places else '三'}、承办单位")
    heads = ("单位", "超期", "在办", "办理完成", "化解率", "按期办结率")
    office.data_table(document, heads, _organisations(board))
    return office.as_bytes(document)


def _title(document: Any, title: str) -> None:
    """The name of the report, and in a line of its own the days it is about."""
    name, _, days = title.partition("（")
    office.title(document, name)
    below = office.line(document, f"（{days}" if days else "", align=office.CENTRE)
    below.paragraph_format.space_after = office.Pt(12)


def _compare_places(document: Any, board: Board, chart: bytes | None) -> None:
    office.outline(document, "三、各地情况")
    office.indented(document, "受理不足 10 件的只列出、不排名；按办理结果比较，不按登记数量评比。")
    heads = ("名次", "地方", "化解率", f"化解 ÷ {headline().whole_label}", "按期办结率", "满意率", "在办")
    office.data_table(document, heads, _places(board))
    if chart is not None:
        office.add_chart(document, "各地化解率", chart)


def _summary(board: Board) -> str:
    """The figures that are read out first, in sentences."""
    value = board.values
    told = [
        f"{board.period.words}，{board.place.full_name}共受理矛盾纠纷 {value['accepted'].part} 件，"
        f"化解 {value['resolved'].part} 件，办结 {value['closed'].part} 件；"
        f"目前在办 {value['open'].part} 件，其中超期 {board.overdue} 件。"
    ]
    leads = headline()
    rates = [v for name in (leads.rate, leads.towns, *BESIDE) if (v := value[name]).number is not None]
    told.append("；".join(f"{v.figure.label} {v.text}%（{v.part} ÷ {v.whole}）" for v in rates) + "。" if rates else "")
    told.append(f"数据截至 {timezone.localtime(board.at):%Y-%m-%d %H:%M}。")
    return "".join(told)


def _line(value: Any) -> list[str]:
    count = str(value.part) if value.whole is None else f"{value.part} ÷ {value.whole}"
    unit = value.figure.unit if value.number is not None else ""
    return [value.figure.label, f"{value.text}{unit}", count, value.before_text, value.change or "—"]


def _places(board: Board) -> list[list[str]]:
    return [
        [
            row.rank_words, row.name, _percent(row.resolution), f"{row.part} ÷ {row.whole}",
            _percent(row.in_time), _percent(row.satisfaction), str(row.open),
        ]
        for row in board.places
    ]  # fmt: skip


def _organisations(board: Board) -> list[list[str]]:
    return [
        [r.name, str(r.overdue), str(r.open), str(r.concluded), _percent(r.resolution), _percent(r.in_time)]
        for r in board.organisations
    ]


def _percent(number: float | None) -> str:
    return "—" if number is None else f"{number:.1f}%"
