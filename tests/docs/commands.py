"""The commands that the documents tell people to type, taken from their text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/operations.md")
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
PROGRAMS = re.compile(
    r"([A-Z_]+=\S+ )*(\.venv/bin/|\. )?(python3?|make|pip|celery|gunicorn|docker|docker-compose|\.venv) ?"
)
COMMENT = re.compile(r"(^|\s+)#( .*|$)")


@dataclass(frozen=True)
class Command:
    """One line to type, and where it stands; the lines of one block share a shell."""

    document: str
    block: int
    text: str


def commands() -> list[Command]:
    """All of them, in the order of the documents: lines of `sh` blocks, and code in the text that names a program."""
    return [command for name in DOCUMENTS for command in _of(name, (ROOT / name).read_text(encoding="utf-8"))]


def languages() -> set[str]:
    """What the blocks of the documents are written in."""
    return {found["language"] for name in DOCUMENTS for found in FENCE.finditer((ROOT / name).read_text("utf-8"))}


def _of(name: str, text: str) -> Iterator[Command]:
    block, end = 0, 0
    for found in FENCE.finditer(text):
        for span in SPAN.findall(text[end : found.start()]):
            block += 1
            yield from _spoken(name, block, span)
        block += 1
        if found["language"] == "sh":
            yield from _typed(name, block, found["text"])
        end = found.end()
    for number, span in enumerate(SPAN.findall(text[end:]), start=block + 1):
        yield from _spoken(name, number, span)


def _spoken(name: str, block: int, span: str) -> Iterator[Command]:
    if PROGRAMS.match(span) and " " in span:
        yield Command(name, block, span)


def _typed(name: str, block: int, text: str) -> Iterator[Command]:
    for line in text.replace("\\\n", " ").splitlines():
        if command := COMMENT.sub("", line).strip():
            yield Command(name, block, command)
