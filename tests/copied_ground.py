"""The small county of the tests: made by acts once in a run, copied into each test from then on.

A copy is the very rows that the acts wrote, put in with triggers off. Where the role may not turn them off, where a
test commits, and where its clock stands on another day, the acts are done again.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from tests.people import Ground, make_ground

NEAR = timedelta(hours=6)
MAY_TURN_TRIGGERS_OFF = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
TABLES = """
    SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
      AND table_name <> 'django_migrations'
    GROUP BY table_name
"""


@dataclass(frozen=True)
class Recorded:
    """What the acts gave back, and what they wrote: the text of COPY by table and its columns."""

    ground: Ground
    rows: dict[str, bytes]
    made_at: datetime


_recorded: list[Recorded] = []


def record_ground() -> None:
    """Make the county once, keep what was written, and undo it."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(MAY_TURN_TRIGGERS_OFF)
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT pg_current_xact_id()::text")
        begun, ground = cursor.fetchone()[0], make_ground()
        cursor.execute(TABLES)
        rows = {f"{table} ({columns})": _written(cursor, table, columns, begun) for table, columns in cursor.fetchall()}
        written = {table: text for table, text in rows.items() if text}
        _recorded[:] = [Recorded(ground, written, timezone.now())]
        transaction.set_rollback(True)


def ground_of_this_test() -> Ground:
    """The county, in the database of a test; what the cache knew of its people in another test is gone."""
    if not _recorded or not connection.in_atomic_block or abs(timezone.now() - _recorded[0].made_at) > NEAR:
        return make_ground()
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in _recorded[0].rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", BytesIO(rows))
        cursor.execute("SET LOCAL session_replication_role = origin")
    return deepcopy(_recorded[0].ground)


def _written(cursor: Any, table: str, columns: str, begun: str) -> bytes:
    """The rows of a table that were written since a transaction began."""
    rows = BytesIO()
    query = f"SELECT {columns} FROM {table} WHERE xmin::text::bigint >= {begun}"
    cursor.copy_expert(f"COPY ({query}) TO STDOUT", rows)
    return rows.getvalue()
