"""The rows of an XLSX file one after the other, in constant memory however long the table is.

Office programs keep the texts of a workbook in one list beside the sheet; openpyxl holds that list in memory. Here it
lies in a temporary file with eight bytes of memory for each text, and rows are forgotten when the next is asked for.
"""

import posixpath
import re
import tempfile
import xml.etree.ElementTree as ET
from array import array
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import IO, Any, BinaryIO, Final
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

Line = tuple[int, list[Any]]
STRINGS: Final = "xl/sharedStrings.xml"
STYLES: Final = "xl/styles.xml"
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")


def xlsx_lines(stream: BinaryIO, *, max_columns: int) -> Iterator[Line]:
    """Number (from 1, as the office program shows it) and cells of each row of the first sheet that has any.

    Texts come as str, days as date or datetime, numbers as int or float. Raises what damaged archives and XML raise:
    BadZipFile, ParseError (a SyntaxError), KeyError, ValueError, IndexError, OSError.
    """
    with ZipFile(stream) as archive, _Strings() as strings:
        sheet, epoch = _first_sheet(archive)
        names = archive.namelist()
        if STRINGS in names:
            with archive.open(STRINGS) as part:
                strings.fill(part)
        reader = _Cells(strings, _date_styles(archive) if STYLES in names else frozenset(), epoch, max_columns)
        with archive.open(sheet) as part:
            yield from reader.lines(part)


class _Strings:
    """The workbook's list of texts, in a temporary file."""

    def __enter__(self) -> "_Strings":
        self._file = tempfile.TemporaryFile()
        self._ends = array("Q", [0])
        self.at = lru_cache(maxsize=1024)(self._read)
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def fill(self, part: IO[bytes]) -> None:
        """Take the texts of `sharedStrings.xml`, in order."""
        end = 0
        for item in _elements(part, "si"):
            end += self._file.write(_text_of(item).encode("utf-8", "surrogatepass"))
            self._ends.append(end)

    def _read(self, number: int) -> str:
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")


class _Cells:
    """Turns the cells of a sheet into values."""

    def __init__(self, strings: _Strings, dates: frozenset[int], epoch: datetime, max_columns: int) -> None:
        self.strings, self.dates, self.epoch, self.max_columns = strings, dates, epoch, max_columns

    def lines(self, part: IO[bytes]) -> Iterator[Line]:
        """Row after row."""
        number = 0
        for row in _elements(part, "row"):
            number = int(row.get("r") or number + 1)
            cells: list[Any] = []
            for cell in row:
                reference = cell.get("r")
                at = _column(reference) if reference else len(cells)
                if at >= self.max_columns or (value := self._value(cell)) is None:
                    continue
                cells.extend([None] * (at + 1 - len(cells)))
                cells[at] = value
            if cells:
                yield number, cells

    def _value(self, cell: ET.Element) -> Any:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text_of(cell)
        text = next((child.text for child in cell if child.tag.endswith("}v")), None)
        if text is None or kind == "e":
            return None
        if kind == "s":
            return self.strings.at(int(text))
        if kind in ("str", "d"):
            return text
        return text == "1" if kind == "b" else self._number(text, int(cell.get("s") or 0))

    def _number(self, text: str, style: int) -> Any:
        number = float(text) if "." in text or "E" in text.upper() else int(text)
        if style not in self.dates:
            return number
        try:
            return from_excel(number, self.epoch)
        except (OverflowError, ValueError):
            return number


def _elements(part: IO[bytes], name: str) -> Iterator[ET.Element]:
    """The elements of this local name one after the other, each forgotten when the next is asked for."""
    above: list[ET.Element] = []
    for event, element in ET.iterparse(part, events=("start", "end")):  # noqa: S314 - expat bounds its entities
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if element.tag.rpartition("}")[2] == name:
            yield element
            if above:
                above[-1].clear()


def _text_of(item: ET.Element) -> str:
    """The text of a cell or list item: its runs, without the reading aids (rPh) of East Asian text."""
    found: list[str] = []
    for child in item:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            found.append(child.text or "")
        elif name in ("r", "is"):
            found.append(_text_of(child))
    return "".join(found)


def _column(reference: str) -> int:
    """0 for A1, 26 for AA7."""
    letters = _LETTERS.match(reference)
    if letters is None:
        raise ValueError("a cell without a column")
    at = 0
    for letter in letters[0]:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _first_sheet(archive: ZipFile) -> tuple[str, datetime]:
    """The part of the first sheet that is shown, and the day that the workbook counts its dates from."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat bounds its entities
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = [e for e in book.iter() if e.tag.endswith("}sheet") and e.get("state", "visible") == "visible"]
    key = next(value for name, value in sheets[0].items() if name.endswith("}id"))
    counts_from_1904 = any(e.get("date1904") in ("1", "true") for e in book.iter() if e.tag.endswith("}workbookPr"))
    target = targets[key]
    place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return place, CALENDAR_MAC_1904 if counts_from_1904 else CALENDAR_WINDOWS_1900


def _date_styles(archive: ZipFile) -> frozenset[int]:
    """Positions of the cell styles that show a number as a date."""
    styles = ET.fromstring(archive.read(STYLES))  # noqa: S314 - expat bounds its entities
    formats = dict(BUILTIN_FORMATS)
    for one in styles.iter():
        if one.tag.endswith("}numFmt"):
            formats[int(one.get("numFmtId") or 0)] = one.get("formatCode") or ""
    lists = [e for e in styles if e.tag.endswith("}cellXfs")]
    used = [int(style.get("numFmtId") or 0) for style in (lists[0] if lists else ())]
    return frozenset(at for at, number in enumerate(used) if _shows_date(number, formats))


def _shows_date(number: int, formats: dict[int, str]) -> bool:
    """27 to 36 and 50 to 58 are dates of East Asian offices, which have no code in the file."""
    return 27 <= number <= 36 or 50 <= number <= 58 or bool(is_date_format(formats.get(number, "")))
