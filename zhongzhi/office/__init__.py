"""The office room: every DOCX of the county is set here, in the measures of GB/T 9704-2012.

Page, fonts and what stands in for them, styles, tables, lines to sign, heads of slips, letters and minutes, page
numbers. It knows text only: no case, no model, no request.
"""

from docx.shared import Mm, Pt

from zhongzhi.office.charts import add_chart, charts_of_workbook
from zhongzhi.office.contents import add_contents, bookmark, refresh_fields_on_opening
from zhongzhi.office.document import add_section, as_bytes, file_document, official_document, turn
from zhongzhi.office.heads import letter_head, minutes_head, present_at, slip_head
from zhongzhi.office.imprint import add_copies, add_imprint
from zhongzhi.office.measures import SMALL_4, TEXT_WIDTH
from zhongzhi.office.page_numbers import header_line, number_pages, unnumbered
from zhongzhi.office.paragraphs import (
    CENTRE,
    RIGHT,
    addressee,
    hanging,
    heading,
    indented,
    line,
    mark_stage,
    outline,
    spacer,
    title,
)
from zhongzhi.office.pictures import add_picture
from zhongzhi.office.signatures import agency_and_date, keep_with_text, signature_lines
from zhongzhi.office.stamping import HAND, SEAL, SEAL_BELOW_SIGNATURES, SEAL_OVER_DATE, signature_place
from zhongzhi.office.tables import data_table, field_table

__all__ = [
    "CENTRE",
    "HAND",
    "RIGHT",
    "SEAL",
    "SEAL_BELOW_SIGNATURES",
    "SEAL_OVER_DATE",
    "SMALL_4",
    "TEXT_WIDTH",
    "Mm",
    "Pt",
    "add_chart",
    "add_contents",
    "add_copies",
    "add_imprint",
    "add_picture",
    "add_section",
    "addressee",
    "agency_and_date",
    "as_bytes",
    "bookmark",
    "charts_of_workbook",
    "data_table",
    "field_table",
    "file_document",
    "hanging",
    "header_line",
    "heading",
    "indented",
    "keep_with_text",
    "letter_head",
    "line",
    "mark_stage",
    "minutes_head",
    "number_pages",
    "official_document",
    "outline",
    "present_at",
    "refresh_fields_on_opening",
    "signature_lines",
    "signature_place",
    "slip_head",
    "spacer",
    "title",
    "turn",
    "unnumbered",
]
