"""The board of one place and period: every figure, how it is split, and the places below, as of one moment."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate

from django.utils import timezone

from grids.models import Level, OrganisationKind, Territory
from grids.queries import names_of_places, organisations_by_id, organisations_of_kind
from intake import queries
from intake.counting import queries as counting_queries
from intake.counting.queries import AXES, Counts, Slice
from intake.deadlines import queries as deadlines_queries
from workbench.statistics.definitions import FIGURES, SMALL, Part
from workbench.statistics.headline import headline
from workbench.statistics.periods import Period, years_back
from workbench.statistics.values import Value, link_to, rate, value_of

SHOWN_ORGANISATIONS = 12
COMPARED = (
    *("accepted", "concluded", "resolved", "in_time", "satisfied", "rated", "open"),
    *("cohort_resolved", "cohort_due", "concerned"),
)
"""What places below are compared by."""
COHORT = (
    ("cohort_resolved", "化解"),
    ("cohort_failed", "未化解"),
    ("cohort_late", "超期在办"),
    ("cohort_open", "在办未超期"),
    ("cohort_left", "撤回、导引"),
)
"""What became of what was accepted in the period: parts that add up to it."""
FUNNEL = (
    ("registered", "登记"),
    ("accepted", "受理"),
    ("concluded", "办理完成"),
    ("resolved", "化解"),
    ("closed", "办结"),
)


@dataclass(frozen=True)
class Share:
    """One part of a whole: how many, how many per cent, and the list."""

    key: str
    label: str
    count: int
    percent: float | None
    link: str


@dataclass(frozen=True)
class PlaceRow:
    """One place below, compared by outcomes."""

    code: str
    name: str
    accepted: int
    concluded: int
    resolved: int
    open: int
    concerned: int
    part: int
    whole: int
    resolution: float | None
    in_time: float | None
    satisfaction: float | None
    rated: int
    is_small: bool
    rank: int | None
    slice: Slice
    is_tied: bool = False
    is_alone: bool = False

    @property
    def rank_words(self) -> str:
        """The rank as it reads: shared ones and those of few cases say so."""
        if self.rank is None:
            return "件数少"
        return f"并列 {self.rank}" if self.is_tied else str(self.rank)

    @cached_property
    def links(self) -> dict[str, str]:
        """The lists behind the numbers."""
        leads = headline()
        ways = {"part": leads.part, "whole": leads.whole}
        return {
            name: link_to(Part(ways.get(name, name)), self.slice, alone=self.is_alone) for name in (*COMPARED, *ways)
        }


@dataclass(frozen=True)
class OrganisationRow:
    """What one organisation concluded in the period, holds now, and is late with now."""

    pk: int
    name: str
    concluded: int
    resolved: int
    resolution: float | None
    in_time: float | None
    open: int
    overdue: int
    is_small: bool
    links: dict[str, str]


@dataclass(frozen=True)
class Month:
    """One month of the trend."""

    first: date
    accepted: int
    concluded: int
    resolved: int
    closed: int
    links: dict[str, str]


@dataclass(frozen=True)
class Board:
    """Everything that the pages, the big screen, reports and the API show of a place."""

    place: Territory
    period: Period
    at: datetime
    values: dict[str, Value]
    overdue: int
    cohort: list[Share]
    funnel: list[Share]
    states: list[Share]
    tiers: list[Share]
    categories: list[Share]
    channels: list[Share]
    outcomes: list[Share]
    risks: list[Share]
    complexities: list[Share]
    months: list[Month]
    places: list[PlaceRow]
    villages: list[tuple[str, str, str, int]]
    organisations: list[OrganisationRow]

    @property
    def cohort_bar(self) -> list[tuple[Share, float]]:
        """The parts of the cohort, each with where it begins on a bar of a hundred."""
        starts = accumulate((share.percent or 0 for share in self.cohort), initial=0.0)
        return list(zip(self.cohort, starts, strict=False))

    @property
    def first_organisations(self) -> list[OrganisationRow]:
        """Those that are shown at once."""
        return self.organisations[:SHOWN_ORGANISATIONS]

    @property
    def other_organisations(self) -> list[OrganisationRow]:
        """The others."""
        return self.organisations[SHOWN_ORGANISATIONS:]


def board_of(place: Territory, period: Period) -> Board:
    """Read the board. A fixed number of queries; all numbers belong to one moment."""
    of = Slice(place.code, period.start, period.end)
    earlier = Slice(place.code, period.before_start, period.before_end)
    with counting_queries.one_moment():
        at = timezone.now()
        counts, before = counting_queries.counts_together(of, earlier)
        below = counting_queries.counts_below(of, COMPARED) if len(place.code) < Level.GRID else {}
        heat = (
            counting_queries.counts_at(of, Level.VILLAGE, ("accepted",)) if len(place.code) < Level.VILLAGE else below
        )
        months = counting_queries.counts_by_month(Slice(place.code, _trend_start(period), period.end))
        overdue, late = deadlines_queries.overdue_cases_of(place.code)
        named = {"rooms": tuple(str(pk) for pk in organisations_of_kind(OrganisationKind.BRANDED_ROOM))}
        names = names_of_places({*below, *heat, *(code[: Level.TOWN] for code in heat)})
        known = organisations_by_id(
            {int(k) for (_, axis, k) in counts if axis in ("organisation", "holder")} | set(late)
        )
    return Board(
        place=place,
        period=period,
        at=at,
        values={name: value_of(figure, of, counts, before, named) for name, figure in FIGURES.items()},
        overdue=overdue,
        cohort=[_share(Part(m), label, counts, counts.get(("accepted", "", ""), 0), of) for m, label in COHORT],
        funnel=[_share(Part(m), label, counts, counts.get(("registered", "", ""), 0), of) for m, label in FUNNEL],
        states=shares(counts, "open", "status", of),
        tiers=shares(counts, "resolved", "tier", of),
        categories=_by_size(shares(counts, "accepted", "category", of, queries.category_names())),
        channels=_by_size(shares(counts, "accepted", "channel", of)),
        outcomes=_by_size(shares(counts, "resolved", "outcome", of)),
        risks=shares(counts, "accepted", "risk", of),
        complexities=shares(counts, "accepted", "complexity", of),
        months=[_month(first, months[first], place.code) for first in sorted(months)],
        places=place_rows(below, names, of),
        villages=_areas(heat, names),
        organisations=organisation_rows(counts, known, late, of),
    )


def _areas(heat: dict[str, dict[str, int]], names: dict[str, str]) -> list[tuple[str, str, str, int]]:
    """Villages with a case: code, name, the name of their town, how many were accepted."""
    return [
        (code, names.get(code, code), names.get(code[: Level.TOWN], code[: Level.TOWN]), counted.get("accepted", 0))
        for code, counted in sorted(heat.items())
    ]


def shares(counts: Counts, measure: str, axis: str, of: Slice, labels: dict[str, str] | None = None) -> list[Share]:
    """A measure split by an axis, in the order of the axis' own table of labels."""
    known = labels or AXES[axis].labels or {}
    keys = [key for (m, a, key) in counts if (m, a) == (measure, axis)]
    whole = sum(counts[measure, axis, key] for key in keys)
    ordered = [key for key in known if key in keys] + sorted(set(keys) - set(known))
    return [_share(Part(measure, axis, (key,)), known.get(key, key), counts, whole, of) for key in ordered]


def place_rows(below: dict[str, dict[str, int]], names: dict[str, str], of: Slice) -> list[PlaceRow]:
    """The places below by their rate of resolution; those with few cases unranked, behind."""
    rows = [_place_row(code, c, names.get(code, code), of) for code, c in below.items()]
    rows.sort(key=lambda r: (r.is_small, -_merit(r), -r.accepted, r.code))
    return [_ranked(row, rows) for row in rows]


def organisation_rows(counts: Counts, known: dict[int, str], late: dict[int, int], of: Slice) -> list[OrganisationRow]:
    """Organisations that concluded, hold or are late with a case; who is late with most stands first."""
    rows = [_organisation_row(pk, name, counts, late.get(pk, 0), of) for pk, name in known.items()]
    return sorted(rows, key=lambda row: (-row.overdue, -row.concluded, -row.open, row.name))


def _share(part: Part, label: str, counts: Counts, whole: int, of: Slice) -> Share:
    number = part.count(counts)
    return Share(part.keys[0] if part.keys else part.measure, label, number, rate(number, whole), link_to(part, of))


def _by_size(found: list[Share]) -> list[Share]:
    return sorted(found, key=lambda share: -share.count)


def _trend_start(period: Period) -> date:
    """At least twelve months, so that a trend can be seen."""
    return min(period.start, years_back(period.end, 1).replace(day=1))


def _month(first: date, counted: dict[str, int], place: str) -> Month:
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    of = Slice(place, first, date.fromordinal(last.toordinal() - 1))
    numbers = {name: counted.get(name, 0) for name in ("accepted", "concluded", "resolved", "closed")}
    return Month(first, **numbers, links={name: link_to(Part(name), of) for name in numbers})


def _place_row(code: str, counted: dict[str, int], name: str, of: Slice) -> PlaceRow:
    n = {measure: counted.get(measure, 0) for measure in COMPARED}
    leads = headline()
    return PlaceRow(
        code=code,
        name=f"{name}（本级）" if code == of.place else name,
        accepted=n["accepted"],
        concluded=n["concluded"],
        resolved=n["resolved"],
        open=n["open"],
        concerned=n["concerned"],
        part=n[leads.part],
        whole=n[leads.whole],
        resolution=rate(n[leads.part], n[leads.whole]),
        in_time=rate(n["in_time"], n["concluded"]),
        satisfaction=rate(n["satisfied"], n["rated"]),
        rated=n["rated"],
        is_small=n[leads.whole] < SMALL,
        rank=None,
        slice=Slice(code, of.start, of.end),
        is_alone=code == of.place,
    )


def _merit(row: PlaceRow) -> float:
    """What a place is ranked by."""
    return row.resolution or 0


def _ranked(row: PlaceRow, rows: list[PlaceRow]) -> PlaceRow:
    """Equal rates share a rank, which is marked so."""
    if row.is_small:
        return row
    better = sum(1 for r in rows if not r.is_small and _merit(r) > _merit(row))
    equal = sum(1 for r in rows if not r.is_small and _merit(r) == _merit(row))
    return replace(row, rank=better + 1, is_tied=equal > 1)


def _organisation_row(pk: int, name: str, counts: Counts, overdue: int, of: Slice) -> OrganisationRow:
    parts = {m: Part(m, "organisation", (str(pk),)) for m in ("concluded", "resolved", "in_time")}
    parts["open"] = Part("open", "holder", (str(pk),))
    n = {measure: part.count(counts) for measure, part in parts.items()}
    return OrganisationRow(
        pk=pk,
        name=name,
        concluded=n["concluded"],
        resolved=n["resolved"],
        resolution=rate(n["resolved"], n["concluded"]),
        in_time=rate(n["in_time"], n["concluded"]),
        open=n["open"],
        overdue=overdue,
        is_small=n["concluded"] < SMALL,
        links={measure: link_to(part, of) for measure, part in parts.items()},
    )
