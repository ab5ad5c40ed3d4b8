"""Reads: figures: measures, roll-ups kept by the database, and the recount they are compared with."""

from intake.counting.declarations import AT_CASE, PLACE_OF_CASE, Measure, Source
from intake.counting.queries.lines import parts_of_months, parts_of_places_below
from intake.counting.queries.measures import (
    AXES,
    Axis,
)
from intake.counting.queries.recounts import (
    recount,
)
from intake.counting.queries.slices import (
    Counts,
    Slice,
)
from intake.counting.queries.sources import all_measures, all_sources, model_of
from intake.counting.queries.tallies import (
    apart,
    cases_counted,
    counts,
    counts_at,
    counts_below,
    counts_by_month,
    counts_of_places,
    counts_together,
    one_moment,
    overdue_cases,
)

__all__ = [
    "AT_CASE",
    "AXES",
    "PLACE_OF_CASE",
    "Axis",
    "Counts",
    "Measure",
    "Slice",
    "Source",
    "all_measures",
    "all_sources",
    "apart",
    "cases_counted",
    "counts",
    "counts_at",
    "counts_below",
    "counts_by_month",
    "counts_of_places",
    "counts_together",
    "model_of",
    "one_moment",
    "overdue_cases",
    "parts_of_months",
    "parts_of_places_below",
    "recount",
]
