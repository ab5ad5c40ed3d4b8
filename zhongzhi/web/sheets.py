"""Tables as offices send them: rows of an XLSX or CSV file read as text by known columns, and tables written.

A title above the head row, columns in another order and columns that nobody asked for are taken as they come. Cells
are text: days as 2026-11-24, whole numbers without ".0". What a spreadsheet has spoilt already (an identity number
kept as a number loses its last digits) is told, never guessed.
"""

import codecs
import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, Final
from zipfile import BadZipFile

import xlsxwriter

from zhongzhi.core.errors import BadInput, UnsupportedType
from zhongzhi.core.text import clean_text, to_halfwidth
from zhongzhi.web.xlsx import xlsx_lines

HEAD_WITHIN: Final = 10
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 5000
EXACT_DIGITS: Final = 10**15
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENCODINGS: Final = ("utf-8-sig", "gb18030")


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
class SheetRow:
    """One row: its number in the file (as the spreadsheet shows it) and its texts by column name.

    `faults` holds what is wrong with a cell before anybody looked at its meaning.
    """

    number: int
    values: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


class Sheet:
    """A table read from a file: which of the known columns it has, how many rows, and the rows one by one."""

    def __init__(self, stream: BinaryIO, name: str, columns: Sequence[Column]) -> None:
        """Find the head row. Raises UnsupportedType for another kind of file, BadInput for one without the columns."""
        self._stream, self._name = stream, name
        head = _head_of(self._lines(), columns)
        self._at, self._first = head.places, head.number + 1
        self.missing = tuple(c.title for c in columns if c.required and c.name not in self._at)
        if self.missing:
            raise BadInput(
                f"表头缺少：{'、'.join(self.missing)}。请对照模板，表头须在前 {HEAD_WITHIN} 行内。", field="file"
            )
        self.unknown = head.unknown

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that the file has."""
        return tuple(self._at)

    def count(self) -> int:
        """How many rows are not empty."""
        return sum(1 for _ in self.rows())

    def rows(self, *, after: int = 0) -> Iterator[SheetRow]:
        """The rows that are not empty, below row number `after`."""
        for number, cells in self._lines():
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

    def _lines(self) -> Iterator[tuple[int, Sequence[Any]]]:
        self._stream.seek(0)
        if self._name.lower().endswith(".csv"):
            return enumerate(_csv_lines(self._stream), start=1)
        return _xlsx_lines(self._stream)


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


@dataclass(frozen=True)
class _Head:
    number: int
    places: dict[str, int]
    unknown: tuple[str, ...]


def _head_of(lines: Iterator[tuple[int, Sequence[Any]]], columns: Sequence[Column]) -> _Head:
    """The row among the first ten that knows most of the titles."""
    names = {_plain(title): c.name for c in columns for title in (c.title, *c.also)}
    best = _Head(0, {}, ())
    for number, cells in lines:
        if number > HEAD_WITHIN:
            break
        titles = [_plain(_head_text(cell)) for cell in cells]
        places = {names[title]: at for at, title in reversed(list(enumerate(titles))) if title in names}
        if len(places) > len(best.places):
            unknown = tuple(title for title in titles if title and title not in names)
            best = _Head(number, {c.name: places[c.name] for c in columns if c.name in places}, unknown)
    return best


def _plain(title: str) -> str:
    """A title without blanks, stars and what stands in brackets."""
    text = to_halfwidth(title).replace("*", "").partition("(")[0]
    return "".join(text.split())


def _head_text(cell: Any) -> str:
    return "" if cell is None else str(cell)


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
    text = str(cell)
    if len(text) > 1 and text[0] == "'" and text[1:].startswith(FORMULA):
        text = text[1:]
    return clean_text(text, max_length=MAX_CELL, multiline=True)


def _number(value: int | float) -> str:
    if abs(value) >= EXACT_DIGITS:
        raise BadInput("这一格被表格软件当作数字，末几位已丢失；请把该列设为“文本”后重新填写。")
    return str(int(value)) if value == int(value) else repr(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def _xlsx_lines(stream: BinaryIO) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        yield from xlsx_lines(stream, max_columns=MAX_COLUMNS)
    except (BadZipFile, zlib.error, KeyError, ValueError, OSError, IndexError, SyntaxError, EOFError) as error:
        raise UnsupportedType(
            "这个表格打不开。请上传 XLSX 或 CSV 文件（xls 请先另存为 xlsx）。", field="file"
        ) from error
    finally:
        stream.seek(0)


def _csv_lines(stream: BinaryIO) -> Iterator[Sequence[Any]]:
    reader = codecs.getreader(_encoding(stream))(stream)
    try:
        for cells in csv.reader(line.replace("\0", "") for line in reader):
            yield cells[:MAX_COLUMNS]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnsupportedType("这个 CSV 文件无法识别，请用 UTF-8 或 GBK 编码保存后再上传。", field="file") from error


def _encoding(stream: BinaryIO) -> str:
    """UTF-8 where the whole file is; else what Chinese spreadsheets write."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while block := stream.read(65536):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return ENCODINGS[1]
    finally:
        stream.seek(0)
    return ENCODINGS[0]


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
