"""A new document: A4, the text block of GB/T 9704-2012, Chinese as its language, faces declared."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Length, Pt

from zhongzhi.office import measures
from zhongzhi.office.elements import element, put_before
from zhongzhi.office.fonts import FANGSONG, declare_faces, set_face

LANGUAGE = "zh-CN"
FILE_LINE = Pt(20)


def official_document() -> Any:
    """A document for slips, letters and minutes: 三号仿宋, 22 lines of 28 characters."""
    return _document(size=measures.NUMBER_3, line=measures.LINE, tighter=True)


def file_document() -> Any:
    """A document for the forms of a file and for reports: 小四仿宋, with tables."""
    return _document(size=measures.SMALL_4, line=FILE_LINE, tighter=False)


def add_section(document: Any) -> Any:
    """A new page that begins a section of its own, measured like the first."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _measure(section)
    return section


def turn(document: Any) -> Length:
    """Lay the pages of a section on their side, for a wide table; how wide the text is now."""
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = measures.PAGE_HEIGHT, measures.PAGE_WIDTH
    section.top_margin, section.bottom_margin = measures.LEFT, measures.RIGHT
    section.left_margin = section.right_margin = measures.BOTTOM
    return Length(section.page_width - section.left_margin - section.right_margin)


def as_bytes(document: Any) -> bytes:
    """The finished file. Signs that both scripts share, such as quotation marks, are set in the Chinese face."""
    for run in document.element.body.iter(qn("w:r")):
        run.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _document(*, size: Length, line: Length, tighter: bool) -> Any:
    document = Document()
    _measure(document.sections[0])
    _speak_chinese(document)
    declare_faces(document)
    style = document.styles["Normal"]
    style.font.size = size
    set_face(style.element.get_or_add_rPr(), FANGSONG)
    if tighter:
        spacing = element("w:spacing", val=round(measures.TIGHTER.pt * 20))
        put_before(style.element.rPr, spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    form = style.paragraph_format
    form.line_spacing, form.space_before, form.space_after, form.widow_control = line, Pt(0), Pt(0), True
    properties = style.element.get_or_add_pPr()
    for name in ("autoSpaceDE", "autoSpaceDN"):
        off = element(f"w:{name}", val="0")
        put_before(properties, off, "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")
    document.settings.odd_and_even_pages_header_footer = True
    return document


def _measure(section: Any) -> None:
    section.page_width, section.page_height = measures.PAGE_WIDTH, measures.PAGE_HEIGHT
    section.top_margin, section.bottom_margin = measures.TOP, measures.BOTTOM
    section.left_margin, section.right_margin = measures.LEFT, measures.RIGHT


def _speak_chinese(document: Any) -> None:
    """Spelling, line breaks and the choice of face follow the language, which is American English otherwise."""
    root = document.styles.element
    for language in root.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
        language.set(qn("w:eastAsia"), LANGUAGE)
    theme = document.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), LANGUAGE)
        theme.set(qn("w:eastAsia"), LANGUAGE)
    document.core_properties.language = LANGUAGE
    document.core_properties.author = ""
    document.core_properties.comments = ""
