"""One respondent, many applicants: wages, property firms, land, money lent to one and the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from early_warning.detection.found import Asked, Found, FoundOf, Sign, since
from early_warning.detection.sides import NOT_COUNTED
from early_warning.models import WarningRule
from grids.models import Hazard, Level, Territory
from intake.models import Case, Party, PartyKind, PartyRole, PartySide
from intake.search.queries import is_restricted
from zhongzhi.core.ciphers import keyed_hash
from zhongzhi.core.text import name_key

PURPOSE = "early_warning.respondent"
MOST = 500
"""Cases of one respondent that are counted; past that the latest are."""


@dataclass(frozen=True)
class Against:
    """One respondent of a case that is asked about: what rows of the same one carry, and where and when they count."""

    name: str
    papers: frozenset[bytes]
    phones: frozenset[bytes]
    by_name: bool
    county: str
    start: datetime
    end: datetime

    def is_in(self, row: "Row") -> bool:
        """Whether a row is the same respondent, within the county and the window."""
        same = row.paper in self.papers or (row.name == self.name and (self.by_name or row.phone in self.phones))
        return same and row.place.startswith(self.county) and self.start <= row.at <= self.end


@dataclass(frozen=True)
class Row:
    """One respondent of some case."""

    case: int
    at: datetime
    category: str
    place: str
    name: str
    paper: bytes
    phone: bytes


def many_against_one(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """Of each case its respondent against whom most applicants came within the window."""
    cases = {one.matter.pk: one for one in asked if _is_asked(rule, one.matter)}
    respondents = _respondents(rule, cases)
    rows = _rows(rule, [one for ones in respondents.values() for one in ones])
    counted = {(key, one): _of(one, rows) for key, ones in respondents.items() for one in ones}
    people = _applicants({row.case for found in counted.values() for row in found})
    best: dict[int, tuple[int, Against, list[Row]]] = {}
    for (key, one), found in counted.items():
        applicants = len({who for row in found for who in people.get(row.case, ())})
        if len(found) >= max(2, best[key][0] + 1 if key in best else 0) and applicants >= rule.threshold:
            best[key] = (len(found), one, found)
    known = Case.objects.select_related("territory").in_bulk(
        {row.case for _, _, found in best.values() for row in found}
    )
    return {key: _found(rule, cases[key].matter.territory, one, [known[row.case] for row in found], people)  # type: ignore[arg-type]
            for key, (_, one, found) in best.items()}  # fmt: skip


def _is_asked(rule: WarningRule, matter: Case | Hazard) -> bool:
    return isinstance(matter, Case) and matter.territory is not None and rule.concerns(matter.category_id)


def _county(matter: Case | Hazard) -> str:
    return matter.territory.current_code[: Level.COUNTY] if matter.territory else ""


def _respondents(rule: WarningRule, cases: dict[int, Asked]) -> dict[int, list[Against]]:
    rows = Party.objects.filter(case__in=list(cases), side=PartySide.RESPONDENT, role=PartyRole.PRINCIPAL)
    found: dict[int, list[Against]] = defaultdict(list)
    for party in rows.filter(~is_restricted(), name_withheld=False).order_by("pk"):
        one, hashes = cases[party.case_id], party.hashes_alike
        papers = frozenset(paper for paper, _ in hashes if paper)
        county = _county(one.matter)
        by_name = party.kind == PartyKind.ORGANISATION or not papers
        phones = frozenset(phone for _, phone in hashes if phone)
        found[party.case_id].append(Against(party.name, papers, phones, by_name, county, since(rule, one.at), one.at))
    return found


def _rows(rule: WarningRule, respondents: Sequence[Against]) -> dict[object, list[Row]]:
    """Every respondent who may be one of these, by what he is known by, the latest first."""
    if not respondents:
        return {}
    papers = {paper for one in respondents for paper in one.papers}
    same = Q(paper_hash__in=papers) | Q(name__in={one.name for one in respondents})
    window = Q(case__registered_at__gte=min(one.start for one in respondents))
    window &= Q(case__registered_at__lte=max(one.end for one in respondents))
    rows = Party.objects.filter(same, window, side=PartySide.RESPONDENT, role=PartyRole.PRINCIPAL)
    rows = rows.exclude(case__status__in=NOT_COUNTED).exclude(case__territory=None).order_by("-case_id")
    values = rows.values_list(
        "case_id", "case__registered_at", "case__category_id", F("case__territory__current_code"), "name",
        "paper_hash", "phone_hash",
    )  # fmt: skip
    found: dict[object, list[Row]] = defaultdict(list)
    for case, at, category, place, name, paper, phone in values[: MOST * len(respondents)]:
        row = Row(case, at, category or "", place, name, bytes(paper or b""), bytes(phone or b""))
        if rule.concerns(category):
            for key in {row.name, row.paper} - {b""}:
                found[key].append(row)
    return found


def _of(one: Against, rows: dict[object, list[Row]]) -> list[Row]:
    """The cases of one respondent, each once, the latest first."""
    near = {row.case: row for key in (one.name, *one.papers) for row in rows.get(key, ()) if one.is_in(row)}
    return sorted(near.values(), key=lambda row: -row.case)[:MOST]


def _applicants(cases: Iterable[int]) -> dict[int, set[object]]:
    """Who they are: by paper, else by name; who withheld it counts by the case."""
    rows = Party.objects.filter(case__in=list(cases), side=PartySide.APPLICANT, role=PartyRole.PRINCIPAL)
    found: dict[int, set[object]] = defaultdict(set)
    for pk, case, paper, name in rows.values_list("pk", "case_id", "paper_hash", "name"):
        found[case].add(bytes(paper or b"") or name or pk)
    return found


def _found(
    rule: WarningRule, place: Territory, one: Against, cases: list[Case], people: dict[int, set[object]]
) -> Found:
    key = keyed_hash(f"{one.county}:{name_key(one.name)}", purpose=PURPOSE).hex()[:40]
    signs = tuple(Sign(case, case.registered_at or case.created_at) for case in cases)
    applicants = len({who for case in cases for who in people.get(case.pk, ())})
    return Found(f"{rule.slug}:{key}", place, rule.level, signs, {"applicants": applicants})
