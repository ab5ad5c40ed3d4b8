"""Many new rows at once by COPY: the same columns as INSERT writes, without a statement of a thousand parameters.

Measured for an import: a third of the work of a row was building such statements.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Field, Model
from django.db.models.base import ModelState
from django.utils import timezone

_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
BLOCK: Final = 1 << 18
"""Characters that are handed over at a time: each turn may wait for another thread of this program."""
ModelT = TypeVar("ModelT", bound=Model)
Reader = Callable[[Any], Any]


def copy_alike(pattern: Model, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new rows that are like one that is not written itself, but for the columns (by attribute, `case_id`) that
    each names, all the same ones. Keys that are not set are the database's to give, and stay unknown here. Raises
    TransactionManagementError outside of a transaction, TypeError for a value of a kind that is not foreseen (a list,
    JSON).
    """
    if not rows:
        return
    fields = _written_of(pattern)
    kept = {field.attname: _text(_reader(field)(pattern)) for field in fields}
    at = {name: [field.attname for field in fields].index(name) for name in rows[0]}
    _copy(pattern, fields, _alike(list(kept.values()), at, rows))


def copy_texts(pattern: Model, names: Sequence[str], lines: Sequence[str]) -> None:
    """Write new rows that are like one that is not written itself, but for the columns (by attribute) whose texts each
    line holds, as `line_of` gives them. Raises as `copy_alike` does.
    """
    if not lines:
        return
    known = {field.attname: field for field in pattern._meta.concrete_fields}
    same = [field for field in _written_of(pattern) if field.attname not in names]
    rest = "".join(f"\t{_text(_reader(field)(pattern))}" for field in same) + "\n"
    _copy(pattern, [*(known[name] for name in names), *same], (line + rest for line in lines))


def line_of(values: Iterable[Any]) -> str:
    """The texts of some columns of one row, as COPY reads them."""
    return "\t".join(map(_text, values))


def alike(row: ModelT) -> ModelT:
    """A new row that is like one that is not written: what `copy.copy` gives, several times as quick, for a table makes
    three of them a row."""
    new = object.__new__(type(row))
    new.__dict__.update(row.__dict__)
    new._state = ModelState()
    new._state.db, new._state.adding = row._state.db, row._state.adding
    new._state.fields_cache = dict(row._state.fields_cache)
    return new


def _alike(texts: list[str], at: Mapping[str, int], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        for name, value in row.items():
            texts[at[name]] = _text(value)
        yield "\t".join(texts) + "\n"


def _written_of(row: Model) -> "list[Field[Any, Any]]":
    return [f for f in row._meta.concrete_fields if not f.generated and (row.pk or not f.primary_key)]


def _copy(like: Model, fields: "Sequence[Field[Any, Any]]", lines: Iterator[str]) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("rows are copied within a transaction")
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(like._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Lines(lines), BLOCK)


def give_keys(rows: Sequence[Model]) -> None:
    """Take keys for new rows from the table's sequence, in one query, so that other rows can refer to them."""
    table = type(rows[0])._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


class _Lines:
    """A file that is made while it is read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._held = lines, StringIO()

    def read(self, size: int = -1) -> str:
        """About so much more; empty at the end."""
        while self._held.tell() < max(size, 1) and (line := next(self._lines, "")):
            self._held.write(line)
        text, self._held = self._held.getvalue(), StringIO()
        return text


def _reader(field: "Field[Any, Any]") -> Reader:
    """How a column's value is read: as it stands; times of writing are this moment."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = timezone.now()
        return lambda row: now
    return attrgetter(field.attname)


def _text(value: Any) -> str:
    write = _WRITERS.get(type(value))
    return write(value) if write else _kind_of(value)(value)


def _kind_of(value: Any) -> Callable[[Any], str]:
    """How values of a class that is not known yet are written: as those of the class above it."""
    for kind in type(value).__mro__:
        if kind in _WRITERS:
            _WRITERS[type(value)] = _WRITERS[kind]
            return _WRITERS[kind]
    raise TypeError(f"{type(value).__name__} is not copied")


def _escaped(value: str) -> str:
    text = str(value)
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPED)


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: r"\N",
    bool: lambda value: "t" if value else "f",
    str: _escaped,
    bytes: lambda value: rf"\\x{value.hex()}",
    **dict.fromkeys((int, Decimal, UUID, date, datetime), str),
}
"""How a value is written, by its class; choices are found by the class above theirs and then known."""
