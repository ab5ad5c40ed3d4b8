"""A program of its own: the sheets of an old book (XLS, ET), line by line as JSON.

The library reads a book whole, and a small file can claim cells in every corner of a sheet. So it is read in a process
of its own that may use so much memory and time and no more; whatever becomes of it, the caller goes on.

    python old_book.py FILE    a line for each sheet: ["sheet", name]; for each row: [number, cells]; a day: {"day": …}
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

MOST_MEMORY: Final = 768 << 20
MOST_SECONDS: Final = 120
MAX_COLUMNS: Final = 100
LOCKED: Final = 3
"""The exit code for a book that wants a password."""


def main(path: str) -> int:
    """Write the book of this path to the standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError:
        return LOCKED
    for about in book.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet:
            sys.stdout.write(json.dumps(["sheet", about.name]) + "\n")
            for line in _lines(book.get_sheet_by_name(about.name)):
                sys.stdout.write(json.dumps(line) + "\n")
    return 0


def _lines(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows that are not empty; a cell that is merged downwards has its value in each of its rows."""
    merged: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        if last > first and column < MAX_COLUMNS:
            merged.setdefault(first, []).append((column, last))
    held: dict[int, tuple[int, Any]] = {}
    for at, row in enumerate(sheet.iter_rows()):
        cells = [_plain(cell) for cell in row[:MAX_COLUMNS]]
        held = {column: one for column, one in held.items() if one[0] >= at}
        for column, (_, value) in held.items():
            cells[column] = value if cells[column] is None else cells[column]
        for column, last in merged.get(at, ()):
            if column < len(cells) and cells[column] is not None:
                held[column] = (last, cells[column])
        if any(cell is not None for cell in cells):
            yield at + 1, cells


def _plain(cell: Any) -> Any:
    """Nothing for an empty cell, a whole number as one, a day by its name."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, (datetime, date)):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, (str, bool, int, float)) else str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
