"""Statements that the database plans once for a connection.

To plan a statement of a dozen tables takes PostgreSQL longer than to find one row by it. The driver prepares nothing,
so it is done here, in SQL. A pooler in transaction mode gives each transaction another connection, which has not
prepared it: behind one, statements are planned each time.
"""

import re
from itertools import count
from typing import Any, Final

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

MOST: Final = 200
"""Plans of a connection, some hundred kB each; all are given up for more."""
MARKS: Final = re.compile("%[%s]")
"""A value, or the sign itself."""
NAMES = count(1)
_unfit: set[str] = set()


def new_name() -> str:
    """A name for a statement, its own in this process."""
    return f"zz_{next(NAMES)}"


class Plans:
    """What one connection has planned."""

    def __init__(self, connection: Any) -> None:
        """Nothing yet."""
        self.connection, self.names, self.are_stale = connection, set[str](), False


def as_planned(connection: BaseDatabaseWrapper, name: str, sql: str) -> str:
    """How a statement is asked for on this connection, with the same values in the same order: by its plan, or as it is
    where it cannot be planned before its values are known."""
    if settings.DATABASE_POOLED or name in _unfit or not _is_planned(connection, name, sql):
        return sql
    places = ", ".join(found for found in MARKS.findall(sql) if found == "%s")
    told = f" /* {sql.replace('%', '%%')} */" if connection.queries_logged else ""
    return f"EXECUTE {name}{f' ({places})' if places else ''}{told}"


def give_up_plans(connection: BaseDatabaseWrapper) -> None:
    """Plan everything anew on this connection: a column has another type than when it was planned."""
    _plans_of(connection).are_stale = True


def _plans_of(connection: BaseDatabaseWrapper) -> Plans:
    plans: Plans | None = getattr(connection, "_plans", None)
    if plans is None or plans.connection is not connection.connection:
        plans = connection._plans = Plans(connection.connection)  # type: ignore[attr-defined]
    return plans


def _is_planned(connection: BaseDatabaseWrapper, name: str, sql: str) -> bool:
    connection.ensure_connection()
    plans = _plans_of(connection)
    if name in plans.names and not plans.are_stale:
        return True
    with connection.wrap_database_errors, plans.connection.cursor() as cursor:
        if plans.are_stale or len(plans.names) >= MOST:
            cursor.execute("DEALLOCATE ALL")
            plans.names.clear()
            plans.are_stale = False
        if not _prepare(cursor, name, sql, in_transaction=connection.in_atomic_block):
            _unfit.add(name)
            return False
    plans.names.add(name)
    return True


def _prepare(cursor: Any, name: str, sql: str, *, in_transaction: bool) -> bool:
    """Prepare it; False for one whose values have no type before they are known, and the transaction is as it was."""
    numbers = count(1)
    text = MARKS.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql)
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
