"""Reads of the counts of cases: from the roll-ups where there are any, by plain recount below the towns.

A read adds the roll-ups and what changed since they were folded, in one statement: it is never behind the cases.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.models import Level
from grids.queries import place_itself, subtree
from grids.queries.places import named_if_few
from intake.counting.declarations import Measure
from intake.counting.queries.measures import AXES, STOCK_DAY
from intake.counting.queries.measures_sql import totals_sql
from intake.counting.queries.recounts import recount, recount_at, recount_sql
from intake.counting.queries.slices import KEPT_LEVELS, Counts, Slice, by_measure, fetched
from intake.deadlines.queries.clocks import overdue_clocks
from intake.models import Case
from intake.queries.cases import cases_for_list
from zhongzhi.accounts.models import User
from zhongzhi.rows.arrays import among


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
    return counts_together(of)[0]


def counts_together(*slices: Slice) -> list[Counts]:
    """The same of several, as of one moment. One query."""
    texts, values = [], dict[str, Any]()
    for at, of in enumerate(slices):
        sql, given = _counts_sql(of) if of.is_rolled_up else recount_sql(of)
        texts.append(f"SELECT {at}, * FROM ({sql.replace('%(', f'%(s{at}_')}) of_slice")
        values |= {f"s{at}_{name}": value for name, value in given.items()}
    found: list[Counts] = [{} for _ in slices]
    for at, measure, axis, key, n in fetched(" UNION ALL ".join(texts), values):
        found[at][measure, axis, key] = n
    return found


def _counts_sql(of: Slice) -> tuple[str, dict[str, Any]]:
    level = min(level for level in KEPT_LEVELS if level >= len(of.place))
    rolled = kept(at_level(of, level), of)
    sql = (
        f"SELECT measure, axis, key, sum(n)::bigint FROM ({rolled} UNION ALL {PENDING}) counted"
        " WHERE key IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0"
    )
    return sql, {"place": of.place, "length": len(of.place), "level": level, **days_of(of)}


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
    if level not in KEPT_LEVELS:
        return recount_at(of, level, measures)
    wanted = "axis = ''" + (" AND measure = ANY(%(measures)s)" if measures else "")
    rolled = kept(f"{at_level(of, level)} AND {wanted}", of)
    rows = fetched(
        f"SELECT left(place, %(level)s), measure, sum(n)::bigint FROM ({rolled} UNION ALL {PENDING}) counted"
        f" WHERE length(place) >= %(level)s AND {wanted} GROUP BY 1, 2 HAVING sum(n) <> 0",
        {"place": of.place, "length": len(of.place), "level": level, "measures": list(measures), **days_of(of)},
    )
    return by_measure(rows)


def counts_by_month(of: Slice) -> dict[date, dict[str, int]]:
    """Totals by measure of each month, by its first day; the period is taken in whole months."""
    of = Slice(of.place, of.start.replace(day=1), _month_end(of.end))
    values = {"place": of.place, "length": len(of.place), **days_of(of)}
    if len(of.place) <= max(KEPT_LEVELS):
        level = values["level"] = min(level for level in KEPT_LEVELS if level >= len(of.place))
        rolled = kept(f"{at_level(of, level)} AND axis = ''", of)
        counted = f"{rolled} UNION ALL {PENDING}"
    else:
        counted = totals_sql(of)
    rows = fetched(
        "SELECT date_trunc('month', day)::date, measure, sum(n)::bigint"
        f" FROM ({counted}) counted WHERE axis = '' AND day <> %(stock)s GROUP BY 1, 2 HAVING sum(n) <> 0",
        values,
    )
    return by_measure(rows)


def apart(of: Slice) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Where the figures as they are read and the recount of the same moment differ: by key, what is read and what is
    counted. Nothing, unless something is wrong with either."""
    with one_moment():
        read, counted = counts(of), recount(of)
    keys = read.keys() | counted.keys()
    return {key: (read.get(key, 0), counted.get(key, 0)) for key in sorted(keys) if read.get(key) != counted.get(key)}


def cases_counted(
    user: User, measure: Measure, of: Slice, *, axis: str = "", keys: tuple[str, ...] = (), alone: bool = False
) -> QuerySet[Case]:
    """The list behind a figure: the cases of a measure, in the sight of this reader; `alone` leaves out what lies below
    the place."""
    here = named_if_few(place_itself(of.place) if alone else subtree(of.place))
    rows = cases_for_list(user).filter(measure.rows(of.start, of.end), territory__in=here)
    if axis:
        part = Q(pk__in=[])
        for key in keys:
            part |= AXES[axis].of(key)
        rows = rows.filter(part)
    return rows


def overdue_cases(user: User, place: str, organisation_id: int | None = None) -> QuerySet[Case]:
    """The list behind what is overdue, in the sight of this reader."""
    return cases_for_list(user).filter(among("pk", overdue_clocks(place, organisation_id).values("case_id")))


PENDING = """
    SELECT d.place, x.axis, x.key, d.measure, d.day, d.n FROM intake_tallydelta d
    CROSS JOIN LATERAL (SELECT '' AS axis, '' AS key UNION ALL SELECT * FROM unnest(d.axes, d.keys)) x
    WHERE left(d.place, %(length)s) = %(place)s AND (d.day BETWEEN %(start)s AND %(end)s OR d.day = %(stock)s)"""


def at_level(of: Slice, level: int) -> str:
    """The roll-ups of a level within the place, found through their key: of each place in turn."""
    if level == len(of.place):
        return "place = %(place)s"
    return (
        "place = ANY(ARRAY(SELECT code FROM grids_territory"
        " WHERE level = %(level)s AND code LIKE %(place)s || '%%')::text[])"
    )


def kept(where: str, of: Slice) -> str:
    """Roll-ups of the period: whole months by month, the days at either end by day."""
    columns = f"SELECT place, axis, key, measure, day, n FROM intake_tally WHERE {where}"
    days = days_of(of)
    ends = [(first, last) for first, last in (("start", "before"), ("after", "end")) if days[first] <= days[last]]
    return " UNION ALL ".join(
        [
            f"{columns} AND grain = 'm' AND (day = %(stock)s OR day BETWEEN %(first_month)s AND %(last_month)s)",
            *(f"{columns} AND grain = 'd' AND day BETWEEN %({first})s AND %({last})s" for first, last in ends),
        ]
    )


def days_of(of: Slice) -> dict[str, Any]:
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


def counts_of_places(
    places: Collection[str], measure: str, axis: str, key: str, start: date, end: date
) -> dict[str, list[int]]:
    """How many of a measure (and of one part of it) each day of a period had at places of one level that has counts of
    its own, the first day first."""
    level = max(map(len, places), default=0)
    rows = fetched(
        "SELECT place, day, sum(n)::bigint FROM ("
        " SELECT place, day, n FROM intake_tally WHERE place = ANY(%(places)s) AND axis = %(axis)s AND grain = 'd'"
        " AND measure = %(measure)s AND key = %(key)s AND day BETWEEN %(start)s AND %(end)s"
        " UNION ALL SELECT left(d.place, %(level)s), d.day, d.n FROM intake_tallydelta d"
        " CROSS JOIN LATERAL (SELECT '' AS axis, '' AS key UNION ALL SELECT * FROM unnest(d.axes, d.keys)) x"
        " WHERE left(d.place, %(level)s) = ANY(%(places)s) AND d.day BETWEEN %(start)s AND %(end)s"
        " AND x.axis = %(axis)s AND x.key = %(key)s AND d.measure = %(measure)s) counted GROUP BY 1, 2",
        {"places": sorted(places), "level": level, "axis": axis, "measure": measure, "key": key}
        | {"start": start, "end": end},
    )
    found = {place: [0] * ((end - start).days + 1) for place in places}
    for place, day, number in rows:
        found[place][(day - start).days] = max(0, number)
    return found
