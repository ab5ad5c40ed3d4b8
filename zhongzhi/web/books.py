"""The kinds of files that tables come in: CSV, XLSX, and the older books of XLS and ET; rows of a sheet one by one."""

import csv
import json
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, BinaryIO, Final, Protocol
from zipfile import BadZipFile

from zhongzhi.core.errors import UnsupportedType
from zhongzhi.web import old_book
from zhongzhi.web.csv_rows import SEPARATORS, csv_rows, encoding_of
from zhongzhi.web.xlsx import Texts, hidden_rows, sheet_names, xlsx_lines

MAX_COLUMNS: Final = old_book.MAX_COLUMNS
_WEB: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|meta)", re.IGNORECASE)
OLD_BOOK: Final = bytes.fromhex("D0CF11E0A1B11AE1")
UNREADABLE: Final = (
    BadZipFile, zlib.error, csv.Error, KeyError, ValueError, OSError, IndexError, SyntaxError, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What damaged files raise, UnicodeDecodeError (a ValueError) and ParseError (a SyntaxError) among them."""
Line = tuple[int, Sequence[Any]]


class Book(Protocol):
    """A file that holds tables."""

    has_sheets: bool

    def sheets(self) -> list[tuple[str, bool]]:
        """The ways to read it, sheets or separators, and whether anything is written there."""

    def lines(self, way: str) -> Iterator[Line]:
        """Number (from 1) and cells of each row."""

    def hidden(self, way: str) -> int:
        """How many rows are hidden."""

    def unreadable(self) -> UnsupportedType:
        """What is said of one that cannot be read."""


def book_of(stream: BinaryIO, name: str) -> Book:
    """The book of a file, by what it begins with: systems call text or new books xls too. Raises UnsupportedType for a
    page of the web under the name of a table."""
    stream.seek(0)
    begins = stream.read(512)
    stream.seek(0)
    if begins.startswith(OLD_BOOK):
        return OldBook(stream)
    if _WEB.match(begins):
        raise UnsupportedType(
            "这个文件其实是网页，不是表格。请用 WPS 或 Excel 打开，另存为 xlsx 后再上传。", field="file"
        )
    if name.lower().endswith((".csv", ".txt", ".tsv")) or (name.lower().endswith(".xls") and begins[:2] != b"PK"):
        return CsvBook(stream)
    return XlsxBook(stream)


class CsvBook:
    """Text with a separator, which is found out by trying."""

    has_sheets = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._encoding = stream, encoding_of(stream)

    def sheets(self) -> list[tuple[str, bool]]:
        """Each separator."""
        return [(separator, True) for separator in SEPARATORS]

    def lines(self, way: str) -> Iterator[Line]:
        """Parted by this separator."""
        for number, cells in csv_rows(self._stream, way, self._encoding):
            yield number, cells[:MAX_COLUMNS]

    def hidden(self, way: str) -> int:
        """None."""
        return 0

    def unreadable(self) -> UnsupportedType:
        """By the way out."""
        return UnsupportedType("这个 CSV 文件无法识别，请用 UTF-8 或 GBK 编码保存后再上传。", field="file")


class XlsxBook:
    """The books of today's office programs, in constant memory."""

    has_sheets = True

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._texts = stream, Texts()

    def sheets(self) -> list[tuple[str, bool]]:
        """Those that are shown."""
        self._stream.seek(0)
        return sheet_names(self._stream)

    def lines(self, way: str) -> Iterator[Line]:
        """Of one sheet."""
        self._stream.seek(0)
        return xlsx_lines(self._stream, max_columns=MAX_COLUMNS, sheet=way, texts=self._texts)

    def hidden(self, way: str) -> int:
        """Rows that a filter or a person has hidden."""
        self._stream.seek(0)
        return hidden_rows(self._stream, way)

    def unreadable(self) -> UnsupportedType:
        """By the way out."""
        return no_table()


class OldBook:
    """XLS and ET, at most 65,536 rows a sheet by their format, read by a program of its own. What they hide is not
    known."""

    has_sheets = True

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read: IO[bytes] | None = None

    def sheets(self) -> list[tuple[str, bool]]:
        """Those that are shown."""
        found: dict[str, bool] = {}
        for line in self._listing():
            if line[0] == "sheet":
                name = line[1]
            found[name] = found.get(name, False) or line[0] != "sheet"
        return list(found.items())

    def lines(self, way: str) -> Iterator[Line]:
        """Of one sheet."""
        is_wanted = False
        for first, rest in self._listing():
            if first == "sheet":
                is_wanted = rest == way
            elif is_wanted:
                yield first, [_day(cell) if isinstance(cell, dict) else cell for cell in rest]

    def hidden(self, way: str) -> int:
        """Not known."""
        return 0

    def unreadable(self) -> UnsupportedType:
        """By the way out."""
        return no_table()

    def _listing(self) -> Iterator[Any]:
        """What the program wrote of the book, from the beginning."""
        if self._read is None:
            self._read = self._asked()
        self._read.seek(0)
        return map(json.loads, self._read)

    def _asked(self) -> IO[bytes]:
        self._stream.seek(0)
        written = TemporaryFile("w+b")  # noqa: SIM115 - lives as long as the book
        with NamedTemporaryFile(suffix=".xls") as file:
            shutil.copyfileobj(self._stream, file)
            file.flush()
            done = subprocess.run(  # noqa: S603 - a program of ours
                [sys.executable, str(Path(old_book.__file__)), file.name],
                stdout=written,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        if done.returncode == old_book.LOCKED:
            raise UnsupportedType("这个表格设了打开密码，请取消密码后再上传。", field="file")
        if done.returncode:
            raise no_table()
        return written


def no_table() -> UnsupportedType:
    """What is said of a file that is none of these."""
    return UnsupportedType(
        "这个表格打不开。请上传 XLSX、XLS、ET 或 CSV 文件，设了打开密码的请先取消密码。", field="file"
    )


def _day(told: dict[str, str]) -> datetime:
    return datetime.fromisoformat(told["day"])
