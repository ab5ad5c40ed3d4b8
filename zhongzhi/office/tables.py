"""Tables in which nothing breaks that must not: numbers, phones, dates, codes, sums and short names.

Each column is at least as wide as the longest piece in it that must stay whole; what is left of the width goes to
the columns with much text. Where the pieces need more than there is, the type is made smaller, down to 小五.
"""

import re
from collections.abc import Sequence
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from zhongzhi.office.elements import element, put_before
from zhongzhi.office.fonts import HEITI
from zhongzhi.office.measures import TEXT_WIDTH
from zhongzhi.office.paragraphs import CENTRE, spacer, write

SIZES = (Pt(10.5), Pt(10), Pt(9.5), Pt(9), Pt(8.5), Pt(8))
PADDING = Mm(1.2)
WIDEST_TEXT = 18.0
EVENLY = 0.15
"""Columns of short entries get a little of the spare width too."""
WHOLE = re.compile(
    r"\d{4}-\d\d-\d\d前 [\d,.]+"
    r"|\d{2,4}年\d{1,2}月(?:\d{1,2}日)?(?: \d{1,2}:\d{2})?"
    r"|[!-~]+"
    r"|[^!-~\s]{1,4}(?=$|[\n、，；])"
)
"""A day with its sum, a date with its hour, numbers and codes, short words and names."""
SEAM = re.compile(r"[0-9A-Za-z](?=[一-鿿])|[一-鿿](?=[0-9A-Za-z])")
"""Word processors leave a quarter of a character between Chinese and digits."""
NARROW = re.compile(r"[\x20-\x7e]+|[一-鿿]{1,3}")


def data_table(document: Any, head: Sequence[str], rows: Sequence[Sequence[str]], *, width: Length = TEXT_WIDTH) -> Any:
    """A table with a head that is repeated on every page; no row is torn in two."""
    size, widths = layout(head, rows, width)
    table = _table(document, len(rows) + 1, widths)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        _fill(cell, text, size=size, is_head=True)
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for row, values in zip(list(table.rows)[1:], rows, strict=True):
        for at, (cell, text) in enumerate(zip(row.cells, values, strict=True)):
            _fill(cell, text, size=size, centred=_is_narrow(rows, at))
    spacer(document)
    return table


def field_table(document: Any, rows: Sequence[Sequence[tuple[str, str]]]) -> Any:
    """Labelled values, one or two pairs a row; a single pair has the row to itself."""
    table = _table(document, len(rows), [Mm(28), Mm(50), Mm(28), Mm(50)])
    for row, pairs in zip(table.rows, rows, strict=True):
        cells = row.cells
        if len(pairs) == 1:
            cells[1].merge(cells[3])
        for at, (label, value) in enumerate(pairs):
            _fill(cells[at * 2], label, size=SIZES[0], is_head=True)
            _fill(cells[at * 2 + 1], value, size=SIZES[0])
    spacer(document)
    return table


def layout(head: Sequence[str], rows: Sequence[Sequence[str]], width: Length) -> tuple[Length, list[Length]]:
    """The size of type and the widths of the columns."""
    columns = [[str(text) for text in column] for column in zip(head, *rows, strict=True)]
    needed = [max(_whole(text) for text in column) for column in columns]
    wished = [max(min(max(_longest(text) for text in column), WIDEST_TEXT), least) for column, least in
              zip(columns, needed, strict=True)]  # fmt: skip
    padding = 2 * PADDING + Pt(1)
    room = width - padding * len(columns)
    size = next((size for size in SIZES if sum(needed) * size <= room), SIZES[-1])
    spare = room - sum(needed) * size
    more = [wish - least for wish, least in zip(wished, needed, strict=True)]
    pull = [part + EVENLY * least for part, least in zip(more, needed, strict=True)]
    shares = [part / sum(pull) for part in pull]
    widths = [int(least * size + spare * share + padding) for least, share in zip(needed, shares, strict=True)]
    return size, [Length(part) for part in widths]


def text_width(text: str) -> float:
    """In characters of the size of type: Chinese is one wide, digits and small letters a little over half."""
    plain = sum(1.0 if not c.isascii() else 0.72 if c.isupper() else 0.3 if c in ".,:;' " else 0.57 for c in text)
    return plain + 0.25 * len(SEAM.findall(text))


def _whole(text: str) -> float:
    """The widest piece of a cell that must not break."""
    return max([text_width(piece) for piece in WHOLE.findall(text)] + [2.0])


def _longest(text: str) -> float:
    return max(text_width(line) for line in text.split("\n"))


def _is_narrow(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column holds only short entries: those stand in the middle."""
    return all(NARROW.fullmatch(row[at]) for row in rows if row[at] not in ("", "—"))


def _table(document: Any, rows: int, widths: Sequence[Length]) -> Any:
    table = document.add_table(rows=rows, cols=len(widths), style="Table Grid")
    table.autofit = False
    properties = table._tbl.tblPr
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=round(PADDING.pt * 20), type="dxa"))
    inset = element("w:tblInd", w=round(PADDING.pt * 20), type="dxa")
    put_before(properties, inset, "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    return table


def _fill(cell: Any, text: str, *, size: Length, is_head: bool = False, centred: bool = False) -> None:
    for at, part in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        write(paragraph, part, size=size, face=HEITI if is_head else None)
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(1.5)
        form.line_spacing = Length(int(size * 1.35))
        if is_head or centred:
            paragraph.alignment = CENTRE
    cell.vertical_alignment = 1
