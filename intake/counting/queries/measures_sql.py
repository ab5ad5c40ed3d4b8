"""The measures as SQL, made of their definitions: what each row adds to the counts, for triggers, checks and reads."""

from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.query import QuerySet as PlainQuerySet
from django.utils import timezone

from intake.counting.declarations import Measure, Source
from intake.counting.queries.measures import AXES, STOCK_DAY
from intake.counting.queries.slices import SPLIT_LEVELS, Slice
from intake.counting.queries.sources import all_sources
from intake.models import Case


def totals_sql(of: Slice) -> str:
    """A row for each row counted and measure within a slice, in the columns of the roll-ups."""
    return (
        f"SELECT place, '' AS axis, '' AS key, measure, day, n FROM ({all_contributions_sql(within=of)}) counted"
        " WHERE day BETWEEN %(start)s AND %(end)s OR day = %(stock)s"
    )


def parts_sql(of: Slice) -> str:
    """The same, and for each axis of the measure a row with the key on it."""
    return (
        "SELECT place, x.axis, x.key, measure, day, n"
        f" FROM ({all_contributions_sql(within=of)}) counted"
        " CROSS JOIN LATERAL (SELECT '' AS axis, '' AS key UNION ALL SELECT * FROM unnest(axes, keys)) x"
        " WHERE day BETWEEN %(start)s AND %(end)s OR day = %(stock)s"
    )


def all_contributions_sql(*, within: Slice | None = None) -> str:
    """What all rows there are add to the counts."""
    return " UNION ALL ".join(contributions_sql(source, 1, within=within) for source in all_sources())


def contributions_sql(
    source: Source, sign: int, *, rows: str = "", moved: str = "", within: Slice | None = None
) -> str:
    """What the rows of a source add to the counts, times `sign`: all, those of `rows`, or those of the cases `moved`
    (tables with the same columns).

    Made of the definitions of the measures; constants stand in the text, so that a trigger can be made of it.
    """
    place = "" if within is None else of_place(within)
    if moved:
        place += " AND counted_case.id IS NOT NULL"
    looked_at = ",\n".join(_row_sql(source, measure) for measure in source.measures)
    if within is None:
        looked_at = looked_at.replace("%%", "%")
    return (
        f"SELECT m.measure, place.code AS place, m.day, m.axes, m.keys, {sign}::bigint AS n"
        f" FROM {rows or source.table} AS {source.table} {source.joined(moved or 'intake_case')}"
        f" CROSS JOIN LATERAL (VALUES {looked_at})"
        f" AS m (measure, day, axes, keys, counts) WHERE m.counts{place}"
    )


def of_place(of: Slice) -> str:
    """What the territory `place` must be; a small one is found by its index."""
    if len(of.place) > max(SPLIT_LEVELS):
        return " AND place.code LIKE %(place)s || '%%'"
    return " AND left(place.code, %(length)s) = %(place)s"


def _row_sql(source: Source, measure: Measure) -> str:
    """One measure as a row of SQL over the columns of a source: all are looked at in one pass."""
    axes = ", ".join(f"'{name}'" for name in measure.axes)
    keys = ", ".join(key_sql(name) for name in measure.axes)
    return (
        f"('{measure.name}', {day_sql(source, measure)}, ARRAY[{axes}]::text[], ARRAY[{keys}]::text[],"
        f" {condition_sql(source, measure.where)})"
    )


def condition_sql(source: Source, where: Q) -> str:
    """Whether a row of a source is one of these: true or false, never unknown."""
    query = PlainQuerySet(source.model).filter(where).query
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.compile(query.where)
    return f"coalesce({_with_constants(sql, params)}, false)"


def key_sql(axis: str) -> str:
    """The key of a case on an axis."""
    query = PlainQuerySet(Case).annotate(_key=AXES[axis].expression).query
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.compile(query.annotations["_key"])
    return _with_constants(sql, params)


def _with_constants(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        text = cursor.mogrify(sql, params)
    return (text.decode() if isinstance(text, bytes) else text).replace("%", "%%")


def day_sql(source: Source, measure: Measure) -> str:
    """The day by which a measure counts a row; that of stocks for what belongs to no day."""
    if not measure.moment:
        return f"'{STOCK_DAY}'::date"
    if measure.by_day:
        return f"{source.table}.{measure.moment}"
    return f"({source.table}.{measure.moment} AT TIME ZONE '{timezone.get_default_timezone()}')::date"
