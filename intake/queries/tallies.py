"""Reads of the counts of cases: from the roll-ups where there are any, by plain recount below the towns.

A read adds the roll-ups and what changed since they were folded, in one statement: it is never behind the cases.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.query import QuerySet as PlainQuerySet
from django.utils import timezone

from grids.models import Level
from grids.queries import subtree
from intake.models import Case
from intake.queries.cases import cases_for_list
from intake.queries.clocks import overdue_clocks
from intake.queries.measures import AXES, STOCK_DAY, Measure
from intake.queries.sources import SOURCES, Source
from zhongzhi.accounts.models import User

KEPT_LEVELS = (Level.COUNTY, Level.TOWN, Level.VILLAGE)
SPLIT_LEVELS = (Level.COUNTY, Level.TOWN)
Counts = dict[tuple[str, str, str], int]
"""How many, by measure, axis and key."""


@dataclass(frozen=True)
class Slice:
    """A place with all below it (every place for an empty code), and a period, both days included."""

    place: str
    start: date
    end: date

    @property
    def is_rolled_up(self) -> bool:
        """Whether the roll-ups hold the parts of this place."""
        return len(self.place) <= max(SPLIT_LEVELS)


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the cases as of one moment. Nothing can be written inside.

    One process of the database does the reading: roll-ups are read in less time than it takes to start helpers.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;SET LOCAL max_parallel_workers_per_gather = 0"
        )
        yield


def counts(of: Slice) -> Counts:
    """Everything that is counted for the place and period, all axes; stocks are as of now."""
    if not of.is_rolled_up:
        return recount(of)
    level = min(level for level in KEPT_LEVELS if level >= len(of.place))
    kept = _kept(_at(of, level), of)
    rows = _rows(
        f"SELECT measure, axis, key, sum(n)::bigint FROM ({kept} UNION ALL {_PENDING}) counted"
        " WHERE key IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0",
        {"place": of.place, "length": len(of.place), "level": level, **_days(of)},
    )
    return {(measure, axis, key): n for measure, axis, key, n in rows}


def counts_below(of: Slice, measures: tuple[str, ...] = ()) -> dict[str, dict[str, int]]:
    """Totals of these measures (of all without any) of each place on the next level below, by its code.

    What lies at the place itself and nowhere below stands under the place's own code: the totals add up.
    """
    below = next(level for level in (*KEPT_LEVELS, Level.GRID) if level > len(of.place))
    found = counts_at(of, below, measures)
    if below in KEPT_LEVELS[1:]:
        whole = Counter(counts_at(of, len(of.place), measures).get(of.place, {}))
        for counted in found.values():
            whole.subtract(counted)
        if rest := {measure: n for measure, n in whole.items() if n}:
            found[of.place] = rest
    return found


def counts_at(of: Slice, level: int, measures: tuple[str, ...] = ()) -> dict[str, dict[str, int]]:
    """Totals of these measures (of all without any) of each place of a level within the place."""
    values = {"place": of.place, "length": len(of.place), "level": level, "measures": list(measures), **_days(of)}
    wanted = "axis = ''" + (" AND measure = ANY(%(measures)s)" if measures else "")
    if level in KEPT_LEVELS:
        kept = _kept(f"{_at(of, level)} AND {wanted}", of)
        counted = f"SELECT * FROM ({kept} UNION ALL {_PENDING}) both_kept WHERE length(place) >= %(level)s"
    else:
        counted = counted_sql(of, axes=False)
    rows = _rows(
        f"SELECT left(place, %(level)s), measure, sum(n)::bigint FROM ({counted}) counted"
        f" WHERE {wanted} GROUP BY 1, 2 HAVING sum(n) <> 0",
        values,
    )
    found: dict[str, dict[str, int]] = {}
    for place, measure, n in rows:
        found.setdefault(place, {})[measure] = n
    return found


def counts_by_month(of: Slice) -> dict[date, dict[str, int]]:
    """Totals by measure of each month, by its first day; the period is taken in whole months."""
    of = Slice(of.place, of.start.replace(day=1), _month_end(of.end))
    values = {"place": of.place, "length": len(of.place), **_days(of)}
    if len(of.place) <= max(KEPT_LEVELS):
        level = values["level"] = min(level for level in KEPT_LEVELS if level >= len(of.place))
        kept = _kept(f"{_at(of, level)} AND axis = ''", of)
        counted = f"{kept} UNION ALL {_PENDING}"
    else:
        counted = counted_sql(of, axes=False)
    rows = _rows(
        "SELECT date_trunc('month', day)::date, measure, sum(n)::bigint"
        f" FROM ({counted}) counted WHERE axis = '' AND day <> %(stock)s GROUP BY 1, 2 HAVING sum(n) <> 0",
        values,
    )
    found: dict[date, dict[str, int]] = {}
    for month, measure, n in rows:
        found.setdefault(month, {})[measure] = n
    return found


def recount(of: Slice) -> Counts:
    """The same as `counts`, counted from the cases themselves."""
    values = {"place": of.place, "length": len(of.place), **_days(of)}
    rows = _rows(
        f"SELECT measure, axis, key, sum(n)::bigint FROM ({counted_sql(of)}) counted"
        " WHERE key IS NOT NULL GROUP BY 1, 2, 3",
        values,
    )
    return {(measure, axis, key): n for measure, axis, key, n in rows}


def cases_counted(
    user: User, measure: Measure, of: Slice, *, axis: str = "", keys: tuple[str, ...] = ()
) -> QuerySet[Case]:
    """The list behind a figure: the cases of a measure, in the sight of this reader."""
    rows = cases_for_list(user).filter(measure.rows(of.start, of.end), territory__in=subtree(of.place))
    if axis:
        part = Q(pk__in=[])
        for key in keys:
            part |= AXES[axis].of(key)
        rows = rows.filter(part)
    return rows


def overdue_cases(user: User, place: str, organisation_id: int | None = None) -> QuerySet[Case]:
    """The list behind what is overdue, in the sight of this reader."""
    return cases_for_list(user).filter(pk__in=overdue_clocks(place, organisation_id).values("case_id"))


# --- the measures as SQL -----------------------------------------------------------------------------------


def counted_sql(of: Slice | None = None, *, axes: bool = True) -> str:
    """The measures as one SELECT: a row for each row counted, measure and axis; within a slice where one is given.

    Parameters as of `counts` where there is a slice, none else.
    """
    spread = (
        "SELECT '' AS axis, '' AS key UNION ALL SELECT * FROM unnest(axes, keys)"
        if axes
        else "SELECT '' AS axis, '' AS key"
    )
    where = ""
    if of is not None:
        where = "WHERE day BETWEEN %(start)s AND %(end)s OR day = %(stock)s"
    contributions = all_contributions_sql(within=of)
    return (
        f"SELECT counted.place, x.axis, x.key, counted.measure, counted.day, counted.n FROM ({contributions}) counted"
        f" CROSS JOIN LATERAL ({spread}) x {where}"
    )


def all_contributions_sql(*, within: Slice | None = None) -> str:
    """What all rows there are add to the counts."""
    return " UNION ALL ".join(contributions_sql(source, 1, within=within) for source in SOURCES)


def contributions_sql(
    source: Source, sign: int, *, rows: str = "", moved: str = "", within: Slice | None = None
) -> str:
    """What the rows of a source add to the counts, times `sign`: all, those of `rows`, or those of the cases `moved`
    (tables with the same columns).

    Made of the definitions of the measures; constants stand in the text, so that a trigger can be made of it.
    """
    place = "" if within is None else " AND left(place.code, %(length)s) = %(place)s"
    if within is not None and len(within.place) > max(SPLIT_LEVELS):
        place = " AND place.code LIKE %(place)s || '%%'"
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


def _row_sql(source: Source, measure: Measure) -> str:
    """One measure as a row of SQL over the columns of a source: all are looked at in one pass."""
    axes = ", ".join(f"'{name}'" for name in measure.axes)
    keys = ", ".join(_expression(name) for name in measure.axes)
    return (
        f"('{measure.name}', {_day_sql(source, measure)}, ARRAY[{axes}]::text[], ARRAY[{keys}]::text[],"
        f" coalesce({_condition(source, measure.where)}, false))"
    )


def _condition(source: Source, where: Q) -> str:
    query = PlainQuerySet(source.model).filter(where).query
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.compile(query.where)
    return _with_constants(sql, params)


def _expression(axis: str) -> str:
    query = PlainQuerySet(Case).annotate(_key=AXES[axis].expression).query
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.compile(query.annotations["_key"])
    return _with_constants(sql, params)


def _with_constants(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        text = cursor.mogrify(sql, params)
    return (text.decode() if isinstance(text, bytes) else text).replace("%", "%%")


def _day_sql(source: Source, measure: Measure) -> str:
    if not measure.moment:
        return f"'{STOCK_DAY}'::date"
    if measure.by_day:
        return f"{source.table}.{measure.moment}"
    return f"({source.table}.{measure.moment} AT TIME ZONE '{timezone.get_default_timezone()}')::date"


_PENDING = """
    SELECT d.place, x.axis, x.key, d.measure, d.day, d.n FROM intake_tallydelta d
    CROSS JOIN LATERAL (SELECT '' AS axis, '' AS key UNION ALL SELECT * FROM unnest(d.axes, d.keys)) x
    WHERE left(d.place, %(length)s) = %(place)s AND (d.day BETWEEN %(start)s AND %(end)s OR d.day = %(stock)s)"""


def _at(of: Slice, level: int) -> str:
    """The roll-ups of a level within the place, found through their key: of each place in turn."""
    if level == len(of.place):
        return "place = %(place)s"
    return (
        "place = ANY(ARRAY(SELECT code FROM grids_territory"
        " WHERE level = %(level)s AND code LIKE %(place)s || '%%')::text[])"
    )


def _kept(where: str, of: Slice) -> str:
    """Roll-ups of the period: whole months by month, the days at either end by day."""
    columns = f"SELECT place, axis, key, measure, day, n FROM intake_tally WHERE {where}"
    days = _days(of)
    ends = [(first, last) for first, last in (("start", "before"), ("after", "end")) if days[first] <= days[last]]
    return " UNION ALL ".join(
        [
            f"{columns} AND grain = 'm' AND (day = %(stock)s OR day BETWEEN %(first_month)s AND %(last_month)s)",
            *(f"{columns} AND grain = 'd' AND day BETWEEN %({first})s AND %({last})s" for first, last in ends),
        ]
    )


def _days(of: Slice) -> dict[str, Any]:
    """The period as its whole months and the days before and after them."""
    first = of.start if of.start.day == 1 else _month_end(of.start) + timedelta(days=1)
    last = (
        of.end
        if of.end == _month_end(of.end) or of.end >= timezone.localdate()
        else of.end.replace(day=1) - timedelta(days=1)
    )
    days = {"start": of.start, "end": of.end, "stock": STOCK_DAY}
    if first > last:
        return days | {"first_month": date.max, "last_month": date.min, "before": of.end, "after": date.max}
    return days | {
        "first_month": first,
        "last_month": last.replace(day=1),
        "before": first - timedelta(days=1),
        "after": max(last, _month_end(last)) + timedelta(days=1),
    }


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
