"""The handbook on paper: the same chapters and pictures as in the system, with a table of contents."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from lxml import html

from workbench.handbook.chapters import CHAPTERS, Chapter
from zhongzhi import office

NAME = "综治中心操作手册"
HOW_TO_READ = "按事情查。在系统里点右上角“帮助”，直接翻到当前页面的一章；本册与系统内的手册内容相同。"
STATIC = Path(settings.BASE_DIR) / "static"


def handbook_paper() -> bytes:
    """The handbook as DOCX; its pictures are those of the installed version."""
    document = office.file_document()
    office.title(document, NAME)
    office.indented(document, HOW_TO_READ)
    office.add_contents(document, [(chapter.name, _headed(chapter)) for chapter in CHAPTERS], with_pages=True)
    for number, chapter in enumerate(CHAPTERS, 1):
        _add(document, number, chapter)
    office.number_pages(document.sections[0])
    return office.as_bytes(document)


def _add(document: Any, number: int, chapter: Chapter) -> None:
    head = office.outline(document, f"{number}．{chapter.title}")
    office.bookmark(head, number, chapter.name)
    for label, text in lines_of(chapter):
        if label:
            office.hanging(document, label, text)
        else:
            office.indented(document, text)
    for picture in chapter.pictures:
        content = (STATIC / picture.file).read_bytes()
        office.add_picture(document, content, picture.words, widest=office.TEXT_WIDTH)


def lines_of(chapter: Chapter) -> list[tuple[str, str]]:
    """The text of a chapter without its marks: numbered steps, and what stands beside them with no number."""
    page = html.fragment_fromstring(render_to_string(f"handbook/chapters/{chapter.name}.html"), create_parent="div")
    lines = []
    for part in page:
        if part.tag == "ol":
            lines += [(f"{n}．", _text(item)) for n, item in enumerate(part.iter("li"), 1)]
        elif isinstance(part.tag, str):
            lines.append(("", _text(part)))
    return lines


def _text(part: Any) -> str:
    return " ".join(str(part.text_content()).split())


def _headed(chapter: Chapter) -> str:
    return f"{chapter.title}（{chapter.who}）"
