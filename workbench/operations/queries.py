"""What an installation holds at one moment: migrations, rows per table, the ends of its trail, its keys."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from zhongzhi.audit.queries import ends_of_trail
from zhongzhi.core.ciphers import fingerprints

OURS = """
    SELECT relname FROM pg_class AS one
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')
    ORDER BY relname
"""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""

PATIENCE_MS = 2000
A_WRITE = "INSERT INTO intake_counter (series, last) VALUES (%s, 0)"


BROKEN = """
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace
"""


def broken_indexes() -> list[str]:
    """Indexes whose building was broken off."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN)
        return [str(name) for (name,) in cursor.fetchall()]


def applied_migrations() -> dict[str, list[str]]:
    """Names of the migrations that this database has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def known_migrations() -> set[tuple[str, str]]:
    """Those that this program knows, run or not."""
    return {(key[0], key[1]) for key in MigrationExecutor(connection).loader.disk_migrations}


def needs_migrating() -> bool:
    """Whether this program wants changes of the tables."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def seconds_ahead(local: datetime) -> float:
    """By how much the database's clock is ahead of this machine's."""
    return float(_one("SELECT extract(epoch FROM clock_timestamp())")) - local.timestamp()


def try_a_write() -> None:
    """Write a row and take it back. Raises DatabaseError where the database takes none: read-only, or its disk full."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE_MS}ms'; SET LOCAL lock_timeout = '{PATIENCE_MS}ms'")
        cursor.execute(A_WRITE, [f"readyz:{uuid4()}"])
        transaction.set_rollback(True)


def rows_per_table() -> dict[str, int]:
    """How many rows each table has."""
    return {table: int(_one(f'SELECT count(*) FROM public."{table}"')) for table in _tables()}  # noqa: S608 - our tables


def names_of_tables() -> list[str]:
    """Tables of the program."""
    return _tables()


def is_empty() -> bool:
    """Whether the database has no tables at all."""
    return not _tables()


def others_connected() -> int:
    """How many other connections this database has."""
    return int(_one(OTHERS))


def name_of_database() -> str:
    """What the database is called."""
    return str(connection.settings_dict["NAME"])


def exported_snapshot() -> str:
    """The name under which other connections read what this transaction reads."""
    return str(_one("SELECT pg_export_snapshot()"))


def trail_now() -> dict[str, Any]:
    """How far the trail goes, and what stands at its ends."""
    return ends_of_trail()


def keys_now() -> dict[str, str]:
    """Fingerprints of the configured keys by id; a key itself cannot be told from them."""
    return fingerprints()


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(OURS)
        return [str(name) for (name,) in cursor.fetchall()]


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
