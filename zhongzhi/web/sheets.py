"""Tables as offices send them: rows of an XLSX or CSV file read as text by known columns, and tables written.

A title above the head row, columns in another order and columns that nobody asked for are taken as they come. Cells
are text: days as 2026-11-24, whole numbers without ".0". What a spreadsheet has spoilt already (an identity number
kept as a number loses its last digits) is told, never guessed.
"""

import csv
import io
import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, Final, TypeVar
from zipfile import BadZipFile

import xlsxwriter

from zhongzhi.core.errors import BadInput, UnsupportedType
from zhongzhi.core.text import SPOILT_NUMBER, clean_text, unwrapped, without_unseen
from zhongzhi.web.csv_rows import SEPARATORS, csv_rows, encoding_of
from zhongzhi.web.sheet_heads import HEAD_WITHIN, Column, Head, head_of
from zhongzhi.web.xlsx import hidden_rows, sheet_names, xlsx_lines

MAX_COLUMNS: Final = 100
MAX_CELL: Final = 5000
EXACT_DIGITS: Final = 10**15
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINE_ENDS: Final = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n"))
_SPOILT: Final = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{2,3}")
UNREADABLE: Final = (
    BadZipFile, zlib.error, KeyError, ValueError, OSError, IndexError, SyntaxError, EOFError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
Found = TypeVar("Found")
__all__ = ["Column", "Sheet", "SheetRow", "csv_lines", "defused", "write_template", "write_xlsx"]


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
    title over each column, `unknown` the titles that feed none, `hidden` the number of rows that a filter hides.
    """

    def __init__(self, stream: BinaryIO, name: str, columns: Sequence[Column], *, sheet: str = "") -> None:
        """Find sheet and head row. Raises UnsupportedType for another kind of file, BadInput for one without the
        columns; of several sheets the first that has them is read, unless one is named."""
        self._stream, self._is_csv = stream, name.lower().endswith((".csv", ".txt", ".tsv"))
        self._encoding = encoding_of(stream) if self._is_csv else ""
        sheets = [] if self._is_csv else _readable(sheet_names, stream)
        head, self._way = self._best_head([sheet] if sheet else [n for n, _ in sheets], columns)
        self.sheet = "" if self._is_csv else self._way
        self.others = tuple(n for n, is_written in sheets if is_written and n != self._way)
        self._at, self._first, self.head, self.titles = head.places, head.number + 1, head.number, head.titles
        self.missing = tuple(c.title for c in columns if c.required and c.name not in self._at)
        if self.missing:
            raise BadInput(
                f"表头缺少：{'、'.join(self.missing)}。请对照模板，表头须在前 {HEAD_WITHIN} 行内。", field="file"
            )
        self.unknown = head.unknown

    def _best_head(self, sheets: Sequence[str], columns: Sequence[Column]) -> tuple[Head, str]:
        """The first sheet, or the first separator, under which most of the compulsory columns are there."""
        needed = {column.name for column in columns if column.required}
        best, found = (-1, -1), None
        for way in SEPARATORS if self._is_csv else sheets:
            with closing(self._lines(way)) as lines:
                head = head_of(lines, columns)
            rank = len(needed & head.places.keys()), len(head.places) if self._is_csv else 0
            if rank > best:
                best, found = rank, (head, way)
        if found is None:
            raise _no_table()
        return found

    @property
    def hidden(self) -> int:
        """How many rows of the sheet are hidden."""
        return 0 if self._is_csv else _readable(partial(hidden_rows, sheet=self.sheet), self._stream)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that the file has."""
        return tuple(self._at)

    def count(self) -> int:
        """How many rows are not empty."""
        return sum(1 for _ in self.rows())

    def rows(self, *, after: int = 0) -> Iterator[SheetRow]:
        """The rows that are not empty, below row number `after`."""
        for number, cells in self._lines(self._way):
            if number >= self._first and number > after:
                row = self._row(number, cells)
                if any(row.values.values()) or row.faults:
                    yield row

    def _row(self, number: int, cells: Sequence[Any]) -> SheetRow:
        values, faults = {}, {}
        for name, at in self._at.items():
            try:
                values[name] = _text(cells[at]) if at < len(cells) else ""
            except BadInput as error:
                values[name], faults[name] = "", error.message
        return SheetRow(number, values, faults)

    def _lines(self, way: str) -> Generator[tuple[int, Sequence[Any]]]:
        self._stream.seek(0)
        if self._is_csv:
            return _csv_lines(self._stream, way, self._encoding)
        return _xlsx_lines(self._stream, way)


def write_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A table as XLSX in an unnamed file, written row by row: text cells only, so nothing becomes a formula."""
    file = TemporaryFile("w+b")  # noqa: SIM115 - handed to the answer, which closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31])
    _write_head(book, sheet, columns)
    text = book.add_format({"num_format": "@"})
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            sheet.write_string(number, at, _shown(value), text)
    book.close()
    file.seek(0)
    return file


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
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, float)):
        return _number(cell)
    text = unwrapped(without_unseen(str(cell).translate(LINE_ENDS)))
    if _SPOILT.fullmatch(text.strip()):
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


def _xlsx_lines(stream: BinaryIO, sheet: str) -> Generator[tuple[int, Sequence[Any]]]:
    try:
        yield from xlsx_lines(stream, max_columns=MAX_COLUMNS, sheet=sheet)
    except UNREADABLE as error:
        raise _no_table() from error
    finally:
        stream.seek(0)


def _readable(ask: Callable[[BinaryIO], Found], stream: BinaryIO) -> Found:
    stream.seek(0)
    try:
        return ask(stream)
    except UNREADABLE as error:
        raise _no_table() from error


def _no_table() -> UnsupportedType:
    return UnsupportedType("这个表格打不开。请上传 XLSX 或 CSV 文件（xls、et 请先另存为 xlsx）。", field="file")


def _csv_lines(stream: BinaryIO, separator: str, encoding: str) -> Generator[tuple[int, Sequence[Any]]]:
    try:
        for number, cells in csv_rows(stream, separator, encoding):
            yield number, cells[:MAX_COLUMNS]
    except (csv.Error, UnicodeError) as error:
        raise UnsupportedType("这个 CSV 文件无法识别，请用 UTF-8 或 GBK 编码保存后再上传。", field="file") from error


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
