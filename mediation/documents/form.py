"""What a paper is made of: a title and blocks. What is edited and what is printed show the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhongzhi.files.models import StoredFile


@dataclass(frozen=True)
class Fields:
    """Labelled values, two pairs a row; a long one has the row to itself."""

    pairs: Sequence[tuple[str, str]]
    kind: str = "fields"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [text for pair in self.pairs for text in pair]

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

    def texts(self) -> list[str]:
        """What stands in it."""
        return [*self.head, *(cell for row in self.rows for cell in row)]


@dataclass(frozen=True)
class Prose:
    """A heading and its text, line by line."""

    heading: str
    text: str
    kind: str = "prose"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [self.heading, *self.lines]

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.split("\n") if line.strip()] or ["（无）"]


@dataclass(frozen=True)
class Signs:
    """Lines to sign on, each with what is known of the signature: 岳某某 签名（2026-11-24）."""

    lines: Sequence[tuple[str, str]]
    kind: str = "signs"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [text for pair in self.lines for text in pair]


@dataclass(frozen=True)
class Addressed:
    """此致 and to whom, as applications to a court end."""

    to: str
    kind: str = "addressed"

    def texts(self) -> list[str]:
        """What stands in it."""
        return ["此致", self.to]


@dataclass(frozen=True)
class Heading:
    """The name of the table that follows."""

    heading: str
    kind: str = "heading"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [self.heading]


@dataclass(frozen=True)
class Annex:
    """A heading that begins a page of its own."""

    heading: str
    kind: str = "annex"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [self.heading]


@dataclass(frozen=True)
class Pictures:
    """Photographs and scans, each with its caption."""

    files: Sequence[tuple[StoredFile, str]]
    kind: str = "pictures"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [caption for _, caption in self.files]


@dataclass(frozen=True)
class Contents:
    """The table of contents: names of the papers by key; page numbers are filled in by whoever lays out the pages."""

    entries: Sequence[tuple[str, str]]
    kind: str = "contents"

    def texts(self) -> list[str]:
        """What stands in it."""
        return [name for _, name in self.entries]


Block = Fields | Grid | Prose | Signs | Addressed | Heading | Annex | Pictures | Contents


@dataclass(frozen=True)
class Paper:
    """One form of the file. `is_cover` papers carry no page number; `stage` says what it is not yet (草稿)."""

    key: str
    title: str
    number: str = ""
    blocks: Sequence[Block] = field(default_factory=tuple)
    is_cover: bool = False
    stage: str = ""

    def texts(self) -> list[str]:
        """Every text of the paper, as the tests look for it."""
        found = [self.title, self.number, self.stage]
        for block in self.blocks:
            found += block.texts()
        return [text for text in found if text]
