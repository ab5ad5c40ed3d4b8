"""The rows of an XLSX file one after the other, in constant memory however long the table is.

Office programs keep the texts of a workbook in one list beside the sheet; openpyxl holds that list in memory. Here it
lies in a temporary file with eight bytes of memory for each text, and rows are forgotten when the next is asked for.
"""

import posixpath
import re
import tempfile
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice
from typing import IO, Any, BinaryIO, Final
from zipfile import ZipFile

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from zhongzhi.core.errors import Unfit

Line = tuple[int, list[Any]]
SWELLS: Final = "这个表格解压后过大，不像一张表。请只留要导入的内容，另存后再上传。"
STRINGS: Final = "xl/sharedStrings.xml"
STYLES: Final = "xl/styles.xml"
_HIDDEN: Final = re.compile(rb'<(?:\w+:)?row\s(?:[^>]*\s)?hidden="(?:1|true)"[^>]*(?<!/)>')
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_WRITTEN: Final = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
BLOCK: Final = 1 << 20
MOST_WHOLE: Final = 8 << 20
"""Of the parts that are read at once: the list of sheets, the styles."""
MOST_XML: Final = 1 << 30
MOST_OF_ONE: Final = 8 << 20
MOST_ELEMENTS: Final = 60_000
"""Of one row or text: more is no table."""
MOST_MERGED: Final = 50_000
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
_DIGITS: Final = "0123456789"


def xlsx_lines(stream: BinaryIO, *, max_columns: int, sheet: str = "", texts: "Texts | None" = None) -> Iterator[Line]:
    """Number (from 1, as the office program shows it) and cells of each row of a sheet, the first shown one if none is
    named. A cell that is merged downwards has its value in each of its rows. `texts` are those of the workbook where it
    was looked at before: they are read once.

    Texts come as str, days as date or datetime, numbers as int or float. Raises what damaged archives and XML raise:
    BadZipFile, ParseError (a SyntaxError), KeyError, ValueError, IndexError, OSError; and BadInput for one that swells.
    """
    strings = texts or Texts()
    with ZipFile(stream) as archive:
        sheets, epoch = _sheets(archive)
        place = next((where for name, where in sheets if name == sheet), sheets[0][1])
        names = archive.namelist()
        if STRINGS in names and not strings.are_known:
            with archive.open(STRINGS) as part:
                strings.fill(part)
        reader = _Cells(strings, _date_styles(archive) if STYLES in names else frozenset(), epoch, max_columns)
        merged = _merged_down(archive, place)
        with archive.open(place) as part:
            yield from _filled(reader.lines(part), merged)


def sheet_names(stream: BinaryIO) -> list[tuple[str, bool]]:
    """The sheets that are shown, and whether anything is written on each."""
    with ZipFile(stream) as archive:
        return [(name, _is_written(archive, place)) for name, place in _sheets(archive)[0]]


def hidden_rows(stream: BinaryIO, sheet: str) -> int:
    """How many rows of a sheet with something in them a filter or a person has hidden."""
    with ZipFile(stream) as archive:
        place = next((where for name, where in _sheets(archive)[0] if name == sheet), "")
        return sum(1 for _ in _found_in(archive, place, _HIDDEN, b"hidden=")) if place else 0


class Texts:
    """The workbook's list of texts, in a temporary file; empty until it is filled. `at` gives the text of a place
    from 0 on, and raises IndexError for none."""

    def __init__(self) -> None:
        self.are_known = False
        self.at: Callable[[int], str] = "".__getitem__

    def fill(self, part: IO[bytes]) -> None:
        """Take the texts of `sharedStrings.xml`, in order."""
        file, ends, end = tempfile.TemporaryFile(), array("Q", [0]), 0  # noqa: SIM115 - lives as long as its book
        for item in _elements(part, "si", within="sst"):
            end += file.write(_unescaped(_text_of(item)).encode("utf-8", "surrogatepass"))
            ends.append(end)
        self.at, self.are_known = lru_cache(maxsize=1024)(partial(_text_at, file, ends)), True


def _text_at(file: IO[bytes], ends: "array[int]", number: int) -> str:
    start, end = ends[number], ends[number + 1]
    file.seek(start)
    return file.read(end - start).decode("utf-8", "surrogatepass")


class _Cells:
    """Turns the cells of a sheet into values."""

    def __init__(self, strings: Texts, dates: frozenset[int], epoch: datetime, max_columns: int) -> None:
        self.strings, self.dates, self.epoch, self.max_columns = strings, dates, epoch, max_columns

    def lines(self, part: IO[bytes]) -> Iterator[Line]:
        """Row after row."""
        number = 0
        for row in _elements(part, "row", within="sheetData"):
            number = int(row.get("r") or number + 1)
            cells: list[Any] = []
            for cell in row:
                reference = cell.get("r")
                at = _column(reference.rstrip(_DIGITS)) if reference else len(cells)
                if at >= self.max_columns or (value := self._value(cell)) is None:
                    continue
                while len(cells) <= at:
                    cells.append(None)
                cells[at] = value
            if cells:
                yield number, cells

    def _value(self, cell: Any) -> Any:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _unescaped(_only_text_of(cell))
        text = next((child.text for child in cell if child.tag.endswith("}v")), None)
        if text is None or kind == "e":
            return None
        if kind == "s":
            return self.strings.at(int(text))
        if kind in ("str", "d"):
            return _unescaped(text)
        return text == "1" if kind == "b" else self._number(text, int(cell.get("s") or 0))

    def _number(self, text: str, style: int) -> Any:
        number = float(text) if "." in text or "E" in text.upper() else int(text)
        if style not in self.dates:
            return number
        try:
            return from_excel(number, self.epoch)
        except (OverflowError, ValueError):
            return number


def _elements(part: IO[bytes], name: str, *, within: str) -> Iterator[Any]:
    """The elements of this local name one after the other, each forgotten when the next is asked for, up to the end of
    what they stand in. What swells is refused while it is read."""
    source = _Measured(part)
    wanted, end = f"{{*}}{name}", f"{{*}}{within}"
    found = etree.iterparse(source, events=("end",), tag=(wanted, end), remove_comments=True, remove_pis=True)
    for _, element in found:
        if element.tag.rpartition("}")[2] == within:
            return
        yield element
        source.begin()
        element.clear()
        while (before := element.getprevious()) is not None:
            element.getparent().remove(before)


class _Measured:
    """A part that is read while it stays within bounds."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._total = part, 0
        self.begin()

    def begin(self) -> None:
        """A new element is read from now on."""
        self._since = self._marks = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Unfit when there are too many, of all or since the last element, or too many elements
        in it, of which each has two marks at most."""
        found = self._part.read(size)
        self._total += len(found)
        self._since += len(found)
        self._marks += found.count(b"<")
        if self._total > MOST_XML or self._since > MOST_OF_ONE or self._marks > 2 * MOST_ELEMENTS:
            raise Unfit(SWELLS, field="file")
        return found


def _whole(archive: ZipFile, name: str) -> Any:
    """A small part, all of it."""
    with archive.open(name) as part:
        found = part.read(MOST_WHOLE + 1)
    if len(found) > MOST_WHOLE:
        raise Unfit(SWELLS, field="file")
    return etree.fromstring(found, etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities="internal"))


def _found_in(
    archive: ZipFile, place: str, pattern: re.Pattern[bytes], always: bytes = b"<"
) -> Iterator[re.Match[bytes]]:
    """What is found in a part, read piece by piece; `always` stands in whatever the pattern finds, and is looked for
    much faster."""
    rest, total = b"", 0
    with archive.open(place) as part:
        while block := part.read(BLOCK):
            total += len(block)
            if total > MOST_XML:
                raise Unfit(SWELLS, field="file")
            text, end = rest + block, 0
            for found in pattern.finditer(text) if always in text else ():
                end = found.end()
                yield found
            rest = text[max(end, len(text) - 1024) :]


def _is_written(archive: ZipFile, place: str) -> bool:
    return next(_found_in(archive, place, _WRITTEN), None) is not None


def _merged_down(archive: ZipFile, place: str) -> dict[int, list[tuple[int, int]]]:
    """By the row they begin in: column and last row of the cells that are merged downwards."""
    found: dict[int, list[tuple[int, int]]] = {}
    for merged in islice(_found_in(archive, place, _MERGED, b"mergeCell"), MOST_MERGED):
        first, last = int(merged[2]), int(merged[3])
        if last > first:
            found.setdefault(first, []).append((_column(merged[1].decode()), last))
    return found


def _filled(lines: Iterator[Line], merged: dict[int, list[tuple[int, int]]]) -> Iterator[Line]:
    """The rows, with the value of a merged cell in each row it reaches."""
    held: dict[int, tuple[int, Any]] = {}
    for number, cells in lines:
        held = {at: one for at, one in held.items() if one[0] >= number}
        for at, (_, value) in held.items():
            cells.extend([None] * (at + 1 - len(cells)))
            cells[at] = value if cells[at] is None else cells[at]
        for at, last in merged.get(number, ()):
            if at < len(cells) and cells[at] is not None:
                held[at] = (last, cells[at])
        yield number, cells


def _only_text_of(cell: Any) -> str:
    """The same of a cell; quicker for one text without runs, as nearly all are."""
    if len(cell) == 1 and len(whole := cell[0]) == 1 and not len(whole[0]):
        return whole[0].text or ""
    return _text_of(cell)


def _text_of(item: Any) -> str:
    """The text of a cell or list item: its runs, without the reading aids (rPh) of East Asian text."""
    found: list[str] = []
    for child in item:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            found.append(child.text or "")
        elif name in ("r", "is"):
            found.append(_text_of(child))
    return "".join(found)


def _unescaped(text: str) -> str:
    """Spreadsheets write what XML cannot hold as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


@lru_cache(maxsize=1 << 14)
def _column(reference: str) -> int:
    """0 for A1, 26 for AA7; asked for the few columns of a table for each row of it."""
    letters = _LETTERS.match(reference)
    if letters is None:
        raise ValueError("a cell without a column")
    at = 0
    for letter in letters[0]:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _sheets(archive: ZipFile) -> tuple[list[tuple[str, str]], datetime]:
    """Name and part of the sheets that are shown, and the day that the workbook counts its dates from."""
    book, links = _whole(archive, "xl/workbook.xml"), _whole(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = []
    for one in book.iter():
        if one.tag.endswith("}sheet") and one.get("state", "visible") == "visible":
            key = next(value for name, value in one.items() if name.endswith("}id"))
            found.append((one.get("name") or "", _place_of(targets[key])))
    counts_from_1904 = any(e.get("date1904") in ("1", "true") for e in book.iter() if e.tag.endswith("}workbookPr"))
    return found, CALENDAR_MAC_1904 if counts_from_1904 else CALENDAR_WINDOWS_1900


def _place_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _date_styles(archive: ZipFile) -> frozenset[int]:
    """Positions of the cell styles that show a number as a date."""
    styles = _whole(archive, STYLES)
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
