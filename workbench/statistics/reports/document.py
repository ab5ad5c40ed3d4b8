"""The report as a DOCX, with native charts: Word and WPS draw them with the reader's own fonts.

The charts are those of the workbook: their parts are taken over as they are, with the numbers they were drawn from.
"""

import io
import re
import zipfile
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from workbench.statistics.board import Board

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
CHART_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
WIDTH, HEIGHT = 5_600_000, 3_000_000
INLINE = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
 <wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>
 <wp:docPr id="{id}" name="图表 {id}" descr="{what}"/><wp:cNvGraphicFramePr/>
 <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
 <c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{relation}"/>
 </a:graphicData></a:graphic></wp:inline></w:drawing>"""
HEADLINES = ("resolution", "resolution_towns", "in_time", "satisfaction", "found_actively")


def document_of(board: Board, title: str, workbook: bytes) -> bytes:
    """The report as a document; `workbook` is the same report as XLSX, whose charts it shows."""
    document = Document()
    _set_page(document)
    charts = _charts_in(workbook)
    _heading(document, title)
    document.add_paragraph(_summary(board))
    document.add_heading("一、主要指标", 2)
    _table(document, ["指标", "本期", "件数", "上期", "比较"], [_line(v) for v in board.values.values()])
    document.add_heading("二、趋势与结构", 2)
    for name in ("逐月受理与化解", "化解层级", "纠纷类别", "来源渠道", "化解方式"):
        if name in charts:
            _chart(document, name, charts[name])
    if board.places:
        document.add_heading("三、各地情况", 2)
        document.add_paragraph("受理不足 10 件的只列出、不排名；按办理结果比较，不按登记数量评比。")
        _table(document, ["名次", "地方", "化解率", "化解 ÷ 受理", "按期办结率", "满意率", "在办"], _places(board))
        if "各地化解率（%）" in charts:
            _chart(document, "各地化解率", charts["各地化解率（%）"], height=HEIGHT * 2)
    document.add_heading(f"{'四' if board.places else '三'}、承办单位", 2)
    _table(document, ["单位", "超期", "在办", "办理完成", "化解率", "按期办结率"], _organisations(board))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    for name, size, font in (("Normal", 12, "仿宋"), ("Heading 2", 15, "黑体")):
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), font
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _heading(document: Any, title: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(title)
    run.font.size, run.font.name = Pt(22), "宋体"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")


def _summary(board: Board) -> str:
    """The figures that are read out first, in sentences."""
    value = board.values
    told = [
        f"{board.period.words}，{board.place.full_name}共受理矛盾纠纷 {value['accepted'].part} 件，"
        f"化解 {value['resolved'].part} 件，办结 {value['closed'].part} 件；"
        f"目前在办 {value['open'].part} 件，其中超期 {board.overdue} 件。"
    ]
    rates = [v for name in HEADLINES if (v := value[name]).number is not None]
    told.append("；".join(f"{v.figure.label} {v.text}%（{v.part} ÷ {v.whole}）" for v in rates) + "。" if rates else "")
    told.append(f"数据截至 {board.at:%Y-%m-%d %H:%M}。")
    return "".join(told)


def _line(value: Any) -> list[str]:
    count = str(value.part) if value.whole is None else f"{value.part} ÷ {value.whole}"
    unit = value.figure.unit if value.number is not None else ""
    return [value.figure.label, f"{value.text}{unit}", count, value.before_text, value.change or "—"]


def _places(board: Board) -> list[list[str]]:
    return [
        [
            str(row.rank or "件数少"), row.name, _percent(row.resolution), f"{row.resolved} ÷ {row.accepted}",
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


def _table(document: Any, heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
        cell.paragraphs[0].runs[0].bold = True
    for values in rows:
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = value
    for row in table.rows:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(10.5)
    document.add_paragraph()


def _chart(document: Any, what: str, content: bytes, *, height: int = HEIGHT) -> None:
    """Put a chart part into the document, and a drawing that refers to it."""
    package = document.part.package
    number = 1 + sum(str(part.partname).startswith("/word/charts/") for part in package.iter_parts())
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, content, package)
    relation = document.part.relate_to(part, CHART_RELATION)
    drawing = INLINE.format(cx=WIDTH, cy=height, id=100 + number, what=what, relation=relation)
    document.add_paragraph().add_run()._element.append(parse_xml(drawing))


def _charts_in(workbook: bytes) -> dict[str, bytes]:
    """The chart parts of a workbook by their titles."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for name in sorted(archive.namelist()):
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                content = archive.read(name)
                title = re.search(r"<a:t>(.*?)</a:t>", content.decode())
                if title:
                    found[title[1]] = content
    return found
