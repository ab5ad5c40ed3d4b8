"""版记 at the foot of the last page: 抄送, who printed it and when (GB/T 9704-2012, 7.4 and 10.1)."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Length, Pt

from zhongzhi.office import measures
from zhongzhi.office.elements import border, frame, twips
from zhongzhi.office.paragraphs import line, spacer
from zhongzhi.office.signatures import keep_with_text

COLOUR = "000000"
THICK, THIN = 8, 6
"""Eighths of a point: 0.35 mm for the first and last line, 0.25 mm between."""


def add_imprint(document: Any, *, copies: str, printer: str, printed_on: str) -> None:
    """版记 of the general form: 抄送 and 印发 between three lines, the last on the lower edge of the text block."""
    rows = [f"抄送：{copies}。"] if copies else []
    _at_the_foot(document, [*rows, f"{printer}\t{printed_on}印发"], with_lines=True)


def add_copies(document: Any, copies: str) -> None:
    """版记 of a letter: 抄送 only, without lines (10.1)."""
    if copies:
        _at_the_foot(document, [f"抄送：{copies}。"], with_lines=False)


def _at_the_foot(document: Any, rows: Sequence[str], *, with_lines: bool) -> None:
    """Each row in a frame of its own, the last one ending with the text block; never on a page without text."""
    keep_with_text(document)
    top = measures.TOP + measures.TEXT_HEIGHT - sum(_height(text) for text in rows)
    for at, text in enumerate(rows):
        row = line(document, f"　{text}", size=measures.NUMBER_4)
        edge = Length(measures.TEXT_WIDTH - measures.NUMBER_4)
        row.paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
        _place(row, Length(top))
        top += _height(text)
        if with_lines:
            border(row, "top", "single", THIN if at else THICK, colour=COLOUR)
        if with_lines and at == len(rows) - 1:
            border(row, "bottom", "single", THICK, colour=COLOUR)
    spacer(document, Pt(1))


def _place(paragraph: Any, top: Length) -> None:
    frame(
        paragraph, w=twips(measures.TEXT_WIDTH), wrap="notBeside", vAnchor="page", hAnchor="margin", x=1, y=twips(top)
    )


def _height(text: str) -> int:
    """Of a row: long lists of 抄送 run over several lines."""
    in_line = int((measures.TEXT_WIDTH - 2 * measures.NUMBER_4) / measures.NUMBER_4)
    return -(-len(text) // in_line) * measures.LINE
