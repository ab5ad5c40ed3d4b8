"""The DOCX of a document: A4, margins 37/35/28/26 mm, 22 lines of 28 characters (GB/T 9704-2012, 5.2, 7 and 10.1)."""

import io
from dataclasses import asdict
from functools import cache
from typing import Any

from docx import Document as new_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from referrals.documents.sheet import Sheet
from referrals.models import PaperForm

RED = RGBColor(0xD9, 0x00, 0x00)
BODY, TITLE, SONG = "仿宋_GB2312", "方正小标宋简体", "宋体"
LINE = Pt(29)  # 225 mm / 22 lines
NUMBER_3, NUMBER_2, NUMBER_4 = Pt(16), Pt(22), Pt(14)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def docx_of(sheet: Sheet) -> bytes:
    """The file: the form of the sheet, filled by docxtpl; what people wrote is escaped."""
    template = DocxTemplate(io.BytesIO(_form(sheet.form)))
    template.render({"sheet": asdict(sheet)}, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


@cache
def _form(form: str) -> bytes:
    """The empty form, made once: a DOCX with the places that docxtpl fills."""
    docx = new_docx()
    _page(docx)
    if form == PaperForm.LETTER:
        _letter_head(docx)
    else:
        _slip_head(docx)
    _main(docx)
    target = io.BytesIO()
    docx.save(target)
    return target.getvalue()


def _page(docx: Any) -> None:
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    style = docx.styles["Normal"]
    style.font.name, style.font.size = BODY, NUMBER_3
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.line_spacing_rule, style.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    style.paragraph_format.space_after = Pt(0)
    _page_number(section.footer.paragraphs[0])


def _slip_head(docx: Any) -> None:
    """版头: the agency's name in red, the kind, the number, the red line."""
    _line(docx, "{{ sheet.agency }}", font=TITLE, size=Pt(30), colour=RED, align=CENTRE, exact=Pt(44))
    _line(docx, "{{ sheet.kind }}", font=TITLE, size=Pt(26), colour=RED, align=CENTRE, exact=Pt(40))
    number = _line(docx, "{{ sheet.number }}{% if sheet.level %}　　{{ sheet.level }}{% endif %}", align=CENTRE)
    _rule_below(number, "single", 12)
    _line(docx, "")


def _letter_head(docx: Any) -> None:
    """信函格式: the agency's name, a double line thick above thin, the number at the right below it."""
    name = _line(docx, "{{ sheet.agency }}", font=TITLE, size=Pt(30), colour=RED, align=CENTRE, exact=Pt(44))
    _rule_below(name, "thickThinSmallGap", 24)
    _line(docx, "{{ sheet.number }}{% if sheet.level %}　　{{ sheet.level }}{% endif %}", align=RIGHT)
    _line(docx, "")


def _main(docx: Any) -> None:
    """主体: title, to whom, text, signature, date; then what the receiver fills in."""
    _line(
        docx,
        "{% if sheet.is_draft %}【草稿】{% endif %}{{ sheet.subject }}",
        font=TITLE,
        size=NUMBER_2,
        align=CENTRE,
        exact=Pt(33),
    )
    _line(docx, "")
    _line(docx, "{{ sheet.addressee }}：")
    docx.add_paragraph("{%p for text in sheet.paragraphs %}")
    _line(docx, "{{ text }}").paragraph_format.first_line_indent = NUMBER_3 * 2
    docx.add_paragraph("{%p endfor %}")
    _line(docx, "")
    for text in ("{{ sheet.agency }}", "{{ sheet.date }}"):
        signed = _line(docx, text, align=RIGHT).paragraph_format
        signed.right_indent, signed.keep_with_next = NUMBER_3 * 4, True
    docx.add_paragraph("{%p if sheet.signer %}")
    _line(docx, "签发人：{{ sheet.signer }}", size=NUMBER_4)
    docx.add_paragraph("{%p endif %}")
    docx.add_paragraph("{%p if sheet.wants_receipt %}")
    _line(docx, "")
    _line(docx, "签收单位（章）：　　　　　　签收人：　　　　　　年　月　日", size=NUMBER_4)
    docx.add_paragraph("{%p endif %}")


def _line(
    docx: Any,
    text: str,
    *,
    font: str = BODY,
    size: Any = NUMBER_3,
    colour: RGBColor | None = None,
    align: Any = None,
    exact: Any = LINE,
) -> Any:
    paragraph = docx.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = exact
    return paragraph


def _rule_below(paragraph: Any, kind: str, eighths: int) -> None:
    """A red line under a paragraph, so many eighths of a point wide."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", kind), ("sz", str(eighths)), ("space", "4"), ("color", "D90000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_number(paragraph: Any) -> None:
    """— 1 — in 四号 below the text, in the middle."""
    paragraph.alignment = CENTRE
    _in_song(paragraph.add_run("— "))
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    _in_song(number)
    field.append(number._r)
    paragraph._p.append(field)
    _in_song(paragraph.add_run(" —"))


def _in_song(run: Any) -> None:
    run.font.size, run.font.name = NUMBER_4, SONG
