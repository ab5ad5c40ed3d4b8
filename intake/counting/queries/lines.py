"""Counts of several places or of several months at once, split where it is asked for: one statement for a whole table.

They add the roll-ups and what changed since, as the counts of one place do; where there are no roll-ups of a split
(villages, grids), they are counted from the rows.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from grids.models import Level
from intake.counting.queries.measures_sql import parts_sql
from intake.counting.queries.slices import KEPT_LEVELS, SPLIT_LEVELS, Counts, Slice, fetched
from intake.counting.queries.tallies import PENDING, at_level, days_of, kept

Wanted = Collection[tuple[str, str]]
"""Measures, each with the axis whose parts are wanted, or with none for all of it."""
_NEAR = "axis = ANY(%(axes)s) AND measure = ANY(%(measures)s)"
_WANTED = "(measure, axis) IN (SELECT * FROM unnest(%(measures)s::text[], %(axes)s::text[]))"


def parts_of_places(of: Slice, level: int, wanted: Wanted) -> dict[str, Counts]:
    """What is wanted of each place of a level within the place, by its code; stocks are as of now."""
    rows = fetched(
        "SELECT left(place, %(level)s), measure, axis, key, sum(n)::bigint"
        f" FROM ({_counted(of, level, wanted)}) counted WHERE length(place) >= %(level)s"
        f" AND {_WANTED} AND key IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0",
        _values(of, level, wanted),
    )
    return _by_line(rows)


def parts_of_places_below(of: Slice, wanted: Wanted) -> dict[str, Counts]:
    """What is wanted of each place on the next level below; what lies at the place itself and nowhere below stands
    under the place's own code: the counts add up."""
    below = next(level for level in (*KEPT_LEVELS, Level.GRID) if level > len(of.place))
    found = parts_of_places(of, below, wanted)
    if below == Level.COUNTY:
        return found
    whole = Counter(parts_of_places(of, len(of.place), wanted).get(of.place, {}))
    for counted in found.values():
        whole.subtract(counted)
    if rest := {part: n for part, n in whole.items() if n}:
        found[of.place] = rest
    return found


def parts_of_months(of: Slice, wanted: Wanted) -> dict[date, Counts]:
    """What is wanted of each month, by its first day; the first and last month only as far as the period goes. Stocks
    belong to no month."""
    level = min((level for level in KEPT_LEVELS if level >= len(of.place)), default=Level.GRID)
    rows = fetched(
        "SELECT date_trunc('month', day)::date, measure, axis, key, sum(n)::bigint"
        f" FROM ({_counted(of, level, wanted)}) counted"
        f" WHERE day <> %(stock)s AND {_WANTED} AND key IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0",
        _values(of, level, wanted),
    )
    return _by_line(rows)


def _counted(of: Slice, level: int, wanted: Wanted) -> str:
    """The roll-ups of a level with what changed since, where they hold all that is wanted; else the rows counted."""
    if level not in (SPLIT_LEVELS if any(axis for _, axis in wanted) else KEPT_LEVELS):
        return parts_sql(of)
    return f"{kept(f'{at_level(of, level)} AND {_NEAR}', of)} UNION ALL {PENDING}"


def _values(of: Slice, level: int, wanted: Wanted) -> dict[str, Any]:
    measures, axes = zip(*wanted, strict=True)
    asked = {"place": of.place, "length": len(of.place), "level": level}
    return asked | {"measures": list(measures), "axes": list(axes)} | days_of(of)


def _by_line(rows: Iterable[tuple[Any, ...]]) -> dict[Any, Counts]:
    found: dict[Any, Counts] = {}
    for line, measure, axis, key, n in rows:
        found.setdefault(line, {})[measure, axis, key] = n
    return found
