"""Rows by the million: without what costs as much again for each row, and makes no difference in the end."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

MEMORY = ("SET work_mem = '256MB'", "SET maintenance_work_mem = '1GB'", "SET synchronous_commit = off")


@contextmanager
def in_bulk(cursor: Any, tables: Sequence[str], *, triggers: Sequence[str] = ()) -> Iterator[None]:
    """Write these tables without their indexes and keys to other tables, and `triggers` ones without their triggers.

    All of it is there again behind the rows: indexes built at once are quicker and smaller, keys are checked once.
    """
    for statement in MEMORY:
        cursor.execute(statement)
    with ExitStack() as held:
        held.enter_context(_without_keys(cursor, tables))
        held.enter_context(_without_triggers(cursor, triggers))
        held.enter_context(_without_indexes(cursor, tables))
        yield
    for statement in MEMORY:
        cursor.execute(f"RESET {statement.split()[1]}")


@contextmanager
def _without_triggers(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    for state in ("DISABLE", "ENABLE"):
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {state} TRIGGER USER")
        if state == "DISABLE":
            yield


@contextmanager
def _without_keys(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [list(tables)],
    )
    yield from _gone_meanwhile(cursor, cursor.fetchall())


@contextmanager
def _without_indexes(cursor: Any, tables: Sequence[str]) -> Iterator[None]:
    """Without the indexes that no constraint needs."""
    cursor.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
        [list(tables)],
    )
    yield from _gone_meanwhile(cursor, cursor.fetchall())


def _gone_meanwhile(cursor: Any, pairs: Sequence[tuple[str, str]]) -> Iterator[None]:
    """Drop all, and make them anew."""
    for drop, _ in pairs:
        cursor.execute(drop)
    yield
    for _, make in pairs:
        cursor.execute(make)
