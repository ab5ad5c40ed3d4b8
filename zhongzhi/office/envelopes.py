"""Envelopes and labels for posting: whom a paper goes to, where, from whom, under which number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.shared import Length, Mm, Pt

from zhongzhi.office import measures
from zhongzhi.office.document import add_section, as_bytes, official_document
from zhongzhi.office.fonts import HEITI
from zhongzhi.office.page_numbers import unnumbered
from zhongzhi.office.paragraphs import RIGHT, line

LINE = 1.45


@dataclass(frozen=True)
class Posting:
    """One cover: to whom and where, from whom and where, what is inside."""

    to: str
    address: str
    sender: str
    sender_address: str
    number: str


@dataclass(frozen=True)
class Format:
    """A size of paper: width and height, edges, the height of the first line over the address."""

    width: Length
    height: Length
    edge: Length
    drop: Length
    size: Length


ENVELOPE = Format(Mm(220), Mm(110), Mm(20), Mm(22), measures.NUMBER_3)
"""DL, as windows of offices have it (GB/T 1416)."""
LABEL = Format(Mm(100), Mm(70), Mm(6), Mm(4), measures.SMALL_4)


def envelopes(postings: Sequence[Posting], form: Format) -> bytes:
    """A page of that size for each."""
    document = official_document()
    unnumbered(document.sections[0])
    for at, posting in enumerate(postings):
        _measure(add_section(document) if at else document.sections[0], form)
        _cover(document, posting, form)
    return as_bytes(document)


def _cover(document: Any, posting: Posting, form: Format) -> None:
    _line(document, posting.address, form.size).paragraph_format.space_before = form.drop
    name = _line(document, f"{posting.to}　收", Length(form.size + Pt(4)), face=HEITI)
    name.paragraph_format.space_before = Pt(6)
    sender = [text for text in (posting.sender, posting.sender_address, posting.number) if text]
    for at, text in enumerate(sender):
        row = _line(document, text, measures.NUMBER_5, align=RIGHT)
        row.paragraph_format.space_before = form.drop if at == 0 else None


def _line(document: Any, text: str, size: Length, **words: Any) -> Any:
    return line(document, text, size=size, exact=Length(int(size * LINE)), **words)


def _measure(section: Any, form: Format) -> None:
    section.page_width, section.page_height = form.width, form.height
    section.left_margin = section.right_margin = form.edge
    section.top_margin = section.bottom_margin = Mm(5)
