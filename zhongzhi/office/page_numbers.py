"""Page numbers (GB/T 9704-2012, 7.5): 四号宋体 between dashes, 7 mm below the text.

Odd pages have it at the right, even ones at the left, a character from the edge.
"""

from typing import Any

from docx.shared import Mm, Pt

from zhongzhi.office.elements import element, field
from zhongzhi.office.fonts import SONGTI, set_face
from zhongzhi.office.measures import NUMBER_4
from zhongzhi.office.paragraphs import RIGHT

SMALL_5 = Pt(9)
BELOW_TEXT = Mm(25.5)
"""From the foot of the page to the foot of the number: its dashes are 7 mm below the text block."""


def number_pages(section: Any, *, from_one: bool = False, first_is_bare: bool = False) -> None:
    """Number the pages of a section; `from_one` begins anew; the first page of a letter shows no number."""
    section.footer_distance = BELOW_TEXT
    section.different_first_page_header_footer = first_is_bare
    for footer, is_odd in ((section.footer, True), (section.even_page_footer, False)):
        paragraph = _emptied(footer)
        form = paragraph.paragraph_format
        paragraph.alignment = RIGHT if is_odd else None
        form.right_indent, form.left_indent = (NUMBER_4, None) if is_odd else (None, NUMBER_4)
        runs = [paragraph.add_run("— "), *field(paragraph, "PAGE", "1"), paragraph.add_run(" —")]
        for run in runs:
            run.font.size = NUMBER_4
            set_face(run._element.get_or_add_rPr(), SONGTI)
    if from_one:
        section._sectPr.append(element("w:pgNumType", start=1))


def header_line(document: Any, text: str) -> None:
    """One small line at the head of every page: who took this out, and when."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        run = _emptied(header).add_run(text)
        run.font.size = SMALL_5
        set_face(run._element.get_or_add_rPr(), SONGTI)


def unnumbered(section: Any) -> None:
    """No number: covers, contents."""
    for footer in (section.footer, section.even_page_footer):
        _emptied(footer)


def _emptied(footer: Any) -> Any:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    for run in list(paragraph.runs):
        run._element.getparent().remove(run._element)
    return paragraph
