"""Which cases may be between the same two sides: they share a number with one of the people, or lie in the village with
a like name. Asked for many matters at once, by three statements however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Left

from early_warning.detection.identity import Identity, Sides, names_alike
from grids.models import Level, Territory
from intake.counting.queries.slices import fetched
from intake.models import Party, PartyRole, PartySide
from intake.search.queries import is_restricted
from zhongzhi.core.pinyin import name_initials

MOST = 2000
"""Parties that are compared of one matter; past that the latest are."""
NAMED = """
WITH near AS MATERIALIZED (
    SELECT c.id, c.registered_at, place.village
    FROM unnest(%(places)s::bigint[], %(of)s::text[]) AS place (id, village)
    JOIN intake_case c ON c.territory_id = place.id AND c.registered_at BETWEEN %(start)s AND %(end)s)
SELECT wanted.village, wanted.initials, p.case_id, near.registered_at
FROM unnest(%(villages)s::text[], %(initials)s::text[]) AS wanted (village, initials)
JOIN intake_party p ON p.initials = wanted.initials AND p.initials <> ''
JOIN near ON near.id = p.case_id AND near.village = wanted.village
ORDER BY p.case_id DESC
"""
"""Read from two indexes alone: what came in at the villages, and who has these initials."""
Wanted = Mapping[int, tuple[Sides, datetime, datetime]]
"""Of each matter its two sides, and the window in which others are looked for."""
Row = tuple[int, str, datetime]


def cases_around(wanted: Wanted) -> dict[int, set[int]]:
    """The candidates of each matter."""
    if not wanted:
        return {}
    start, end = min(start for _, start, _ in wanted.values()), max(end for _, _, end in wanted.values())
    numbered, named = _by_number(wanted, start, end), _by_name(wanted, start, end)
    return {key: _of(sides, first, last, numbered, named) for key, (sides, first, last) in wanted.items()}


def _of(
    sides: Sides, first: datetime, last: datetime,
    numbered: Mapping[bytes, list[tuple[int, datetime]]], named: Mapping[tuple[str, str], list[Row]],
) -> set[int]:  # fmt: skip
    people = [*sides[0], *sides[1]]
    codes = {code for one in people for code in (*one.papers, *one.phones)}
    by_number = (case for code in codes for case, at in numbered.get(code, ()) if first <= at <= last)
    rows = [row for key in _keys(people) for row in named.get(key, ()) if first <= row[2] <= last][:MOST]
    by_name = (case for case, name, _ in rows if any(names_alike(name, one.name) for one in people))
    return {*by_number, *by_name}


def _keys(people: Iterable[Identity]) -> set[tuple[str, str]]:
    return {(one.village, name_initials(one.name)) for one in people if one.village and one.name}


def _by_number(wanted: Wanted, start: datetime, end: datetime) -> dict[bytes, list[tuple[int, datetime]]]:
    people = [one for sides, _, _ in wanted.values() for side in sides for one in side]
    papers = {code for one in people for code in one.papers}
    phones = {code for one in people for code in one.phones}
    rows = Party.objects.filter(Q(paper_hash__in=papers) | Q(phone_hash__in=phones))
    rows = rows.filter(case__registered_at__gte=start, case__registered_at__lte=end).order_by("-case_id")
    found: dict[bytes, list[tuple[int, datetime]]] = defaultdict(list)
    kept = rows.values_list("case_id", "case__registered_at", "paper_hash", "phone_hash")[: MOST * len(wanted)]
    for case, at, paper, phone in kept:
        if at is None:
            continue
        for code in filter(None, (paper, phone)):
            found[bytes(code)].append((case, at))
    return found


def _by_name(wanted: Wanted, start: datetime, end: datetime) -> dict[tuple[str, str], list[Row]]:
    keys = sorted({key for sides, _, _ in wanted.values() for key in _keys([*sides[0], *sides[1]]) if key[1]})
    if not keys:
        return {}
    places = places_in({village for village, _ in keys})
    rows = fetched(NAMED, {
        "villages": [village for village, _ in keys], "initials": [initials for _, initials in keys],
        "places": [place for place, _ in places], "of": [village for _, village in places],
        "start": start, "end": end,
    })  # fmt: skip
    names = _names({case for _, _, case, _ in rows}, {initials for _, initials in keys})
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for village, initials, case, at in dict.fromkeys(rows):
        found[village, initials] += [(case, name, at) for name in names.get((case, initials), ())]
    return found


def _names(cases: set[int], initials: set[str]) -> dict[tuple[int, str], list[str]]:
    """The names of the parties of cases that have some initials, without the members of groups."""
    rows = Party.objects.filter(case__in=cases, initials__in=initials)
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for case, own, name in rows.values_list("case_id", "initials", "name"):
        found[case, own].append(name)
    return found


def places_in(villages: Iterable[str]) -> list[tuple[int, str]]:
    """The keys of the places of villages, each with its village; what was merged into one is of both."""
    codes = set(villages)
    rows = Territory.objects.annotate(now=Left("current_code", Level.VILLAGE), was=Left("code", Level.VILLAGE))
    known = rows.filter(Q(now__in=codes) | Q(was__in=codes)).values_list("pk", "now", "was")
    return [(pk, code) for pk, now, was in known for code in {now, was} & codes]


def sides_of_cases(keys: Iterable[int]) -> dict[int, Sides]:
    """The principals of cases by side; nobody whose data are blocked, and nobody whom a complaint is about."""
    rows = Party.objects.filter(case__in=list(keys), role=PartyRole.PRINCIPAL, name_withheld=False)
    rows = rows.filter(side__in=(PartySide.APPLICANT, PartySide.RESPONDENT)).filter(~is_restricted())
    found: dict[int, Sides] = {}
    for party in rows.annotate(place=F("case__territory__current_code")).order_by("case_id", "pk"):
        sides = found.setdefault(party.case_id, ([], []))
        sides[party.side == PartySide.RESPONDENT].append(_identity(party, party.place or ""))
    return found


def _identity(party: Party, place: str) -> Identity:
    hashes = party.hashes_alike
    return Identity(
        party.name,
        frozenset(paper for paper, _ in hashes if paper),
        frozenset(phone for _, phone in hashes if phone),
        place[: Level.VILLAGE],
    )
