"""What must be true of the standby: in the end it has what its primary has, table by table, and while it was away
nobody who looked was answered 5xx for it."""

import time
from dataclasses import dataclass, field

import psycopg2

from devkit.servers import DATABASE
from tests.faults.chaos.journal import Journal
from tests.faults.chaos.standby import Standby
from tests.faults.chaos.town import Town

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
CONTENT = 'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "{table}" t'
NAMED = ("intake_case", "audit_trailentry", "intake_counter", "accounts_idempotencyrecord")
"""Told by themselves: cases, the trail, what numbers are given from, and the numbers of writes."""
PATIENCE, LONG = 180.0, {"options": "-c statement_timeout=60s"}
NOT_WATCHED_FOR = 300
ANSWERING = ("web", "web worker", "PostgreSQL backend", "PostgreSQL postmaster", "supervisor")
"""What answers a look beside the standby."""
AWAY = f"""SELECT at, at + CASE WHEN seconds IS NULL OR seconds < 0 THEN {NOT_WATCHED_FOR} ELSE seconds END
    FROM kills WHERE target"""
IN = "FROM {of} WHERE began < {of}.till AND ended > {of}.at"
READS = f"""WITH gone(at, till) AS ({AWAY} = 'standby'),
    others(at, till) AS ({AWAY} IN ({", ".join(f"'{name}'" for name in ANSWERING)}))
    SELECT status, EXISTS (SELECT 1 {IN.format(of="gone")}), EXISTS (SELECT 1 {IN.format(of="others")}), count(*)
    FROM reads GROUP BY 1, 2, 3"""


@dataclass
class Compared:
    """Tables and rows of both, and the names of those that differ."""

    tables: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)


def compared(town: Town) -> Compared:
    """Every table of the program, on both: the number of rows and a digest over all of them. The sweeps go on
    meanwhile, so that a table is asked for again until it was the same at one moment, or time is over."""
    standby, end = town.standby, time.monotonic() + PATIENCE
    found = Compared(differing=[name for (name,) in standby.of_primary(TABLES)])
    found.tables = len(found.differing)
    while found.differing and time.monotonic() < end:
        standby.asks_anew()
        while not standby.is_level() and time.monotonic() < end:
            town.keep()
            time.sleep(0.1)
        found.differing = [name for name in found.differing if not _is_same(standby, name, found.rows)]
    return found


def _is_same(standby: Standby, table: str, rows: dict[str, int]) -> bool:
    statement = CONTENT.format(table=table)
    try:
        here, there = standby.of_primary(statement)[0], standby.own(statement, DATABASE, **LONG)[0]
    except psycopg2.Error:
        return False
    rows[table] = int(here[0])
    return here == there


@dataclass(frozen=True)
class Looks:
    """Answers to what was looked at."""

    sent: int
    answered: int
    away: int
    """Looked at while the standby was away."""
    away_answered: int
    failed: int
    """Answered 5xx while the standby was away and nothing else that answers was."""
    failed_otherwise: int


def looks(journal: Journal) -> Looks:
    """What clients looked at that may come from the standby."""
    rows = [(int(status), bool(gone), bool(others), int(times)) for status, gone, others, times in journal.rows(READS)]
    fine = [row for row in rows if 200 <= row[0] < 400]
    broken = [row for row in rows if row[0] >= 500]
    total = lambda some: sum(times for *_, times in some)  # noqa: E731
    return Looks(
        total(rows),
        total(fine),
        total(row for row in rows if row[1]),
        total(row for row in fine if row[1]),
        total(row for row in broken if row[1] and not row[2]),
        total(row for row in broken if row[2] or not row[1]),
    )
