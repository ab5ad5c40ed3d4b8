"""Rows of tables that seldom change and that every act asks for, remembered by a process until one of them changes.

Who changes such a table (`remembered_table`) leaves a note in the same transaction, by a trigger. All notes together
are the version of what is remembered: a request reads it with the session or the token that it comes with, and as long
as it is the same, what was read before still holds. Without a request (tasks, programs of the command line), and after
a request has itself changed such a table, rows are read as ever. Who must not miss a change locks the row as before:
what locks is never remembered.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, Final, TypeVar

import pgtrigger
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, TextField
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL

from zhongzhi.rows.statements import PreparedRows
from zhongzhi.rows.triggers import Function, Trigger

RowT = TypeVar("RowT")
VERSION: Final = "(SELECT count(*) || '.' || coalesce(sum(id), 0) FROM accounts_referencechange)"
MOST: Final = 2_000
"""Answers that are remembered; for more all are forgotten."""
CHANGE: Final = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)')
READ: Final = re.compile(r'\b(?:FROM|JOIN) "(\w+)"')
READS: Final = ("SELECT", "EXECUTE", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
NOTE: Final = Function(
    "reference_changed",
    """
    INSERT INTO accounts_referencechange (xact) VALUES (pg_current_xact_id()::text::bigint)
    ON CONFLICT (xact) DO UPDATE SET id = nextval(pg_get_serial_sequence('accounts_referencechange', 'id'));
    RETURN NULL;
""",
)

_tables: set[str] = set()
_version: ContextVar[str] = ContextVar("version of what is remembered", default="")
_held: tuple[str, dict[Any, list[Any]]] = ("", {})


def remembered_table(table: str, *columns: str) -> list[Trigger]:
    """Let a table note its changes; with `columns`, of updates only those of one of them."""
    _tables.add(table)
    change = pgtrigger.UpdateOf(*columns) if columns else pgtrigger.Update
    whens = {"changed": pgtrigger.Insert | change | pgtrigger.Delete, "emptied": pgtrigger.Truncate}
    return [
        Trigger(name=f"{table}_{name}", when=pgtrigger.After, operation=when, level=pgtrigger.Statement, function=NOTE)
        for name, when in whens.items()
    ]


def version_there() -> RawSQL:
    """The version of what is remembered, as a column of another query. Two states never have the same: a note of a
    later change has a larger number, and one that is taken away leaves a new one behind."""
    return RawSQL(VERSION, (), output_field=TextField())  # noqa: S611  our own words, without a value


def remember_for(version: str) -> None:
    """Let this request use what is remembered for this version; empty: nothing that is."""
    _version.set(version)


def forget_all() -> None:
    """Remember nothing, as a new process."""
    global _held
    _held = ("", {})


class RememberedRows(PreparedRows[RowT]):
    """Prepared rows of tables that note their changes, all of them. Of columns whose changes a table does not note
    (when somebody last signed in) a row tells what was."""

    def __init__(self, rows: QuerySet[Any, RowT], *, changed_with_them: Sequence[str] = ()) -> None:
        """As `PreparedRows`. `changed_with_them` names tables of which the statement reads only what is never changed
        without a change of one that notes it."""
        super().__init__(rows)
        self._also = frozenset(changed_with_them)
        if rows.query.select_for_update:
            raise TypeError("what is locked is read")

    def read(self, **values: Any) -> list[RowT]:
        """The rows for these values, each caller's own."""
        version = _version.get()
        if not version:
            return super().read(**values)
        held = _held_for(version)
        key = (self, *((name, tuple(one) if isinstance(one, list) else one) for name, one in values.items()))
        found = held.get(key)
        if found is None:
            if len(held) >= MOST:
                held.clear()
            self._check()
            found = held[key] = super().read(**values)
        copies: dict[int, Any] = {}
        return [_copied(row, copies) for row in found]

    def _check(self) -> None:
        """Raise TypeError for a statement that reads a table whose changes nobody notes."""
        if silent := set(READ.findall(self.written[0])) - _tables - self._also:
            raise TypeError(f"changes of {', '.join(sorted(silent))} are not noted")


def _held_for(version: str) -> dict[Any, list[Any]]:
    global _held
    known, held = _held
    if known != version:
        held = {}
        _held = (version, held)
    return held


def _copied(row: Any, copies: dict[int, Any]) -> Any:
    """A row of its own, with rows of their own beside it: who is handed it may change it."""
    if not isinstance(row, Model):
        return row
    if (known := copies.get(id(row))) is not None:
        return known
    copy = copies[id(row)] = object.__new__(type(row))
    copy.__dict__.update(row.__dict__)
    state = copy._state = ModelState()
    state.db, state.adding = row._state.db, row._state.adding
    state.fields_cache = {name: _copied(beside, copies) for name, beside in row._state.fields_cache.items()}
    return copy


def notice_changes(sender: Any, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For `connection_created`: who changes a table within a request reads from then on what is there."""
    if _noticing not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _noticing)  # the last is taken away by who put one in for a while


def _noticing(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    if _version.get() and isinstance(sql, str) and not sql.startswith(READS) and _changes(sql):
        _version.set("")
    return execute(sql, params, many, context)


def _changes(sql: str) -> bool:
    named: Iterable[str] = CHANGE.findall(sql)
    return not _tables.isdisjoint(named)
