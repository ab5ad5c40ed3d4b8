"""Tables as offices send them: rows of an XLSX or CSV file read as text by known columns, and tables written.

A title above the head row, columns in another order and columns that nobody asked for are taken as they come. Cells
are text: days as 2026-11-24, whole numbers without ".0". What a spreadsheet has spoilt already (an identity number
kept as a number loses its last digits) is told, never guessed.
"""

import csv
import io
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, Final, TypeVar

import xlsxwriter

from zhongzhi.core.errors import BadInput, Unfit
from zhongzhi.core.text import SPOILT_NUMBER, clean_text, unwrapped, without_unseen
from zhongzhi.web.books import UNREADABLE, Book, book_of, no_table
from zhongzhi.web.sheet_heads import HEAD_WITHIN, Column, Head, Layout, head_as_said, head_of

MAX_CELL: Final = 5000
LINES_READ: Final = 1000
EXACT_DIGITS: Final = 10**15
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINE_ENDS: Final = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n"))
_SPOILT: Final = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{2,3}")
Found = TypeVar("Found")
__all__ = [
    "Column",
    "Layout",
    "Sheet",
    "SheetRow",
    "csv_lines",
    "defused",
    "plain_lines",
    "write_template",
    "write_xlsx",
]


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the file (as the spreadsheet shows it) and its texts by column name.

    `faults` holds what is wrong with a cell before anybody looked at its meaning.
    """

    number: int
    values: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


class Sheet:
    """A table read from a file: which of the known columns it has, how many rows, and the rows one by one.

    `sheet` is the name of the sheet that was read, `others` are those beside it that hold something, `titles` the
    title over each column, `head_row` all titles from the left, `places` where each known column stands, `unknown` the
    titles that feed none, `missing` the compulsory ones that are not there, `hidden` the number of rows that a filter
    hides.
    """

    def __init__(
        self,
        stream: BinaryIO,
        name: str,
        columns: Sequence[Column],
        *,
        layout: Layout | None = None,
        whole: bool = True,
    ) -> None:
        """Find sheet and head row, or take those of a layout. Raises UnsupportedType for another kind of file and,
        unless it need not be `whole`, BadInput for one without the compulsory columns; of several sheets the first that
        has them is read, unless the layout names one."""
        self._stream, self._book = stream, book_of(stream, name)
        chosen, sheets = layout or Layout(), _readable(self._book.sheets, self._book)
        ways = [n for n, _ in sheets if not chosen.sheet or n == chosen.sheet] or [n for n, _ in sheets]
        head, self.way = self._best_head(ways, columns, chosen)
        self.sheet = self.way if self._book.has_sheets else ""
        self.others = tuple(n for n, is_written in sheets if self._book.has_sheets and is_written and n != self.way)
        self.places, self._first, self.head = head.places, head.number + 1, head.number
        self.titles, self.unknown, self.head_row = head.titles, head.unknown, head.row
        self.missing = tuple(c.title for c in columns if c.required and c.name not in self.places)
        if self.missing and whole:
            raise Unfit(self.what_is_missing, field="file")

    @property
    def what_is_missing(self) -> str:
        """The compulsory columns that are not there, in words."""
        return f"表头缺少：{'、'.join(self.missing)}。请对照模板，表头须在前 {HEAD_WITHIN} 行内。"

    def _best_head(self, ways: Sequence[str], columns: Sequence[Column], layout: Layout) -> tuple[Head, str]:
        """The first sheet, or the first separator, under which most of the compulsory columns are there."""
        needed = {column.name for column in columns if column.required}
        best, found = (-1, -1), None
        for way in ways:
            with closing(self._lines(way)) as lines:
                head = head_as_said(lines, columns, layout) if layout.head else head_of(lines, columns)
            by_titles = 0 if self._book.has_sheets else max(len(head.places), sum(1 for title in head.row if title))
            rank = len(needed & head.places.keys()), by_titles
            if rank > best:
                best, found = rank, (head, way)
        if found is None:
            raise no_table()
        return found

    @property
    def hidden(self) -> int:
        """How many rows of the sheet are hidden."""
        return _readable(partial(self._book.hidden, self.way), self._book)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that the file has."""
        return tuple(self.places)

    def samples(self, count: int = 3) -> list[list[str]]:
        """For each title of the head row what stands below it first, for who has to say what it is."""
        found: list[list[str]] = [[] for _ in self.head_row]
        with closing(self._lines(self.way)) as lines:
            for number, cells in islice(lines, self.head + 20):
                for at, cell in enumerate(cells[: len(found)]) if number >= self._first else ():
                    if len(found[at]) < count and (text := _text_or_nothing(cell)):
                        found[at].append(text[:60])
        return found

    def count(self) -> int:
        """How many rows are not empty."""
        return sum(1 for _ in self.rows())

    def rows(self, *, after: int = 0) -> Iterator[SheetRow]:
        """The rows that are not empty, below row number `after`."""
        for number, cells in self._lines(self.way):
            if number >= self._first and number > after:
                row = self._row(number, cells)
                if any(row.values.values()) or row.faults:
                    yield row

    def _row(self, number: int, cells: Sequence[Any]) -> SheetRow:
        values, faults = {}, {}
        for name, at in self.places.items():
            try:
                values[name] = _text(cells[at]) if at < len(cells) else ""
            except BadInput as error:
                values[name], faults[name] = "", error.message
        return SheetRow(number, values, faults)

    def _lines(self, way: str) -> Generator[tuple[int, Sequence[Any]]]:
        try:
            yield from self._book.lines(way)
        except UNREADABLE as error:
            raise self._book.unreadable() from error
        finally:
            self._stream.seek(0)


def plain_lines(stream: BinaryIO, name: str) -> list[str]:
    """A short table without a head of its own, a line for each row, cells parted by tabs: the first sheet that holds
    something, at most LINES_READ rows. Raises UnsupportedType for another kind of file."""
    book = book_of(stream, name)
    sheets = _readable(book.sheets, book)
    way = next((sheet for sheet, is_written in sheets if is_written), sheets[0][0])
    rows = _readable(lambda: list(islice(book.lines(way), LINES_READ)), book)
    return ["\t".join(map(_text_or_nothing, cells)) for _, cells in rows]


def write_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], head: str = "") -> IO[bytes]:
    """A table as XLSX in an unnamed file, written row by row: text cells only, so nothing becomes a formula.

    `head` stands in a box beside the table, at the head of each printed page and in the file's properties.
    """
    file = TemporaryFile("w+b")  # noqa: SIM115 - handed to the answer, which closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31])
    _write_head(book, sheet, columns)
    if head:
        _write_over(book, sheet, len(columns), head)
    text = book.add_format({"num_format": "@"})
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            sheet.write_string(number, at, _shown(value), text)
    book.close()
    file.seek(0)
    return file


def _write_over(book: Any, sheet: Any, columns: int, head: str) -> None:
    """Say who took the table out, without a cell that a later import would read."""
    book.set_properties({"comments": head})
    sheet.set_header(f"&C&9{head.replace('&', '&&')}")
    look = {"width": 420, "height": 40, "font": {"size": 10, "color": "#b42318"}, "line": {"color": "#b42318"}}
    sheet.insert_textbox(0, columns + 1, head, look)


def write_template(title: str, columns: Sequence[Column]) -> IO[bytes]:
    """An empty table to fill in: head, notes on the heads, lists to choose from, and one example row."""
    return write_xlsx(title, columns, [[column.example for column in columns]])


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A table as CSV, line by line, that spreadsheets read as UTF-8; cells cannot become formulas."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"
    for row in _with_head(columns, rows):
        writer.writerow([defused(_shown(value)) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _text(cell: Any) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return _cleaned(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, float)):
        return _number(cell)
    return _cleaned(str(cell))


def _cleaned(text: str) -> str:
    text = unwrapped(text if text.isprintable() else without_unseen(text.translate(LINE_ENDS)))
    if "+" in text and _SPOILT.fullmatch(text.strip()):
        raise BadInput(f"这一格{SPOILT_NUMBER}")
    return clean_text(text, max_length=MAX_CELL, multiline=True)


def _number(value: int | float) -> str:
    if abs(value) >= EXACT_DIGITS:
        raise BadInput(f"这一格{SPOILT_NUMBER}")
    return str(int(value)) if value == int(value) else repr(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def _readable(ask: Callable[[], Found], book: Book) -> Found:
    try:
        return ask()
    except UNREADABLE as error:
        raise book.unreadable() from error


def _text_or_nothing(cell: Any) -> str:
    try:
        return _text(cell)
    except BadInput:
        return ""


def _with_head(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield [column.title for column in columns]
    yield from rows


def _write_head(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    """Bold, fixed, wide enough; the notes stand on the titles, the choices in lists."""
    head = book.add_format({"bold": True, "bg_color": "#EAF1F9", "border": 1, "border_color": "#C9D6E4"})
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, f"{column.title}{'*' if column.required else ''}", head)
        if column.note:
            sheet.write_comment(0, at, column.note)
        if column.choices and len(",".join(column.choices)) <= 255:
            sheet.data_validation(1, at, 20000, at, {"validate": "list", "source": list(column.choices)})
