"""Statements that the database plans once for a connection.

To plan a statement of a dozen tables takes PostgreSQL longer than to find one row by it. The driver prepares nothing,
so it is done here, in SQL. A pooler in transaction mode gives each transaction another connection, which has not
prepared it: behind one, statements are planned each time.
"""

import re
from itertools import count
from typing import Any, Final

import psycopg2
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

MOST: Final = 200
"""Plans of a connection, some hundred kB each; all are given up for more."""
NAMES = count(1)
_unfit: set[str] = set()


def new_name() -> str:
    """A name for a statement, its own in this process."""
    return f"zz_{next(NAMES)}"


def as_planned(connection: BaseDatabaseWrapper, name: str, sql: str) -> str:
    """How a statement is asked for on this connection, with the same values in the same order: by its plan, or as it is
    where it cannot be planned before its values are known."""
    if settings.DATABASE_POOLED or name in _unfit or not _is_prepared(connection, name, sql):
        return sql
    places = ", ".join(["%s"] * sql.count("%s"))
    told = f" /* {sql.replace('%', '%%')} */" if connection.queries_logged else ""
    return f"EXECUTE {name}{f' ({places})' if places else ''}{told}"


def _is_prepared(connection: BaseDatabaseWrapper, name: str, sql: str) -> bool:
    connection.ensure_connection()
    held: tuple[Any, set[str]] | None = getattr(connection, "_planned_once", None)
    if held is None or held[0] is not connection.connection:
        held = connection._planned_once = (connection.connection, set())  # type: ignore[attr-defined]
    if name in held[1]:
        return True
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if len(held[1]) >= MOST:
            cursor.execute("DEALLOCATE ALL")
            held[1].clear()
        if not _prepare(cursor, name, sql, in_transaction=connection.in_atomic_block):
            _unfit.add(name)
            return False
    held[1].add(name)
    return True


def _prepare(cursor: Any, name: str, sql: str, *, in_transaction: bool) -> bool:
    """Prepare it; False for one whose values have no type before they are known, and the transaction is as it was."""
    numbers = count(1)
    text = re.sub("%s", lambda _: f"${next(numbers)}", sql).replace("%%", "%")
    if in_transaction:
        cursor.execute("SAVEPOINT zz_prepare")
    is_fit = True
    try:
        cursor.execute(f"PREPARE {name} AS {text}")
    except psycopg2.ProgrammingError:
        is_fit = False
        if in_transaction:
            cursor.execute("ROLLBACK TO SAVEPOINT zz_prepare")
    if in_transaction:
        cursor.execute("RELEASE SAVEPOINT zz_prepare")
    return is_fit
