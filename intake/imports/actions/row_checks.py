"""The rows of an imported table, checked piece by piece: faulty ones, ones that are known, and good ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.actions.entry import CheckedEntry, Tables
from intake.imports.actions.row_entries import number_in, read_row
from intake.imports.columns import titles_of
from intake.imports.lookups import Leaves, Places, Words
from intake.imports.models import ImportKind
from intake.imports.queries import known_numbers
from zhongzhi.core.ciphers import sm3
from zhongzhi.web.sheets import Sheet, SheetRow


@dataclass(frozen=True)
class Remark:
    """What is said of one row: a fault at a column (`name` in code, `column` on paper), or that its number is known."""

    row: int
    name: str
    column: str
    message: str
    is_repeat: bool = False
    is_note: bool = False
    case: int | None = None
    code: str = ""


@dataclass
class Found:
    """What a piece of rows holds. `last` is the number of its last row in the file, `unknown` are words, with their
    column, that somebody could explain."""

    number: int = 0
    last: int = 0
    bad: int = 0
    repeats: int = 0
    good_rows: list[int] = field(default_factory=list)
    good: list[CheckedEntry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


class RowChecks:
    """The checks of one file. Tables are read once; of outside numbers only eight bytes of a digest are remembered."""

    def __init__(self, kind: ImportKind, county: str, sheet: Sheet | None = None) -> None:
        self._sheet, self._kind, self._words = sheet, kind, Words(county, kind)
        self._titles = titles_of(kind)
        self._tables = Tables(place=Places().find, leaf=Leaves().find)
        self._seen: set[bytes] = set()

    def rows(self, *, after: int) -> Iterator[SheetRow]:
        """The rows below number `after`; the numbers of those above count as seen."""
        for row in self._sheet.rows() if self._sheet else ():
            if row.number > after:
                yield row
            else:
                self._seen.add(_digest(number_in(row)[0]))

    def look_at(self, rows: Sequence[SheetRow]) -> Found:
        """Check a piece. Two queries, however many rows."""
        found = Found(number=len(rows), last=rows[-1].number)
        numbers = [number_in(row) for row in rows]
        known = known_numbers(self._kind.system, [number for number, _ in numbers])
        for row, number in zip(rows, numbers, strict=True):
            self._look_at_row(row, number, known, found)
        return found

    def forget(self, found: Found) -> None:
        """Let the good rows of a piece that could not be registered be looked at again."""
        self._seen -= {_digest(checked.entry.external_number) for checked in found.good}

    def _look_at_row(
        self, row: SheetRow, told: tuple[str, str], known: dict[str, tuple[int, str]], found: Found
    ) -> None:
        number, _ = told
        if number in known:
            pk, code = known[number]
            found.repeats += 1
            found.remarks.append(self._repeat(row, f"已登记过，编号 {code}", pk, code))
            return
        if number and _digest(number) in self._seen:
            found.repeats += 1
            found.remarks.append(self._repeat(row, "与本表前面的一行重复"))
            return
        reading = read_row(self._kind, row, self._tables, self._words, told)
        found.unknown += reading.unknown.items()
        found.remarks += [self._said(row, name, text) for name, text in reading.faults.items()]
        found.remarks += [self._said(row, name, text, is_note=True) for name, text in reading.notes.items()]
        if reading.faults or reading.checked is None:
            found.bad += 1
            return
        self._seen.add(_digest(number))
        found.good.append(reading.checked)
        found.good_rows.append(row.number)

    def _said(self, row: SheetRow, name: str, text: str, *, is_note: bool = False) -> Remark:
        return Remark(row.number, name, self._titles.get(name, name), text[:300], is_note=is_note)

    def _repeat(self, row: SheetRow, message: str, case: int | None = None, code: str = "") -> Remark:
        return Remark(row.number, "number", self._titles["number"], message, True, False, case, code)


def _digest(number: str) -> bytes:
    return bytes.fromhex(sm3(number.encode())[:16])
