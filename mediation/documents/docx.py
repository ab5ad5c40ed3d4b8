"""Papers as word-processor documents: one at a time, or the whole file with contents and page numbers.

Page numbers of the contents are references to bookmarks: a word processor fills them in when it lays the pages out.
"""

from collections.abc import Sequence
from typing import Any

from mediation.documents.form import (
    Addressed,
    Annex,
    Block,
    Contents,
    Fields,
    Grid,
    Heading,
    Paper,
    Pictures,
    Prose,
    Signs,
)
from mediation.documents.pictures import as_jpeg
from zhongzhi import office
from zhongzhi.office import Pt

WHOLE = "全卷"
TITLE, TITLE_OF_COVER = Pt(20), Pt(34)


def write_paper(paper: Paper, head: str) -> bytes:
    """One paper as DOCX, its pages numbered by themselves; `head` says on each who took it out."""
    document = office.file_document()
    office.header_line(document, head)
    _write(document, paper)
    _number(document.sections[0], paper)
    return office.as_bytes(document)


def write_whole_file(papers: Sequence[Paper], head: str) -> bytes:
    """All papers as one DOCX: cover and contents without number, then pages from 1; the back cover without again."""
    document = office.file_document()
    document.core_properties.category = WHOLE
    office.header_line(document, head)
    office.unnumbered(document.sections[0])
    was_cover = True
    for at, paper in enumerate(papers):
        if at:
            _turn_over(document, paper, starts=was_cover and not paper.is_cover)
        _write(document, paper, bookmark=at + 1)
        was_cover = paper.is_cover
    office.refresh_fields_on_opening(document)
    return office.as_bytes(document)


def _number(section: Any, paper: Paper) -> None:
    if paper.is_cover:
        office.unnumbered(section)
    else:
        office.number_pages(section)


def _turn_over(document: Any, paper: Paper, *, starts: bool) -> None:
    """A new section where numbering begins or ends."""
    if starts:
        office.number_pages(office.add_section(document), from_one=True)
    elif paper.is_cover and paper.key == "back":
        office.unnumbered(office.add_section(document))


def _write(document: Any, paper: Paper, bookmark: int = 0) -> None:
    is_front = paper.key == "cover"
    if paper.stage:
        office.mark_stage(document, paper.stage).paragraph_format.page_break_before = bookmark > 1
    title = office.title(
        document,
        paper.title,
        size=TITLE_OF_COVER if is_front else TITLE,
        before=Pt(120 if is_front else 0),
    )
    title.paragraph_format.page_break_before = bookmark > 1 and not paper.stage
    title.paragraph_format.space_after = Pt(60 if is_front else 8)
    if bookmark:
        office.bookmark(title, bookmark, paper.key)
    if paper.number:
        number = office.line(document, paper.number, align=office.RIGHT)
        number.paragraph_format.space_after = Pt(6)
        number.paragraph_format.keep_with_next = True
    for block in paper.blocks:
        WRITERS[type(block)](document, block)


def _fields(document: Any, block: Fields) -> None:
    office.field_table(document, block.rows)


def _grid(document: Any, block: Grid) -> None:
    office.data_table(document, block.head, block.rows)


def _prose(document: Any, block: Prose) -> None:
    if block.heading:
        office.heading(document, block.heading)
    for text in block.lines:
        office.indented(document, text)
    office.spacer(document)


def _signs(document: Any, block: Signs) -> None:
    office.signature_lines(document, block.lines)


def _addressed(document: Any, block: Addressed) -> None:
    office.indented(document, "此致").paragraph_format.keep_with_next = True
    office.line(document, block.to)
    office.spacer(document)


def _heading(document: Any, block: Heading) -> None:
    office.heading(document, block.heading)


def _annex(document: Any, block: Annex) -> None:
    office.heading(document, block.heading).paragraph_format.page_break_before = True
    office.spacer(document)


def _pictures(document: Any, block: Pictures) -> None:
    for file, caption in block.files:
        office.add_picture(document, as_jpeg(file), caption)


def _contents(document: Any, block: Contents) -> None:
    """In the whole file also the page that each paper begins on."""
    office.add_contents(document, block.entries, with_pages=document.core_properties.category == WHOLE)


WRITERS: dict[type[Block], Any] = {
    Fields: _fields,
    Grid: _grid,
    Prose: _prose,
    Signs: _signs,
    Addressed: _addressed,
    Heading: _heading,
    Annex: _annex,
    Pictures: _pictures,
    Contents: _contents,
}
