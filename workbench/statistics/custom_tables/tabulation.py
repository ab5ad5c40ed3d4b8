"""A table as of now: its columns, its lines, and a value in each cell that opens its cases."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from grids.models import Level, OrganisationKind, Territory
from grids.queries import names_of_places, organisations_by_id, organisations_of_kind, places_below
from intake import queries
from intake.counting import queries as counting_queries
from intake.counting.queries import AXES, Counts, Slice
from workbench.models import Lines
from workbench.statistics.custom_tables.layout import (
    MOST_COLUMNS,
    MOST_LINES,
    MOST_MONTHS,
    SPLITS,
    TableLayout,
    check_layout,
    split,
)
from workbench.statistics.definitions import ROOMS, Figure
from workbench.statistics.periods import Period
from workbench.statistics.values import Value, value_of
from zhongzhi.core.errors import BadInput


@dataclass(frozen=True)
class Line:
    """One line: what it is called, its values, and the place whose line it is."""

    label: str
    values: list[Value]
    place: str = ""


@dataclass(frozen=True)
class CustomTableContent:
    """What is shown: the figures of the columns, the lines, and the line of all."""

    layout: TableLayout
    place: Territory
    period: Period
    at: datetime
    columns: list[Figure]
    lines: list[Line]
    total: Line

    @property
    def head(self) -> str:
        """What the lines are."""
        heads = {Lines.PLACES: "地方", Lines.MONTHS: "月份"}
        return heads.get(Lines(self.layout.lines)) or SPLITS[self.layout.axis]

    @property
    def is_split(self) -> bool:
        """Whether the columns are one figure and its parts."""
        return bool(self.layout.axis) and self.layout.lines != Lines.PARTS


@dataclass(frozen=True)
class _Reading:
    """What all lines are read with."""

    of: Slice
    counts: Counts
    named: dict[str, tuple[str, ...]]

    def line(self, label: str, figures: Iterable[Figure], counts: Counts, of: Slice, *, alone: bool = False) -> Line:
        place = of.place if of.place != self.of.place else ""
        values = [value_of(figure, of, counts, None, self.named, alone=alone) for figure in figures]
        return Line(label, values, place)


def content_of(layout: TableLayout, place: Territory, period: Period) -> CustomTableContent:
    """Read a table: a fixed number of queries, all numbers of one moment. BadInput where it would be too large."""
    check_layout(layout)
    of = Slice(place.code, period.start, period.end)
    with counting_queries.one_moment():
        at = timezone.now()
        rooms = tuple(str(pk) for pk in organisations_of_kind(OrganisationKind.BRANDED_ROOM))
        reading = _Reading(of, counting_queries.counts(of), {ROOMS: rooms})
        keys = _keys(layout, reading.counts)
        columns = _columns(layout, keys)
        lines = {Lines.PLACES: _places, Lines.MONTHS: _months}.get(Lines(layout.lines))
        found = lines(reading, columns) if lines else _parts(reading, layout, keys)
    if len(found) > MOST_LINES:
        raise BadInput(f"这张表有 {len(found)} 行，最多 {MOST_LINES} 行，请换一种行或缩小范围。", field="lines")
    total = reading.line("合计", columns, reading.counts, of)
    return CustomTableContent(layout, place, period, at, columns, found, total)


def _columns(layout: TableLayout, keys: dict[str, str]) -> list[Figure]:
    """The figures; or one figure, and it again for each part."""
    if not layout.axis or layout.lines == Lines.PARTS:
        return layout.chosen
    figure = layout.chosen[0]
    if len(keys) >= MOST_COLUMNS:
        raise BadInput(f"拆分出 {len(keys)} 列，最多 {MOST_COLUMNS} 列，请把拆分出的各项放在行里。", field="axis")
    return [figure, *(split(figure, layout.axis, key, label) for key, label in keys.items())]


def _keys(layout: TableLayout, counts: Counts) -> dict[str, str]:
    """The parts and how they read: all that the axis has, in its order; of organisations those that have a case."""
    if not layout.axis:
        return {}
    measures = {part.measure for figure in layout.chosen for part in (figure.part, figure.of) if part}
    there = {key for measure, axis, key in counts if axis == layout.axis and measure in measures}
    if layout.axis in ("organisation", "holder"):
        named = organisations_by_id({int(key) for key in there})
        return {str(pk): name for pk, name in sorted(named.items(), key=lambda pair: pair[1])}
    known = queries.category_names() if layout.axis == "category" else AXES[layout.axis].labels or {}
    return {**{key: str(label) for key, label in known.items()}, **{key: key for key in sorted(there - set(known))}}


def _wanted(figures: Iterable[Figure]) -> set[tuple[str, str]]:
    """What must be counted for these figures, and all of each measure beside."""
    parts = [part for figure in figures for part in (figure.part, figure.of) if part]
    return {(part.measure, axis) for part in parts for axis in ("", part.axis)}


def _parts(reading: _Reading, layout: TableLayout, keys: dict[str, str]) -> list[Line]:
    def figures(key: str, label: str) -> list[Figure]:
        return [split(figure, layout.axis, key, label) for figure in layout.chosen]

    return [reading.line(label, figures(key, label), reading.counts, reading.of) for key, label in keys.items()]


def _places(reading: _Reading, columns: list[Figure]) -> list[Line]:
    """All places below, also those without a case, and what lies at the place itself."""
    own = reading.of.place
    if len(own) >= Level.GRID:
        raise BadInput("网格没有下一级，请换一种行。", field="lines")
    counted = counting_queries.parts_of_places_below(reading.of, _wanted(columns))
    names = {**names_of_places(counted), **places_below(own)}
    codes = [*sorted(names.keys() - {own}), *([own] if own in counted else [])]
    return [
        reading.line(
            f"{names[code]}（本级）" if code == own else names[code],
            columns,
            counted.get(code, {}),
            replace(reading.of, place=code),
            alone=code == own,
        )
        for code in codes
    ]


def _months(reading: _Reading, columns: list[Figure]) -> list[Line]:
    months = list(_months_between(reading.of.start, reading.of.end))
    if len(months) > MOST_MONTHS:
        raise BadInput(f"按月列最多 {MOST_MONTHS} 个月，请缩短期间。", field="period")
    counted = counting_queries.parts_of_months(reading.of, _wanted(columns))
    return [
        reading.line(
            f"{first:%Y-%m}",
            columns,
            counted.get(first, {}),
            Slice(reading.of.place, max(first, reading.of.start), min(last, reading.of.end)),
        )
        for first, last in months
    ]


def _months_between(start: date, end: date) -> Iterable[tuple[date, date]]:
    first = start.replace(day=1)
    while first <= end:
        after = (first + timedelta(days=32)).replace(day=1)
        yield first, after - timedelta(days=1)
        first = after
