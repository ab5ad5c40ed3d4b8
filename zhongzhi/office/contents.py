"""The table of contents of a file: names with leaders, and the page each begins on."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Pt

from zhongzhi.office.elements import element, field
from zhongzhi.office.measures import TEXT_WIDTH

PLACES = 9000
"""Numbers of bookmarks that no paper of a file reaches."""


def add_contents(document: Any, entries: Sequence[tuple[str, str]], *, with_pages: bool) -> None:
    """One line an entry (key, name); with pages where the entries stand in the same document."""
    for n, (key, name) in enumerate(entries, 1):
        row = document.add_paragraph()
        row.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        row.paragraph_format.space_before = Pt(6)
        row.add_run(f"{n}．{name}\t")
        if with_pages:
            field(row, f"PAGEREF {_anchor(key)} \\h", "")


def bookmark(paragraph: Any, number: int, key: str) -> None:
    """Name the place where an entry begins."""
    run = paragraph.runs[0]._element
    run.addprevious(element("w:bookmarkStart", id=number, name=_anchor(key)))
    run.addnext(element("w:bookmarkEnd", id=number))


def name_place(paragraph: Any, key: str, number: int) -> None:
    """Name where a seal or a hand is put on the PDF of the signed paper."""
    bookmark(paragraph, PLACES + number, key)


def refresh_fields_on_opening(document: Any) -> None:
    """The word processor fills in page numbers when it has laid the pages out."""
    document.settings.element.append(element("w:updateFields", val="true"))


def _anchor(key: str) -> str:
    return "paper_" + key.replace("-", "_")
