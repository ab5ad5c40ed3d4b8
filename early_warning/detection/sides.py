"""The same two sides again: cases, police calls and hazards between the same people, the graver the higher."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from early_warning.detection.found import Found, Sign, one_up, since
from early_warning.detection.identity import Identity, names_alike, same_two_sides
from early_warning.models import WarningRule, rank_of
from grids.models import Hazard, Level
from grids.queries import subtree
from intake.lifecycle import State
from intake.models import Case, Channel, Party, PartyRole, PartySide
from intake.search.queries import is_restricted
from zhongzhi.core.pinyin import name_initials

Sides = tuple[list[Identity], list[Identity]]
NOT_COUNTED = (State.DRAFT, State.MERGED, State.WITHDRAWN)
MOST = 2000
"""Matters of a village that are compared; past that the latest are."""


def same_sides(matter: Case | Hazard, rule: WarningRule, at: datetime) -> Found | None:
    """The matters of a window between the two sides of this one, with this one the last."""
    own = sides_of_hazard(matter) if isinstance(matter, Hazard) else sides_of_cases([matter.pk]).get(matter.pk)
    if own is None or not all(own) or (isinstance(matter, Case) and not rule.concerns(matter.category_id)):
        return None
    signs = sorted([*_cases(matter, own, rule, at), *_hazards(matter, own, rule, at)], key=lambda sign: sign.at)
    if len(signs) < rule.threshold:
        return None
    rising = rank_of(_grade(signs[-1].matter)) > rank_of(_grade(signs[0].matter))
    return Found(
        subject=_key(signs[0].matter),
        territory=signs[-1].matter.territory,  # type: ignore[arg-type]
        level=one_up(rule.level) if rising else rule.level,
        signs=tuple(signs),
        figures={"rising": rising},
        by_evidence=True,
    )


def _cases(matter: Case | Hazard, own: Sides, rule: WarningRule, at: datetime) -> Iterable[Sign]:
    keys = [pk for pk, sides in _candidates(matter, own, rule, at).items() if same_two_sides(own, sides)]
    if isinstance(matter, Case):
        keys = [*{*keys, matter.pk}]
    rows = Case.objects.filter(pk__in=keys).exclude(status__in=NOT_COUNTED).select_related("territory")
    for case in rows:
        if case.registered_at is not None and rule.concerns(case.category_id):
            yield Sign(case, case.registered_at, "警情" if case.channel == Channel.POLICE_CALL else "案件")


def _candidates(matter: Case | Hazard, own: Sides, rule: WarningRule, at: datetime) -> dict[int, Sides]:
    """Cases of the window that share a number with one of the people, or lie in the village with a like name."""
    people = [*own[0], *own[1]]
    papers = [code for one in people for code in one.papers]
    phones = [code for one in people for code in one.phones]
    window = Q(case__registered_at__gte=since(rule, at), case__registered_at__lte=at)
    numbers = Party.objects.filter(window, Q(paper_hash__in=papers) | Q(phone_hash__in=phones))
    found = set(numbers.order_by().values_list("case_id", flat=True)[:MOST])
    if village := people[0].village:
        initials = {name_initials(one.name) for one in people if one.name}
        places = list(subtree(village).values_list("pk", flat=True))
        named = Party.objects.filter(window, initials__in=initials, case__territory__in=places)
        rows = named.order_by("-case_id").values_list("case_id", "name")[:MOST]
        found |= {case for case, name in rows if any(names_alike(name, one.name) for one in people)}
    return sides_of_cases(found)


def _hazards(matter: Case | Hazard, own: Sides, rule: WarningRule, at: datetime) -> Iterable[Sign]:
    if rule.prefixes or not own[0][0].village:
        return
    places = list(subtree(own[0][0].village).values_list("pk", flat=True))
    rows = Hazard.objects.filter(
        territory__in=places, reported_at__gte=since(rule, at), reported_at__lte=at, case_code=""
    ).exclude(other_side="")
    for hazard in rows.select_related("territory").order_by("-pk")[:MOST]:
        sides = sides_of_hazard(hazard)
        if hazard == matter or (all(sides) and same_two_sides(own, sides)):
            yield Sign(hazard, hazard.reported_at, "排查")


def sides_of_hazard(hazard: Hazard) -> Sides:
    """Who told it and the other side, by name."""
    village = hazard.territory.current_code[: Level.VILLAGE]
    sides = (hazard.reporter_name, hazard.other_side)
    told, other = ([Identity(name, village=village)] if name else [] for name in sides)
    return told, other


def sides_of_cases(keys: Iterable[int]) -> dict[int, Sides]:
    """The principals of cases by side; nobody whose data are blocked, and nobody whom a complaint is about."""
    rows = Party.objects.filter(case__in=list(keys), role=PartyRole.PRINCIPAL, name_withheld=False)
    rows = rows.filter(side__in=(PartySide.APPLICANT, PartySide.RESPONDENT)).filter(~is_restricted())
    found: dict[int, Sides] = {}
    for party in rows.select_related("case__territory").order_by("case_id", "pk"):
        sides = found.setdefault(party.case_id, ([], []))
        sides[party.side == PartySide.RESPONDENT].append(_identity(party))
    return found


def _identity(party: Party) -> Identity:
    hashes = party.hashes_alike
    place = party.case.territory
    return Identity(
        party.name,
        frozenset(paper for paper, _ in hashes if paper),
        frozenset(phone for _, phone in hashes if phone),
        place.current_code[: Level.VILLAGE] if place else "",
    )


def _grade(matter: Case | Hazard) -> str:
    return matter.level if isinstance(matter, Hazard) else matter.risk


def _key(matter: Case | Hazard) -> str:
    return f"{'hazard' if isinstance(matter, Hazard) else 'case'}:{matter.pk}"
