"""The plain recount: every figure of a place and period from the rows themselves, with no help of the roll-ups.

One pass over the rows of each source, split along all axes at once. Below the towns, where few rows are, it is how
figures are read; everywhere it is what the roll-ups are compared with.
"""

from functools import cache
from typing import Any

from intake.counting.declarations import Measure, Source
from intake.counting.queries.measures_sql import condition_sql, day_sql, key_sql, of_place
from intake.counting.queries.slices import Counts, Slice, by_measure, fetched
from intake.counting.queries.sources import all_sources


def recount(of: Slice) -> Counts:
    """The same as `counts`, counted from the cases themselves and from what else is counted."""
    return {(measure, axis, key): n for measure, axis, key, n in fetched(*recount_sql(of))}


def recount_sql(of: Slice) -> tuple[str, dict[str, Any]]:
    """The statement of it, with its values."""
    return " UNION ALL ".join(_split_sql(source, of_place(of)) for source in all_sources()), _values(of)


def recount_at(of: Slice, level: int, measures: tuple[str, ...] = ()) -> dict[str, dict[str, int]]:
    """The same as `counts_at`: totals of these measures (of all without any) of each place of a level."""
    texts = [_by_place_sql(source, of_place(of), measures) for source in all_sources()]
    return by_measure(_rows([text for text in texts if text], of, level))


def _rows(texts: list[str], of: Slice, level: int = 0) -> list[tuple[Any, ...]]:
    return fetched(" UNION ALL ".join(texts), _values(of) | {"level": level})


def _values(of: Slice) -> dict[str, Any]:
    return {"place": of.place, "length": len(of.place), "start": of.start, "end": of.end}


@cache
def _split_sql(source: Source, where: str) -> str:
    """The counts of one source as rows of measure, axis, key and number."""
    axes = list(dict.fromkeys(axis for measure in source.measures for axis in measure.axes))
    names = [f"k{at}" for at in range(len(axes))]
    sets = ", ".join(["()", *(f"({name})" for name in names)])
    which = "".join(f" WHEN grouping({name}) = 0 THEN '{axis}'" for name, axis in zip(names, axes, strict=True))
    keys = [f"{key_sql(axis)}::text AS {name}" for name, axis in zip(names, axes, strict=True)]
    columns = [f"CASE WHEN false THEN ''{which} ELSE '' END AS axis", f"coalesce({', '.join([*names, 'NULL'])}) AS key"]
    return (
        "SELECT m.measure, axis, coalesce(key, ''), m.n"
        f" FROM ({_sums_sql(source, source.measures, where, keys, columns, f'GROUPING SETS ({sets})')}) sums"
        f" CROSS JOIN LATERAL (VALUES {_unpivoted(source.measures)}) m (measure, n, axes)"
        " WHERE m.n > 0 AND (axis = '' OR axis = ANY(m.axes) AND key IS NOT NULL)"
    )


@cache
def _by_place_sql(source: Source, where: str, names: tuple[str, ...]) -> str:
    """The totals of one source as rows of place, measure and number; empty when none of its measures is asked for."""
    measures = tuple(measure for measure in source.measures if not names or measure.name in names)
    if not measures:
        return ""
    at = ["left(place.code, %(level)s) AS place"]
    return (
        f"SELECT sums.place, m.measure, m.n FROM ({_sums_sql(source, measures, where, at, ['place'], 'place')}) sums"
        f" CROSS JOIN LATERAL (VALUES {_unpivoted(measures)}) m (measure, n, axes) WHERE m.n > 0"
    )


def _sums_sql(
    source: Source, measures: tuple[Measure, ...], where: str, keys: list[str], columns: list[str], by: str
) -> str:
    """How many rows count for each measure, grouped; every row is looked at once."""
    counts = [f"{_counts_sql(source, measure)} AS c{at}" for at, measure in enumerate(measures)]
    sums = [f"count(*) FILTER (WHERE c{at}) AS n{at}" for at in range(len(measures))]
    rows = f"{source.table} {source.joined('intake_case')}"
    return (
        f"SELECT {', '.join(columns + sums)} FROM"
        f" (SELECT {', '.join(keys + counts)} FROM {rows} WHERE true{where}) looked_at GROUP BY {by}"
    )


def _unpivoted(measures: tuple[Measure, ...]) -> str:
    return ", ".join(
        f"('{measure.name}', n{at}, ARRAY[{', '.join(repr(axis) for axis in measure.axes)}]::text[])"
        for at, measure in enumerate(measures)
    )


def _counts_sql(source: Source, measure: Measure) -> str:
    within = f" AND {day_sql(source, measure)} BETWEEN %(start)s AND %(end)s" if measure.moment else ""
    return f"({condition_sql(source, measure.where)}{within})"
