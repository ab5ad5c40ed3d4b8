"""The head of a table: which row it is, and which title feeds which column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from zhongzhi.core.text import to_halfwidth, without_unseen

HEAD_WITHIN: Final = 10


@dataclass(frozen=True)
class Column:
    """One column: its name in code, its title in the head row (and the titles others give it), what stands in it."""

    name: str
    title: str
    required: bool = False
    note: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    width: int = 14
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Head:
    """The last row of the head, where each known column stands and under which title, and the titles of no use."""

    number: int
    places: dict[str, int]
    titles: dict[str, str]
    unknown: tuple[str, ...]


def head_of(lines: Iterator[tuple[int, Sequence[Any]]], columns: Sequence[Column]) -> Head:
    """The row, or pair of rows, among the first ten that knows most of the titles; one row rather than two."""
    best, above = Head(0, {}, {}, ()), (0, [""])
    for number, cells in takewhile(lambda line: line[0] <= HEAD_WITHIN, lines):
        titles = [_plain("" if cell is None else str(cell)) for cell in cells]
        found = _read(number, titles, columns)
        if len(found.places) > len(best.places):
            best = found
        if above[0] == number - 1 and (both := _under(above[1], titles, columns)):
            found = _read(number, both, columns)
            if len(found.places) > len(best.places):
                best = found
        above = (number, titles)
    return best


def _read(number: int, titles: list[str], columns: Sequence[Column]) -> Head:
    """A column's own title goes before the titles that others give it."""
    places: dict[str, int] = {}
    for own in (True, False):
        for column in columns:
            wanted = (column.title,) if own else column.also
            free = [at for title in wanted for at, text in enumerate(titles) if text == _plain(title)]
            at = next((at for at in free if at not in places.values()), None)
            if column.name not in places and at is not None:
                places[column.name] = at
    ordered = {c.name: places[c.name] for c in columns if c.name in places}
    unknown = tuple(title for at, title in enumerate(titles) if title and at not in places.values())
    return Head(number, ordered, {name: titles[at] for name, at in ordered.items()}, unknown)


def _under(above: list[str], below: list[str], columns: Sequence[Column]) -> list[str]:
    """A second row of titles under groups of columns; empty where the lower row is one of values."""
    known = {_plain(title) for column in columns for title in (column.title, *column.also)}
    filled = [text for text in below if text]
    over = [(above[at] if at < len(above) else "") for at, text in enumerate(below) if text]
    if not any(text in known for text in filled) or any(text in known for text in over):
        return []
    size = max(len(above), len(below))
    pairs = zip(above + [""] * (size - len(above)), below + [""] * (size - len(below)), strict=True)
    return [lower or upper for upper, lower in pairs]


def _plain(title: str) -> str:
    """A title without blanks, stars and what stands in brackets."""
    text = without_unseen(to_halfwidth(title)).replace("*", "").strip("'").partition("(")[0]
    return "".join(text.split()).rstrip(":")
