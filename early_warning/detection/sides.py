"""The same two sides again: cases, police calls and hazards between the same people, the graver the higher."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from early_warning.detection.found import Asked, Found, FoundOf, Sign, one_up, since
from early_warning.detection.identity import Identity, Sides, same_two_sides
from early_warning.detection.neighbours import cases_around, places_in, sides_of_cases
from early_warning.models import WarningRule, rank_of
from grids.models import Hazard, Level
from intake.lifecycle import State
from intake.models import Case, Channel

NOT_COUNTED = (State.DRAFT, State.MERGED, State.WITHDRAWN)
MOST = 2000
"""Hazards of a village that are compared; past that the latest are."""


def same_sides(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """Of each matter those of the window between its two sides, with itself the last."""
    sides = sides_of_cases([one.matter.pk for one in asked if isinstance(one.matter, Case)])
    own = {one.matter.pk: _own(one.matter, sides) for one in asked}
    asked = [one for one in asked if all(own[one.matter.pk]) and _concerns(rule, one.matter)]
    signs = _case_signs(rule, asked, own)
    for key, more in _hazard_signs(rule, asked, own).items():
        signs[key] += more
    found = ((one.matter.pk, _found(rule, signs[one.matter.pk])) for one in asked)
    return {key: one for key, one in found if one}


def _own(matter: Case | Hazard, sides: dict[int, Sides]) -> Sides:
    return sides_of_hazard(matter) if isinstance(matter, Hazard) else sides.get(matter.pk, ([], []))


def _concerns(rule: WarningRule, matter: Case | Hazard) -> bool:
    return isinstance(matter, Hazard) or rule.concerns(matter.category_id)


def _found(rule: WarningRule, signs: list[Sign]) -> Found | None:
    signs = sorted(signs, key=lambda sign: sign.at)
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


def _case_signs(rule: WarningRule, asked: Sequence[Asked], own: dict[int, Sides]) -> dict[int, list[Sign]]:
    around = cases_around({one.matter.pk: (own[one.matter.pk], since(rule, one.at), one.at) for one in asked})
    sides = sides_of_cases({case for cases in around.values() for case in cases})
    same = {key: {case for case in cases if case in sides and same_two_sides(own[key], sides[case])}
            for key, cases in around.items()}  # fmt: skip
    for one in asked:
        if isinstance(one.matter, Case):
            same[one.matter.pk].add(one.matter.pk)
    rows = Case.objects.exclude(status__in=NOT_COUNTED).select_related("territory")
    known = rows.in_bulk({case for cases in same.values() for case in cases})
    return {key: [sign for case in sorted(cases & known.keys()) if (sign := _sign(rule, known[case]))]
            for key, cases in same.items()}  # fmt: skip


def _sign(rule: WarningRule, case: Case) -> Sign | None:
    if case.registered_at is None or not rule.concerns(case.category_id):
        return None
    return Sign(case, case.registered_at, "警情" if case.channel == Channel.POLICE_CALL else "案件")


def _hazard_signs(rule: WarningRule, asked: Sequence[Asked], own: dict[int, Sides]) -> dict[int, list[Sign]]:
    villages = {one.matter.pk: own[one.matter.pk][0][0].village for one in asked}
    if rule.prefixes or not any(villages.values()):
        return {}
    known = _hazards_of(
        {village for village in villages.values() if village}, min(since(rule, one.at) for one in asked)
    )
    found: dict[int, list[Sign]] = {}
    for one in asked:
        start, mine = since(rule, one.at), own[one.matter.pk]
        for hazard in known.get(villages[one.matter.pk], ()):
            if start <= hazard.reported_at <= one.at and (hazard == one.matter or _is_between(mine, hazard)):
                found.setdefault(one.matter.pk, []).append(Sign(hazard, hazard.reported_at, "排查"))
    return found


def _hazards_of(villages: set[str], start: datetime) -> dict[str, list[Hazard]]:
    villages_of: dict[int, list[str]] = defaultdict(list)
    for place, village in places_in(villages):
        villages_of[place].append(village)
    rows = Hazard.objects.filter(territory__in=list(villages_of), reported_at__gte=start, case_code="")
    rows = rows.exclude(other_side="").exclude(reporter_name="").select_related("territory").order_by("-pk")
    found: dict[str, list[Hazard]] = defaultdict(list)
    for hazard in rows[: MOST * len(villages)]:
        for village in villages_of[hazard.territory_id]:
            found[village].append(hazard)
    return found


def _is_between(own: Sides, hazard: Hazard) -> bool:
    sides = sides_of_hazard(hazard)
    return all(sides) and same_two_sides(own, sides)


def sides_of_hazard(hazard: Hazard) -> Sides:
    """Who told it and the other side, by name."""
    village = hazard.territory.current_code[: Level.VILLAGE]
    sides = (hazard.reporter_name, hazard.other_side)
    told, other = ([Identity(name, village=village)] if name else [] for name in sides)
    return told, other


def _grade(matter: Case | Hazard) -> str:
    return matter.level if isinstance(matter, Hazard) else matter.risk


def _key(matter: Case | Hazard) -> str:
    return f"{'hazard' if isinstance(matter, Hazard) else 'case'}:{matter.pk}"
