"""The rows of an imported table, checked piece by piece: faulty ones, ones that are known, and good ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.actions.entry import CheckedEntry, Tables, check_entry
from intake.imports.columns import names_of, titles_of
from intake.imports.lookups import Leaves, Places
from intake.imports.models import ImportKind
from intake.imports.queries import known_numbers
from intake.imports.row_entries import entry_of
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import DomainError
from zhongzhi.web.sheets import Sheet, SheetRow


@dataclass(frozen=True)
class Remark:
    """What is said of one row: a fault at a column (`name` in code, `column` on paper), or that its number is known."""

    row: int
    name: str
    column: str
    message: str
    is_repeat: bool = False
    case: int | None = None
    code: str = ""


@dataclass
class Found:
    """What a piece of rows holds. `last` is the number of its last row in the file."""

    number: int = 0
    last: int = 0
    bad: int = 0
    repeats: int = 0
    good: list[CheckedEntry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


class RowChecks:
    """The checks of one file. Tables are read once; of outside numbers only eight bytes of a digest are remembered."""

    def __init__(self, kind: ImportKind, sheet: Sheet | None = None) -> None:
        self._sheet, self._kind = sheet, kind
        self._titles, self._names = titles_of(kind), names_of(kind)
        self._tables = Tables(place=Places().find, leaf=Leaves().find)
        self._seen: set[bytes] = set()

    def rows(self, *, after: int) -> Iterator[SheetRow]:
        """The rows below number `after`; the numbers of those above count as seen."""
        for row in self._sheet.rows() if self._sheet else ():
            if row.number > after:
                yield row
            else:
                self._seen.add(_digest(row.values.get("number", "")))

    def look_at(self, rows: Sequence[SheetRow]) -> Found:
        """Check a piece. Two queries, however many rows."""
        found = Found(number=len(rows), last=rows[-1].number)
        known = known_numbers(self._kind.system, [row.values.get("number", "") for row in rows])
        for row in rows:
            self._look_at_row(row, known, found)
        return found

    def _look_at_row(self, row: SheetRow, known: dict[str, tuple[int, str]], found: Found) -> None:
        number = row.values.get("number", "")
        if number in known:
            pk, code = known[number]
            found.repeats += 1
            found.remarks.append(self._repeat(row, f"已登记过，编号 {code}", pk, code))
            return
        if number and _digest(number) in self._seen:
            found.repeats += 1
            found.remarks.append(self._repeat(row, "与本表前面的一行重复"))
            return
        entry, faults = entry_of(self._kind, row.values)
        faults = faults | row.faults
        try:
            checked = check_entry(entry, tables=self._tables)
        except DomainError as error:
            faults = {self._names.get(name, name): texts[0] for name, texts in error.errors.items()} | faults
        if not number:
            faults.setdefault("number", "请填写编号，用来识别重复。")
        if faults:
            found.bad += 1
            found.remarks += [
                Remark(row.number, name, self._titles.get(name, name), text[:300]) for name, text in faults.items()
            ]
            return
        self._seen.add(_digest(number))
        found.good.append(checked)

    def _repeat(self, row: SheetRow, message: str, case: int | None = None, code: str = "") -> Remark:
        return Remark(row.number, "number", self._titles["number"], message, True, case, code)


def _digest(number: str) -> bytes:
    return bytes.fromhex(sm3(number.encode())[:16])
