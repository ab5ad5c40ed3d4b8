"""The rows of an imported table, checked piece by piece: faulty ones, ones that are known, and good ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.actions.entry import CheckedEntry, Tables
from intake.imports.actions.bulk import Ready, Risks, ready_entry
from intake.imports.actions.kept_pieces import Basis, ReadRow, Row, kept_text
from intake.imports.actions.row_entries import RowReading, number_in, read_row
from intake.imports.columns import titles_of
from intake.imports.models import ImportKind
from intake.imports.queries import known_numbers
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
    """What a piece of rows holds. `last` is the number of its last row in the file, `read` are the rows as they may be
    kept, `unknown` are words, with their column, that somebody could explain."""

    number: int = 0
    last: int = 0
    bad: int = 0
    repeats: int = 0
    read: list[Row] = field(default_factory=list)
    good_rows: list[int] = field(default_factory=list)
    good: list[Ready] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


class RowChecks:
    """The checks of one file, or of rows that were read before. Tables are read once; of outside numbers only a hash of
    eight bytes is remembered."""

    def __init__(
        self, kind: ImportKind, county: str, sheet: Sheet | None = None, *, risks: Risks | None = None
    ) -> None:
        """Read the tables. Good rows are made ready to be written where it is said with which `risks`."""
        self._sheet, self._kind, self.basis = sheet, kind, Basis(county, kind)
        self._titles, self._risks = titles_of(kind), risks
        self._tables = Tables(place=self.basis.places.find, leaf=self.basis.leaves.find)
        self._seen: set[int] = set()

    def rows(self, *, after: int) -> Iterator[SheetRow]:
        """The rows below number `after`; the numbers of those above count as seen."""
        for row in self._sheet.rows() if self._sheet else ():
            if row.number > after:
                yield row
            else:
                self._seen.add(hash(number_in(row)[0]))

    def readings(self, rows: Sequence[SheetRow]) -> list[RowReading]:
        """What rows become, for another process to send: entries as they are kept. Asks nothing of the database."""
        found = []
        for row in rows:
            reading = read_row(self._kind, row, self._tables, self.basis.words)
            if reading.checked is not None and not reading.faults:
                reading.kept = kept_text(ReadRow(row.number, reading))
            reading.checked = None
            found.append(reading)
        return found

    def look_at(self, rows: Sequence[Row], readings: Sequence[RowReading] | None = None) -> Found:
        """Check a piece, with the readings of its rows where they are there. Two queries, however many rows."""
        found = Found(number=len(rows), last=rows[-1].number)
        numbers = [(row.reading.number, "") if isinstance(row, ReadRow) else number_in(row) for row in rows]
        known = known_numbers(self._kind.system, [number for number, _ in numbers])
        for at, (row, number) in enumerate(zip(rows, numbers, strict=True)):
            self._look_at_row(row, number, known, found, readings[at] if readings else None)
        return found

    def forget(self, found: Found) -> None:
        """Let the good rows of a piece that could not be registered be looked at again."""
        self._seen -= {hash(entry.number) for entry in found.good}

    def _look_at_row(
        self,
        row: Row,
        told: tuple[str, str],
        known: dict[str, tuple[int, str]],
        found: Found,
        reading: RowReading | None = None,
    ) -> None:
        number, _ = told
        found.read.append(row)
        if number in known:
            pk, code = known[number]
            found.repeats += 1
            found.remarks.append(self._repeat(row, f"已登记过，编号 {code}", pk, code))
            return
        if number and hash(number) in self._seen:
            found.repeats += 1
            found.remarks.append(self._repeat(row, "与本表前面的一行重复"))
            return
        if isinstance(row, ReadRow):
            reading = row.reading
        elif reading is None:
            reading = read_row(self._kind, row, self._tables, self.basis.words, told)
        found.unknown += reading.unknown.items()
        found.remarks += [self._said(row, name, text) for name, text in reading.faults.items()]
        found.remarks += [self._said(row, name, text, is_note=True) for name, text in reading.notes.items()]
        if reading.faults or (reading.checked is None and not reading.kept):
            found.bad += 1
            return
        self._seen.add(hash(number))
        found.good_rows.append(row.number)
        if self._risks is None:
            found.read[-1] = ReadRow(row.number, reading)
        else:
            ready = row.ready if isinstance(row, ReadRow) else None
            found.good.append(ready or ready_entry(_entry_of(reading), self._risks))

    def _said(self, row: Row, name: str, text: str, *, is_note: bool = False) -> Remark:
        return Remark(row.number, name, self._titles.get(name, name), text[:300], is_note=is_note)

    def _repeat(self, row: Row, message: str, case: int | None = None, code: str = "") -> Remark:
        return Remark(row.number, "number", self._titles["number"], message, True, False, case, code)


def _entry_of(reading: RowReading) -> CheckedEntry:
    assert reading.checked is not None, "only the check leaves entries out"
    return reading.checked
