"""Lines of text: titles, headings by rank, indented paragraphs, whom a paper is for."""

import re
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor

from zhongzhi.office import measures
from zhongzhi.office.elements import element, put_before
from zhongzhi.office.fonts import FANGSONG, HEITI, KAITI, XIAOBIAOSONG, Face, set_face

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
TITLE_LINE = 1.5
GAP = Pt(8)
LATIN = re.compile(r"([!-~\u2060]{2,})")
HYPHEN = re.compile(r"(?<=\d)-(?=\d)")
WORD_JOINER = "\u2060"
"""Behind the hyphen of a telephone number or a date no line ends: LibreOffice ends one even behind a "no-break hyphen".
In tables the width of the column sees to it."""
LANGUAGE_OF_NUMBERS = "en-US"
"""A word processor breaks a line anywhere in what is marked as Chinese, in an identity number too."""
RANKS = (HEITI, KAITI, FANGSONG)
"""一、 in 黑体, （一） in 楷体, 1. in 仿宋 (GB/T 9704-2012, 7.3.3)."""


def line(
    parent: Any,
    text: str = "",
    *,
    face: Face | None = None,
    size: Length | None = None,
    colour: RGBColor | None = None,
    align: Any = None,
    exact: Length | None = None,
) -> Any:
    """One paragraph in one face and size; those of the document where none is given."""
    paragraph = parent.add_paragraph()
    write(paragraph, HYPHEN.sub(f"-{WORD_JOINER}", text), face=face, size=size, colour=colour)
    paragraph.alignment = align
    if exact is not None:
        paragraph.paragraph_format.line_spacing = exact
    return paragraph


def write(
    paragraph: Any,
    text: str,
    *,
    face: Face | None = None,
    size: Length | None = None,
    colour: RGBColor | None = None,
    bold: bool | None = None,
) -> Any:
    """Words in a paragraph, in a face and size of their own; numbers and codes are marked as such, so that a line
    never ends inside one. The first of the runs."""
    runs = [_run(paragraph, part) for part in LATIN.split(text) if part] or [paragraph.add_run("")]
    for run in runs:
        run.font.size, run.bold = size, bold
        if face is not None:
            set_face(run._element.get_or_add_rPr(), face)
        if colour is not None:
            run.font.color.rgb = colour
    return runs[0]


def _run(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    if LATIN.fullmatch(text):
        run._element.get_or_add_rPr().append(element("w:lang", val=LANGUAGE_OF_NUMBERS))
    return run


def title(document: Any, text: str, *, size: Length = measures.NUMBER_2, before: Length | None = None) -> Any:
    """The title, in the middle, in 小标宋; it never stands at the foot of a page without what follows."""
    paragraph = line(document, text, face=XIAOBIAOSONG, size=size, align=CENTRE, exact=Length(int(size * TITLE_LINE)))
    paragraph.paragraph_format.space_before = before
    paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = True
    return paragraph


def heading(document: Any, text: str, *, rank: int = 1, size: Length | None = None) -> Any:
    """A heading of first, second or third rank."""
    paragraph = line(document, text, face=RANKS[rank - 1], size=size)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def outline(document: Any, text: str, *, rank: int = 1, size: Length | None = None) -> Any:
    """A heading that the navigation pane of a word processor lists."""
    paragraph = heading(document, text, rank=rank, size=size or measures.NUMBER_4)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = GAP
    level = element("w:outlineLvl", val=rank - 1)
    put_before(paragraph._p.get_or_add_pPr(), level, "w:rPr", "w:sectPr")
    return paragraph


def indented(document: Any, text: str, **words: Any) -> Any:
    """A paragraph of the text: its first line begins two characters in."""
    paragraph = line(document, text, **words)
    indent_first_line(paragraph, 2)
    return paragraph


def hanging(document: Any, label: str, text: str, *, face: Face | None = None) -> Any:
    """A label two characters in, in a face of its own where one is given, and what it names; further lines begin under
    the first word of the text."""
    paragraph = line(document, label, face=face)
    write(paragraph, text)
    form = paragraph.paragraph_format
    em = paragraph.style.font.size or measures.NUMBER_3
    form.left_indent, form.first_line_indent = Length(em * (2 + len(label))), Length(-em * len(label))
    return paragraph


def addressee(document: Any, name: str) -> Any:
    """主送机关: at the left edge, with a colon."""
    return line(document, f"{name}：")


def mark_stage(document: Any, text: str) -> Any:
    """What a paper is not yet or not any more (草稿, 作废), at its very head, so that nobody takes it for valid."""
    return line(document, text, face=HEITI, size=measures.NUMBER_3, colour=measures.RED)


def spacer(document: Any, height: Length = GAP) -> Any:
    """Empty space between two blocks."""
    return line(document, exact=height)


def indent_first_line(paragraph: Any, characters: int) -> None:
    """So many characters, whatever their size."""
    properties = paragraph._p.get_or_add_pPr()
    indent = properties.find(qn("w:ind"))
    if indent is None:
        indent = element("w:ind")
        put_before(properties, indent, "w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr")
    size = paragraph.runs[0].font.size if paragraph.runs else None
    point = (size or paragraph.style.font.size or measures.NUMBER_3).pt
    indent.set(qn("w:firstLineChars"), str(100 * characters))
    indent.set(qn("w:firstLine"), str(round(point * 20 * characters)))
