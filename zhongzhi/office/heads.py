"""Heads of official papers: the general form (版头), the letter (信函格式, 10.1), the minutes (纪要格式, 10.3)."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt

from zhongzhi.office import measures
from zhongzhi.office.contents import name_place
from zhongzhi.office.elements import border
from zhongzhi.office.fonts import HEITI, KAITI, XIAOBIAOSONG
from zhongzhi.office.page_numbers import BELOW_TEXT, number_pages
from zhongzhi.office.paragraphs import CENTRE, hanging, line, mark_stage, spacer, write

COLOUR = str(measures.RED)
RULE_GAP = 11
"""Points between the number and the red line: 4 mm."""
SEVEN_EIGHTHS = Pt(14)
"""Seven eighths of the height of 三号."""
ABOVE_GLYPH = Pt(6)


def slip_head(document: Any, *, agency: str, number: str, right: str = "", stage: str = "") -> None:
    """版头 of the general form: the mark 35 mm below the edge of the text, the number two lines below, a red line.

    `right` stands in the line of the number at the right: 签发人：name, where the paper shows who signed. `stage`
    (草稿, 作废) stands where a grade of secrecy would: nobody takes such a paper for one in force.
    """
    number_pages(document.sections[0])
    above = measures.MARK_BELOW_TEXT_EDGE - ABOVE_GLYPH
    if stage:
        mark_stage(document, stage)
        above -= measures.LINE
    _mark(document, agency, before=Length(above))
    for _ in range(2 if number else 0):
        spacer(document, measures.LINE)
    row = line(document, f"　{number}" if right else number, align=None if right else CENTRE)
    if right:
        edge = Length(measures.TEXT_WIDTH - measures.NUMBER_3)
        row.paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
        label, _, name = right.partition("：")
        write(row, f"\t{label}：")
        write(row, name, face=KAITI)
        name_place(row, "hand", 1)
    border(row, "bottom", "single", 12, colour=COLOUR, space=RULE_GAP)
    row.paragraph_format.space_after = Pt(RULE_GAP)
    for _ in range(2):
        spacer(document, measures.LINE)


def letter_head(document: Any, *, agency: str, number: str, stage: str = "") -> None:
    """信函格式: the mark 30 mm below the edge of the page, a double line of 170 mm under it and another one 20 mm
    above the foot, the number at the right below the first line, the stage at its left; the first page is not
    numbered."""
    section = document.sections[0]
    number_pages(section, first_is_bare=True)
    section.header_distance = Length(int(measures.HEAD_OF_LETTER - ABOVE_GLYPH))
    header = section.first_page_header
    header.is_linked_to_previous = False
    mark = header.paragraphs[0]
    _write_mark(mark, agency)
    _across(mark)
    border(mark, "bottom", "thickThinSmallGap", 24, colour=COLOUR, space=RULE_GAP)
    mark.paragraph_format.space_after = Pt(RULE_GAP)
    _second_rule(section)
    row = line(document)
    row.paragraph_format.space_before = Length(SEVEN_EIGHTHS // 2)
    row.paragraph_format.tab_stops.add_tab_stop(measures.TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    write(row, stage, face=HEITI, colour=measures.RED)
    write(row, f"\t{number}")
    for _ in range(2):
        spacer(document, measures.LINE)


def minutes_head(document: Any, *, name: str, number: str = "", stage: str = "") -> None:
    """纪要格式: the mark ×××纪要, red, 35 mm below the edge of the text; number and red line below it."""
    slip_head(document, agency=name, number=number, stage=stage)


def present_at(document: Any, rows: Sequence[tuple[str, str]]) -> None:
    """Who was there (出席), excused (请假), sitting in (列席): below the text after an empty line, two characters in,
    the word in 黑体; further lines begin under the first name (10.3)."""
    if rows:
        spacer(document, measures.LINE)
    for label, people in rows:
        hanging(document, f"{label}：", people, face=HEITI)


def _mark(document: Any, text: str, *, before: Length) -> Any:
    paragraph = document.add_paragraph()
    _write_mark(paragraph, text)
    paragraph.paragraph_format.space_before = before
    return paragraph


def _write_mark(paragraph: Any, text: str) -> None:
    """发文机关标志 on one line: smaller where the name is long."""
    size = min(measures.MARK_SIZE, Length(measures.TEXT_WIDTH // max(len(text), 1)))
    write(paragraph, text, face=XIAOBIAOSONG, size=size, colour=measures.RED)
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.line_spacing = Pt(44)


def _across(paragraph: Any) -> None:
    """170 mm wide in the middle of the page: beyond the text block on both sides."""
    over = measures.RULE_OF_HEAD - measures.TEXT_WIDTH
    shift = (measures.LEFT - measures.RIGHT) / 2
    paragraph.paragraph_format.left_indent = Length(int(-(over / 2 + shift)))
    paragraph.paragraph_format.right_indent = Length(int(-(over / 2 - shift)))


def _second_rule(section: Any) -> None:
    """The line at the foot of the first page, 20 mm above the edge, thin above thick; numbers stay where they are."""
    section.footer_distance = measures.FOOT_OF_LETTER
    for footer in (section.footer, section.even_page_footer):
        line(footer, exact=Length(BELOW_TEXT - measures.FOOT_OF_LETTER))
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    rule = footer.paragraphs[0]
    rule.paragraph_format.line_spacing = Mm(1)
    _across(rule)
    border(rule, "bottom", "thinThickSmallGap", 24, colour=COLOUR)
