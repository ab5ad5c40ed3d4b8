"""A table as a file that offices work on with: XLSX with a chart of Excel's own, DOCX with the same chart, PDF,
CSV."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from workbench.models import Lines
from workbench.statistics.custom_tables.tabulation import CustomTableContent, Line
from workbench.statistics.definitions import Figure
from workbench.statistics.reports.book import PALETTE, FigureBook
from zhongzhi import office
from zhongzhi.files.kinds import DOCX
from zhongzhi.printing.handing_out import PDF, as_pdf
from zhongzhi.web.sheets import XLSX, Column, csv_lines

SHEET = "报表"
FIRST_ROW = 3
MANY_COLUMNS = 8
"""From so many columns on a page lies on its side."""


def workbook_of(content: CustomTableContent, title: str) -> bytes:
    """The table as a workbook."""
    book = FigureBook(title, about(content))
    sheet = book.sheet(SHEET, (24, *(12 for _ in content.columns)))
    rows = [[line.label, *(value.number for value in line.values)] for line in (*content.lines, content.total)]
    book.table(sheet, FIRST_ROW, 0, heads_of(content), rows)
    sheet.freeze_panes(FIRST_ROW + 1, 1)
    for at, column in enumerate(content.columns):
        sheet.write(FIRST_ROW + len(rows) + 2 + at, 0, column.label, book.quiet)
        sheet.write(FIRST_ROW + len(rows) + 2 + at, 1, column.definition, book.quiet)
        if content.is_split:
            break
    if content.lines:
        chart = _chart(book, content, title)
        sheet.insert_chart(FIRST_ROW, len(content.columns) + 2, chart, {"x_scale": 1.4, "y_scale": _scale(content)})
    return book.closed()


def document_of(content: CustomTableContent, title: str) -> bytes:
    """The table as a document; its chart is that of the workbook."""
    document = office.file_document()
    width = office.turn(document) if len(content.columns) > MANY_COLUMNS else office.TEXT_WIDTH
    office.number_pages(document.sections[0])
    office.title(document, title)
    below = office.line(document, about(content), align=office.CENTRE)
    below.paragraph_format.space_after = office.Pt(12)
    rows = [[line.label, *(value.text for value in line.values)] for line in (*content.lines, content.total)]
    office.data_table(document, heads_of(content), rows, width=width)
    for chart in office.charts_of_workbook(workbook_of(content, title)).values():
        office.add_chart(document, title, chart)
    for column in content.columns[: 1 if content.is_split else None]:
        office.indented(document, f"{column.label}：{column.definition}。")
    return office.as_bytes(document)


def pdf_of(content: CustomTableContent, title: str) -> bytes:
    """The document, set."""
    return as_pdf(document_of(content, title), title=title)


def csv_of(content: CustomTableContent, title: str) -> bytes:
    """The table alone."""
    columns = [Column(str(at), head) for at, head in enumerate(heads_of(content))]
    rows = [[line.label, *_plain(line)] for line in (*content.lines, content.total)]
    return "".join(csv_lines(columns, rows)).encode()


WRITERS: dict[str, tuple[Callable[[CustomTableContent, str], bytes], str]] = {
    "xlsx": (workbook_of, XLSX),
    "docx": (document_of, DOCX.content_type),
    "pdf": (pdf_of, PDF),
    "csv": (csv_of, "text/csv; charset=utf-8"),
}


def heads_of(content: CustomTableContent) -> list[str]:
    """The heads of the columns, each with its unit."""
    return [content.head, *(head_of(content, column, at) for at, column in enumerate(content.columns))]


def head_of(content: CustomTableContent, column: Figure, at: int) -> str:
    """How a column is called: the parts of one figure stand behind the sum of them."""
    if content.is_split:
        return "合计" if at == 0 else column.label
    return column.label if column.unit in column.label else f"{column.label}（{column.unit}）"


def about(content: CustomTableContent) -> str:
    """Of which place and period, as of when."""
    what = f"{content.columns[0].label}（{content.columns[0].unit}）　" if content.is_split else ""
    return (
        f"{what}{content.place.full_name}　{content.period.words}　"
        f"数据截至 {timezone.localtime(content.at):%Y-%m-%d %H:%M}"
    )


def charted(content: CustomTableContent) -> list[int]:
    """The columns that a chart shows: the parts of the figure that is split of which there are any, else those in the
    unit of the first."""
    if content.is_split:
        return [at for at, value in enumerate(content.total.values) if at and value.part] or [0]
    unit = content.columns[0].unit
    return [at for at, column in enumerate(content.columns) if column.unit == unit]


def _plain(line: Line) -> list[Any]:
    return ["" if value.number is None else value.number for value in line.values]


def _chart(book: FigureBook, content: CustomTableContent, title: str) -> Any:
    kind = "column" if content.layout.lines == Lines.MONTHS else "bar"
    columns = {at + 1: PALETTE[n % len(PALETTE)] for n, at in enumerate(charted(content))}
    rows = (FIRST_ROW + 1, FIRST_ROW + len(content.lines))
    return book.chart(kind, SHEET, rows, 0, columns, title, stacked=content.is_split)


def _scale(content: CustomTableContent) -> float:
    """High enough that each bar has its label."""
    bars = len(content.lines) * (1 if content.is_split else len(charted(content)))
    return max(1.2, bars / 12) if content.layout.lines != Lines.MONTHS else 1.2
