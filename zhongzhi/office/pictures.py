"""Photographs and scans, each with its caption below it on the same page."""

from io import BytesIO
from typing import Any

from docx.shared import Length, Mm, Pt

from zhongzhi.office.paragraphs import CENTRE, line

WIDEST, HIGHEST = Mm(120), Mm(92)


def add_picture(document: Any, content: bytes | None, caption: str, *, widest: Length = WIDEST) -> None:
    """A picture at most 120 mm wide (or `widest`) and 92 mm high, so that two fit on a page, with its caption.

    Without content the caption refers to the enclosed file.
    """
    if content is not None:
        shown = document.add_paragraph()
        shown.alignment, shown.paragraph_format.keep_with_next = CENTRE, True
        shown.paragraph_format.line_spacing = 1.0
        picture = shown.add_run().add_picture(BytesIO(content))
        share = min(widest / picture.width, HIGHEST / picture.height)
        picture.width, picture.height = Length(int(picture.width * share)), Length(int(picture.height * share))
    words = line(document, caption if content is not None else f"{caption}（见所附文件）", align=CENTRE)
    words.paragraph_format.space_after = Pt(10)
