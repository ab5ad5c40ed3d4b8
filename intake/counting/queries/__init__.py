"""Reads: figures: measures, roll-ups kept by the database, and the recount they are compared with."""

from intake.counting.queries.measures import (
    AXES,
    MEASURES,
    Axis,
    Measure,
)
from intake.counting.queries.recounts import (
    recount,
)
from intake.counting.queries.slices import (
    Counts,
    Slice,
)
from intake.counting.queries.sources import (
    AT_CASE,
    PLACE_OF_CASE,
    SOURCES,
    Source,
    count_also,
    model_of,
)
from intake.counting.queries.tallies import (
    apart,
    cases_counted,
    counts,
    counts_at,
    counts_below,
    counts_by_month,
    one_moment,
    overdue_cases,
)

__all__ = [
    "AT_CASE",
    "AXES",
    "Axis",
    "Counts",
    "MEASURES",
    "Measure",
    "PLACE_OF_CASE",
    "SOURCES",
    "Slice",
    "Source",
    "apart",
    "cases_counted",
    "count_also",
    "counts",
    "counts_at",
    "counts_below",
    "counts_by_month",
    "model_of",
    "one_moment",
    "overdue_cases",
    "recount",
]
