"""Keeping the roll-ups in step with the cases, and with what else is counted.

The database itself writes down what each change of rows adds to and takes from the counts (`TallyDelta`), in the
transaction of the change and without waiting for anybody; a sweep folds that into the roll-ups. Readers add both.
"""

from hashlib import sha256

from django.db import connection, transaction

from intake.counting.queries import Source, all_sources
from intake.counting.queries.measures_sql import all_contributions_sql, contributions_sql
from intake.counting.queries.slices import KEPT_LEVELS, SPLIT_LEVELS

FOLD_LOCK = 0x7A7A_0002
TRIGGERS = {"insert": (1,), "update": (1, -1), "delete": (-1,)}
ROWS = {1: "new_rows", -1: "old_rows"}
MOVED = "(SELECT {which}.* FROM old_rows JOIN new_rows USING (id) WHERE old_rows.territory_id <> new_rows.territory_id)"

_SPREAD = f"""
    SELECT left(c.place, l.level) AS place, c.axis, g.grain, c.measure, g.day, c.key, sum(c.n)::bigint AS n
    FROM (
        SELECT x.place, x.axis, x.key, c.measure, c.day, sum(c.n)::bigint AS n FROM {{source}} c
        CROSS JOIN LATERAL (
            SELECT left(c.place, {max(KEPT_LEVELS)}) AS place, '' AS axis, '' AS key
            UNION ALL SELECT left(c.place, {max(SPLIT_LEVELS)}), * FROM unnest(c.axes, c.keys)
        ) x
        WHERE x.key IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    ) c
    CROSS JOIN LATERAL (VALUES ('d', c.day), ('m', date_trunc('month', c.day)::date)) g (grain, day)
    JOIN (VALUES {", ".join(f"({int(level)})" for level in KEPT_LEVELS)}) l (level) ON l.level <= length(c.place)
    GROUP BY 1, 2, 3, 4, 5, 6
"""
_FOLD = f"""
    WITH taken AS (
        DELETE FROM intake_tallydelta
        WHERE id IN (SELECT id FROM intake_tallydelta ORDER BY id LIMIT %s) RETURNING *
    ), folded AS (
        INSERT INTO intake_tally AS tally (place, axis, grain, measure, day, key, n)
        SELECT * FROM ({_SPREAD.format(source="taken")}) spread WHERE n <> 0
        ON CONFLICT (place, axis, grain, measure, day, key) DO UPDATE SET n = tally.n + excluded.n
    )
    SELECT count(*) FROM taken
"""
_COLUMNS = "place, axis, grain, measure, day, key"
_DIFFERENCE = f"""
    SELECT {_COLUMNS}, coalesce(kept.n, 0) AS kept, coalesce(plain.n, 0) AS plain
    FROM (SELECT {_COLUMNS}, sum(n)::bigint AS n FROM (
              SELECT {_COLUMNS}, n FROM intake_tally UNION ALL
              SELECT {_COLUMNS}, n FROM ({_SPREAD.format(source="intake_tallydelta")}) pending
          ) both_kept GROUP BY {_COLUMNS}) kept
    FULL JOIN ({_SPREAD.format(source="({contributions})")}) plain USING ({_COLUMNS})
    WHERE coalesce(kept.n, 0) <> coalesce(plain.n, 0)
"""
_REBUILD = f"""
    WITH dropped AS (DELETE FROM intake_tallydelta)
    INSERT INTO intake_tally (place, axis, grain, measure, day, key, n)
    SELECT {_COLUMNS}, coalesce(plain.n, 0)
    FROM intake_tally kept FULL JOIN ({_SPREAD.format(source="({contributions})")}) plain USING ({_COLUMNS})
    WHERE kept.n IS DISTINCT FROM coalesce(plain.n, 0)
    ON CONFLICT (place, axis, grain, measure, day, key) DO UPDATE SET n = excluded.n
"""


@transaction.atomic
def count_changes() -> bool:
    """Let the database count every change of the rows by the measures as they are defined now.

    Where the definitions changed, or nothing was counted so far, the roll-ups are built anew. Whether that was so.
    """
    wanted = counting_statements()
    digest = sha256("\n".join(wanted).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        if installed_digest() == digest:
            return False
        for source in all_sources():
            cursor.execute(f"LOCK TABLE {source.table} IN SHARE ROW EXCLUSIVE MODE")
        for text in wanted:
            cursor.execute(text)
        cursor.execute("COMMENT ON FUNCTION intake_count_insert() IS %s", [digest])
    _rebuild()
    return True


def installed_digest() -> str:
    """The mark of the definitions by which the database counts; empty when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure('intake_count_insert()'), 'pg_proc')")
        return str(cursor.fetchone()[0] or "")


@transaction.atomic
def fold_tallies(limit: int = 20_000) -> int:
    """One batch of the sweep: fold what was counted into the roll-ups; how many changes were taken.

    One at a time: while another folds, there is nothing to do. A fold that dies leaves everything as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, [limit])
        return int(cursor.fetchone()[0])


@transaction.atomic
def rebuild_tallies() -> int:
    """Count all cases anew; how many roll-ups were wrong. Cases may be changed meanwhile: nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
    return _rebuild()


def differences(limit: int = 50) -> list[tuple[object, ...]]:
    """Where roll-ups and a plain recount of the same moment differ: the keys, what is kept, what is there."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_with_contributions(_DIFFERENCE)} ORDER BY {_COLUMNS} LIMIT {int(limit)}")
        return list(cursor.fetchall())


def _rebuild() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")  # sums by the million, in memory
        cursor.execute(_with_contributions(_REBUILD))
        return int(cursor.rowcount)


def _with_contributions(sql: str) -> str:
    return sql.replace("{contributions}", all_contributions_sql())


def counting_statements() -> list[str]:
    """The functions and triggers by which the database counts, as the measures are defined now."""
    return [text for source in all_sources() for text in _counting(source)] + _moving()


def trigger_name(source: Source, event: str) -> str:
    """What the trigger is called that counts this event."""
    return f"case_count_{event}" if source.table == "intake_case" else f"{source.table}_count_{event}"


def _counting(source: Source) -> list[str]:
    """Functions and triggers that write down what each statement changed of the rows of a source."""
    found = []
    for event, signs in TRIGGERS.items():
        name = f"intake_count_{event}" if source.table == "intake_case" else f"{source.table}_count_{event}"
        changed = [contributions_sql(source, sign, rows=ROWS[sign]) for sign in signs]
        found += [_function(name, changed), _trigger(trigger_name(source, event), source.table, event, name)]
    return found


def _moving() -> list[str]:
    """What is counted at the place of its case goes with the case."""
    changed = [
        contributions_sql(source, sign, moved=MOVED.format(which=rows))
        for source in all_sources()
        if source.follows_case
        for sign, rows in ROWS.items()
    ]
    name = "intake_count_moved"
    return [
        _function(name, changed, only_if=f"EXISTS {MOVED.format(which='new_rows')}"),
        _trigger("case_count_moved", "intake_case", "update", name),
    ]


def _function(name: str, changed: list[str], *, only_if: str = "true") -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $count$
BEGIN
    IF {only_if} THEN
        INSERT INTO intake_tallydelta (measure, place, day, axes, keys, n)
        SELECT measure, place, day, axes, keys, sum(n) FROM ({" UNION ALL ".join(changed)}) changed
        GROUP BY measure, place, day, axes, keys HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $count$"""


def _trigger(name: str, table: str, event: str, function: str) -> str:
    tables = {1: "NEW TABLE AS new_rows", -1: "OLD TABLE AS old_rows"}
    referencing = " ".join(tables[sign] for sign in TRIGGERS[event])
    return (
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event.upper()} ON {table}"
        f" REFERENCING {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
