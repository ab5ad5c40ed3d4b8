"""Several papers as one PDF to print: a list of what is in it and what is not, then paper after paper."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from zhongzhi import office
from zhongzhi.core.errors import DomainError

MOST: Final = 30
"""Papers in one go: a draft takes a second to set."""
TITLE: Final = "打印清单"
HEADS: Final = ("序", "编号", "文书", "页数", "结果")


@dataclass(frozen=True)
class Bound:
    """One paper among others: its PDF, or why it is not there."""

    number: str
    name: str
    pdf: bytes = b""
    refusal: str = ""


def made(number: str, name: str, make: Callable[[], bytes]) -> Bound:
    """One paper, made now; what refuses it refuses none of the others."""
    try:
        return Bound(number, name, make())
    except DomainError as error:
        return Bound(number, name, refusal=error.message)


def bound(papers: Sequence[Bound], set_list: Callable[[bytes], bytes], *, both_sides: bool) -> bytes:
    """The list, then the papers that are there; `both_sides` begins each on a sheet of its own. `set_list` sets the
    list's DOCX as PDF."""
    writer = PdfWriter()
    readers = [PdfReader(io.BytesIO(paper.pdf)) if paper.pdf else None for paper in papers]
    pages = [0 if reader is None else len(reader.pages) for reader in readers]
    parts = [PdfReader(io.BytesIO(set_list(list_of(papers, pages)))), *(one for one in readers if one is not None)]
    for part in parts:
        writer.append(part)
        if both_sides and len(part.pages) % 2:
            writer.add_blank_page()
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def list_of(papers: Sequence[Bound], pages: Sequence[int]) -> bytes:
    """The first page, as DOCX: each paper with its pages, or why it is not there."""
    document = office.file_document()
    office.title(document, TITLE)
    missing = sum(bool(paper.refusal) for paper in papers)
    told = f"共 {len(papers) - missing} 份、{sum(pages)} 页" + (f"，未打印 {missing} 份" if missing else "")
    office.line(document, f"{told}　{timezone.localtime():%Y-%m-%d %H:%M}", align=office.CENTRE)
    rows = [
        [str(at), paper.number or "未编号", paper.name, str(count or "—"), paper.refusal or "已打印"]
        for at, (paper, count) in enumerate(zip(papers, pages, strict=True), 1)
    ]
    office.data_table(document, HEADS, rows)
    return office.as_bytes(document)
