"""How much of a matter an answer gives away: its words are looked for in pages, JSON, tables and papers alike."""

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from pypdf import PdfReader

from tests.sight.world import Matter
from zhongzhi.core.masking import mask_name

NONE, OUTLINE, MASKED, FULL, NUMBERS = range(5)
WORDS = ("—", "进度", "脱敏", "完整", "完整＋号码")
"""Nothing; that there is such a case; what it is about with masked names; names, records and files; sealed numbers."""
TAG = re.compile(r"<[^>]*>")
SEARCHED = re.compile(r'<a class="chip"[^>]*去掉筛选 查找：.*?</a>', re.DOTALL)
"""The filter that repeats what was looked for, which is no news either."""
ZIPPED, PRINTED, PICTURES = b"PK\x03\x04", b"%PDF-", (b"\xff\xd8", b"\x89PNG")


@dataclass(frozen=True)
class Read:
    """The words of an answer, and whether it is a picture."""

    text: str
    is_picture: bool = False


def read(answer: Any) -> Read:
    """What stands in an answer: page, JSON, table, paper or folder of papers."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == ZIPPED:
        return Read(_unpacked(content))
    if content[:5] == PRINTED:
        return Read("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))
    return Read(_text(content), any(content.startswith(start) for start in PICTURES))


def level_of(found: Read, matter: Matter, typed: str = "", finding: int = NONE) -> int:
    """What it shows of a matter; a refusal shows what its words show. What the reader typed is no news."""
    if not typed:
        return _in_text(found.text, matter)
    rest, code = found.text.replace(typed, ""), str(matter.case.code)
    shown = code in (_lines(found.text) if typed == code else rest)
    return max(_in_text(rest, matter), finding if shown else NONE)


def _lines(text: str) -> str:
    """A page without the boxes that repeat what was typed, and without the addresses of its own links."""
    return re.sub(r'(value|href)="[^"]*"|<title>.*?</title>', "", text)


def _in_text(text: str, matter: Matter) -> int:
    words = matter.words
    if words.phone in text:
        return NUMBERS
    if words.name in text or words.other in text:
        return FULL
    if words.word in text or mask_name(words.name) in text:
        return MASKED
    return OUTLINE if str(matter.case.code) in text else NONE


def _unpacked(content: bytes) -> str:
    """The words of a DOCX, an XLSX or a folder of them; its pictures count as shown in full."""
    found = []
    try:
        with ZipFile(BytesIO(content)) as folder:
            for name in folder.namelist():
                inner = folder.read(name)
                found.append(_unpacked(inner) if inner[:4] == ZIPPED else _text(inner))
    except BadZipFile:
        return ""
    return "\n".join(found)


def _text(content: bytes) -> str:
    """As a reader sees it, with escapes undone; what stands in attributes counts too."""
    text = SEARCHED.sub("", content.decode("utf-8", "replace"))
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return unescape(text) + TAG.sub("", text)
