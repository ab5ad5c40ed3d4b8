"""What a paper is made of: a title and blocks. Documents and print pages show the same ones: neither loses a field."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhongzhi.files.models import StoredFile


@dataclass(frozen=True)
class Fields:
    """Labelled values, two pairs a row; a long one has the row to itself."""

    pairs: Sequence[tuple[str, str]]
    kind: str = "fields"

    @property
    def rows(self) -> list[list[tuple[str, str]]]:
        """The pairs as they are laid out."""
        rows: list[list[tuple[str, str]]] = []
        for pair in self.pairs:
            is_long = len(pair[1]) > 16
            if not is_long and rows and len(rows[-1]) == 1 and len(rows[-1][0][1]) <= 16:
                rows[-1].append(pair)
            else:
                rows.append([pair])
        return rows


@dataclass(frozen=True)
class Grid:
    """A table with a head."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = "grid"


@dataclass(frozen=True)
class Prose:
    """A heading and its text, line by line."""

    heading: str
    text: str
    kind: str = "prose"

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.split("\n") if line.strip()] or ["（无）"]


@dataclass(frozen=True)
class Signs:
    """Lines to sign on, each with what is known of the signature: 岳某某 签名（2026-11-24）."""

    lines: Sequence[tuple[str, str]]
    kind: str = "signs"


@dataclass(frozen=True)
class Pictures:
    """Photographs and scans, each with its caption."""

    files: Sequence[tuple[StoredFile, str]]
    kind: str = "pictures"


@dataclass(frozen=True)
class Contents:
    """The table of contents: names of the papers by key; page numbers are filled in by whoever lays out the pages."""

    entries: Sequence[tuple[str, str]]
    kind: str = "contents"


Block = Fields | Grid | Prose | Signs | Pictures | Contents


@dataclass(frozen=True)
class Paper:
    """One form of the file. `is_cover` papers carry no page number."""

    key: str
    title: str
    number: str = ""
    blocks: Sequence[Block] = field(default_factory=tuple)
    is_cover: bool = False

    def texts(self) -> list[str]:
        """Every text of the paper, as the tests look for it."""
        found = [self.title, self.number]
        for block in self.blocks:
            if isinstance(block, Fields):
                found += [text for pair in block.pairs for text in pair]
            elif isinstance(block, Grid):
                found += [*block.head, *(cell for row in block.rows for cell in row)]
            elif isinstance(block, Prose):
                found += [block.heading, *block.lines]
            elif isinstance(block, Signs):
                found += [text for pair in block.lines for text in pair]
            elif isinstance(block, Pictures):
                found += [caption for _, caption in block.files]
            else:
                found += [name for _, name in block.entries]
        return [text for text in found if text]
