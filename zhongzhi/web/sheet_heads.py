"""The head of a table: which row it is, and which title feeds which column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    """The last row of the head, its titles from the left, where each known column stands and under which title, and the
    titles of no use."""

    number: int
    places: dict[str, int]
    titles: dict[str, str]
    unknown: tuple[str, ...]
    row: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How somebody said a table is to be read: its sheet or separator, the row of its titles, and where each known
    column stands."""

    sheet: str = ""
    head: int = 0
    places: Mapping[str, int] = field(default_factory=dict)


def head_of(lines: Iterator[tuple[int, Sequence[Any]]], columns: Sequence[Column]) -> Head:
    """The row, or pair of rows, among the first ten that knows most of the titles; one row rather than two. Where no
    title is known, the first of those rows in which most is written: somebody has to say what it means."""
    best, above, fullest = Head(0, {}, {}, ()), (0, [""]), Head(0, {}, {}, ())
    for number, cells in takewhile(lambda line: line[0] <= HEAD_WITHIN, lines):
        titles = [_plain("" if cell is None else str(cell)) for cell in cells]
        found = _read(number, titles, columns)
        if len(found.places) > len(best.places):
            best = found
        if len(found.unknown) > max(1, len(fullest.unknown)):
            fullest = found
        if above[0] == number - 1 and (both := _under(above[1], titles, columns)):
            found = _read(number, both, columns)
            if len(found.places) > len(best.places):
                best = found
        above = (number, titles)
    return best if best.places else fullest


def head_as_said(lines: Iterator[tuple[int, Sequence[Any]]], columns: Sequence[Column], layout: Layout) -> Head:
    """The head that somebody pointed at."""
    cells = next((cells for number, cells in lines if number == layout.head), ())
    titles = [_plain("" if cell is None else str(cell)) for cell in cells]
    known = {column.name for column in columns}
    return _placed(layout.head, titles, {name: at for name, at in layout.places.items() if name in known})


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
    return _placed(number, titles, {c.name: places[c.name] for c in columns if c.name in places})


def _placed(number: int, titles: list[str], places: dict[str, int]) -> Head:
    unknown = tuple(title for at, title in enumerate(titles) if title and at not in places.values())
    over = {name: titles[at] if at < len(titles) else "" for name, at in places.items()}
    return Head(number, places, over, unknown, tuple(titles))


def _under(above: list[str], below: list[str], columns: Sequence[Column]) -> list[str]:
    """A second row of titles under groups of columns; empty where the lower row is one of values. A group may have a
    name that is a title elsewhere (报警人 over 姓名 and 联系电话): then the lower row must know two titles."""
    known = {_plain(title) for column in columns for title in (column.title, *column.also)}
    filled = [text for text in below if text]
    over = [(above[at] if at < len(above) else "") for at, text in enumerate(below) if text]
    if sum(text in known for text in filled) < (2 if any(text in known for text in over) else 1):
        return []
    size = max(len(above), len(below))
    pairs = zip(above + [""] * (size - len(above)), below + [""] * (size - len(below)), strict=True)
    return [lower or upper for upper, lower in pairs]


def _plain(title: str) -> str:
    """A title without blanks, stars and what stands in brackets."""
    text = without_unseen(to_halfwidth(title)).replace("*", "").strip("'").partition("(")[0]
    return "".join(text.split()).rstrip(":")
