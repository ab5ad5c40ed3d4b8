"""Papers as word-processor documents: one at a time, or the whole file with contents and page numbers.

A4 with the margins of GB/T 9704-2012 (37, 35, 28, 26 mm); title in 小标宋, body in 仿宋, each with what a machine
without them falls back to. Page numbers of the contents are references to bookmarks: a word processor fills them in
when it lays the pages out.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from mediation.documents.form import Block, Contents, Fields, Grid, Paper, Pictures, Prose, Signs
from mediation.documents.pictures import as_jpeg

BODY, TITLE = "仿宋", "方正小标宋简体"
WIDTH = Mm(156)
MANY_COLUMNS = 6
WHOLE = "全卷"


def write_paper(paper: Paper) -> bytes:
    """One paper as DOCX, its pages numbered by themselves."""
    document = _document()
    _write(document, paper)
    _footer(document.sections[0], numbered=not paper.is_cover)
    return _bytes(document)


def write_whole_file(papers: Sequence[Paper]) -> bytes:
    """All papers as one DOCX: cover and contents without number, then pages from 1; the back cover without again."""
    document = _document()
    document.core_properties.category = WHOLE
    section, was_cover = document.sections[0], True
    _footer(section, numbered=False)
    for at, paper in enumerate(papers):
        if at:
            section = _next_section(document, section, paper, starts=was_cover and not paper.is_cover)
        _write(document, paper, bookmark=at + 1)
        was_cover = paper.is_cover
    _fill_fields_on_opening(document)
    return _bytes(document)


def _document() -> Any:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    return document


def _next_section(document: Any, section: Any, paper: Paper, *, starts: bool) -> Any:
    """A new page; a new section where numbering begins or ends."""
    is_end = paper.is_cover and paper.key == "back"
    if not (starts or is_end):
        return section
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.footer.is_linked_to_previous = False
    if starts:
        kind = OxmlElement("w:pgNumType")
        kind.set(qn("w:start"), "1")
        section._sectPr.append(kind)
    _footer(section, numbered=starts)
    return section


def _write(document: Any, paper: Paper, bookmark: int = 0) -> None:
    title = document.add_paragraph()
    title.paragraph_format.page_break_before = bookmark > 1
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Pt(120 if paper.key == "cover" else 0)
    title.paragraph_format.space_after = Pt(60 if paper.key == "cover" else 8)
    run = title.add_run(paper.title)
    run.font.size, run.bold = Pt(34 if paper.key == "cover" else 20), True
    _font(run, TITLE)
    if bookmark:
        _bookmark(title, run, bookmark, paper.key)
    if paper.number:
        number = document.add_paragraph()
        number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        number.paragraph_format.space_after = Pt(6)
        number.add_run(paper.number)
    for block in paper.blocks:
        WRITERS[type(block)](document, block)


def _fields(document: Any, block: Fields) -> None:
    rows = block.rows
    table = document.add_table(rows=len(rows), cols=4, style="Table Grid")
    _widths(table, (Mm(30), Mm(48), Mm(30), Mm(48)))
    for row, pairs in zip(table.rows, rows, strict=True):
        _keep_together(row)
        for at, (label, value) in enumerate(pairs):
            _cell(row.cells[at * 2], label, bold=True)
            _cell(row.cells[at * 2 + 1], value)
        if len(pairs) == 1:
            row.cells[1].merge(row.cells[3])
    _space(document)


def _grid(document: Any, block: Grid) -> None:
    size = 9 if len(block.head) > MANY_COLUMNS else 10.5
    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    widths = _shares(block)
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        _cell(cell, text, bold=True, size=size)
    _repeat_head(table.rows[0])
    for values in block.rows:
        row = table.add_row()
        _keep_together(row)
        for cell, text in zip(row.cells, values, strict=True):
            _cell(cell, text, size=size)
    _widths(table, widths)
    _space(document)


def _shares(block: Grid) -> list[Any]:
    """Widths of the columns: by the longest text of each, none too narrow to read or so wide that others starve."""
    longest = [max(_length(text) for text in column) for column in zip(block.head, *block.rows, strict=True)]
    weights = [min(max(length, 2.5), 16.0) + 1 for length in longest]
    return [int(WIDTH * weight / sum(weights)) for weight in weights]


def _length(text: str) -> float:
    """In characters; letters and digits are half as wide."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)


def _prose(document: Any, block: Prose) -> None:
    if block.heading:
        heading = document.add_paragraph()
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = Pt(6)
        run = heading.add_run(block.heading)
        run.bold = True
        _font(run, "黑体")
    for line in block.lines:
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.paragraph_format.line_spacing = 1.5
    _space(document)


def _signs(document: Any, block: Signs) -> None:
    for who, note in block.lines:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.keep_together = True
        paragraph.add_run(f"{who}：")
        paragraph.add_run(f"{note}" if note else "＿＿＿＿＿＿＿＿")


def _pictures(document: Any, block: Pictures) -> None:
    for file, caption in block.files:
        picture = as_jpeg(file)
        if picture is not None:
            shown = document.add_paragraph()
            shown.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shown.paragraph_format.keep_with_next = True
            shown.add_run().add_picture(BytesIO(picture), width=Mm(120))
        words = document.add_paragraph(caption if picture is not None else f"{caption}（见所附文件）")
        words.alignment = WD_ALIGN_PARAGRAPH.CENTER
        words.paragraph_format.space_after = Pt(10)


def _contents(document: Any, block: Contents) -> None:
    """One line a paper: its number, its name, a leader; in the whole file also the page it begins on."""
    for n, (key, name) in enumerate(block.entries, 1):
        line = document.add_paragraph()
        line.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        line.paragraph_format.space_before = Pt(6)
        line.add_run(f"{n}．{name}\t")
        if WHOLE in document.core_properties.category:
            _field(line, f"PAGEREF {_anchor(key)} \\h", "")


WRITERS: dict[type[Block], Any] = {
    Fields: _fields,
    Grid: _grid,
    Prose: _prose,
    Signs: _signs,
    Pictures: _pictures,
    Contents: _contents,
}


def _cell(cell: Any, text: str, *, bold: bool = False, size: float = 10.5) -> None:
    lines = text.split("\n")
    for at, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        run = paragraph.add_run(line)
        run.bold, run.font.size = bold, Pt(size)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)


def _widths(table: Any, widths: Sequence[int]) -> None:
    """Columns and each of their cells: some word processors look at the one, some at the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _space(document: Any) -> None:
    document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _font(run: Any, name: str) -> None:
    run.font.name = name
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_head(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _footer(section: Any, *, numbered: bool) -> None:
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if numbered:
        paragraph.add_run("— ")
        _field(paragraph, "PAGE", "1")
        paragraph.add_run(" —")


def _anchor(key: str) -> str:
    return "paper_" + key.replace("-", "_")


def _bookmark(paragraph: Any, run: Any, number: int, key: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _anchor(key))
    end.set(qn("w:id"), str(number))
    run._element.addprevious(start)
    run._element.addnext(end)


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field that a word processor fills in: begin, instruction, what is shown until then, end."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)
        elif not kind:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = text
            run._element.append(words)


def _fill_fields_on_opening(document: Any) -> None:
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)


def _read_as_chinese(document: Any) -> None:
    """Signs that both scripts share, such as quotation marks, are set in the Chinese font."""
    for run in document.element.body.iter(qn("w:r")):
        run.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _bytes(document: Any) -> bytes:
    _read_as_chinese(document)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()
