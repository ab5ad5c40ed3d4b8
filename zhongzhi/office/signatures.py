"""Lines to sign, the agency with its date: never alone on a page (背题)."""

from collections.abc import Sequence
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph

from zhongzhi.office import measures
from zhongzhi.office.contents import PLACES, name_place
from zhongzhi.office.elements import element, put_before
from zhongzhi.office.paragraphs import RIGHT, line, spacer

SEAL, SIGNATURE = "seal", "signature"
TOGETHER = 8
GAP = Pt(10)
UNDIVIDED = 220
"""LibreOffice keeps a paragraph with the next one only where it must not divide it."""
TEXT_ALONG = 50
"""Characters of text that go along with signatures, where paragraphs are short."""
BLANK = "＿＿＿＿＿＿＿＿＿＿"


def signature_lines(document: Any, rows: Sequence[tuple[str, str]], *, gap: Length = GAP) -> None:
    """A line for each who signs, with what is known of the signature, a blank otherwise.

    Up to eight of them stand in one block with the last text before them, which no page divides; of more, the first
    stays with the text and the last ones with each other.
    """
    along = keep_with_text(document)
    target = _block(document, along) if len(rows) <= TOGETHER else document
    for at, (who, note) in enumerate(rows):
        paragraph = line(target, f"{who}：{note or BLANK}")
        name_place(paragraph, f"{SIGNATURE}{at}", at + 2)
        paragraph.paragraph_format.space_before = gap
        paragraph.paragraph_format.keep_together = True
        is_last = at == len(rows) - 1
        paragraph.paragraph_format.keep_with_next = not is_last and (at < 2 or len(rows) - at <= TOGETHER)
    if target is not document:
        spacer(document, Pt(1))


def _block(document: Any, along: Sequence[Any]) -> Any:
    """A frame without lines around the text that goes along, one undivided row: "keep with next" alone is not honoured
    by every word processor."""
    table = document.add_table(rows=1, cols=1)
    table.autofit = False
    cell = table.rows[0].cells[0]
    cell.width = measures.TEXT_WIDTH
    table.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=0, type="dxa"))
    put_before(table._tbl.tblPr, margins, "w:tblLook")
    empty = cell.paragraphs[0]._p
    for paragraph in along:
        empty.addprevious(paragraph._p)
    empty.getparent().remove(empty)
    return cell


def agency_and_date(document: Any, agency: str, date: str) -> None:
    """署名 over 成文日期, the date four characters from the right edge, the agency in the middle over it (7.3.5.1)."""
    keep_with_text(document)
    spacer(document, measures.LINE).paragraph_format.keep_with_next = True
    size = measures.NUMBER_3 + measures.TIGHTER
    widths = [_characters(text) * size for text in (agency, date)]
    middle = 4 * size + widths[1] / 2
    for text, width in zip((agency, date), widths, strict=True):
        if not text:
            continue
        paragraph = line(document, text, align=RIGHT)
        indent = 4 * size if text is date else max(middle - width / 2, 0)
        paragraph.paragraph_format.right_indent = Length(int(indent))
        if text is date:
            name_place(paragraph, SEAL, 0)
        paragraph.paragraph_format.keep_with_next = text is not date
        paragraph.paragraph_format.keep_together = True


def keep_with_text(document: Any) -> list[Any]:
    """What follows stays on the page of the text before it: its last paragraphs, some two lines of it, go along.

    Those paragraphs, in their order.
    """
    along: list[Any] = []
    kept = 0
    for child in reversed(list(document.element.body)):
        if child.tag == qn("w:tbl"):
            _keep_last_row(document, child)
            break
        if child.tag == qn("w:p"):
            paragraph = Paragraph(child, document)
            if _begins_a_page(paragraph):
                break
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.keep_together = len(paragraph.text) <= UNDIVIDED
            along.insert(0, paragraph)
            kept += len(paragraph.text.strip())
            if kept >= TEXT_ALONG:
                break
    return along


def _begins_a_page(paragraph: Any) -> bool:
    """A title that begins a page, or that the contents refer to: it stays where it is.

    Places of seals are no titles.
    """
    marks = paragraph._p.findall(qn("w:bookmarkStart"))
    named = any(int(mark.get(qn("w:id"))) < PLACES for mark in marks)
    return named or bool(paragraph.paragraph_format.page_break_before)


def _keep_last_row(document: Any, table: Any) -> None:
    for child in list(table.iter(qn("w:tr")))[-1].iter(qn("w:p")):
        Paragraph(child, document).paragraph_format.keep_with_next = True


def _characters(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)
