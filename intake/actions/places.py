"""The places of a case: one leads, where it is counted; the others are concerned (涉及), see it and are told."""

from collections.abc import Callable, Sequence
from datetime import datetime

from grids.models import Organisation, Territory
from intake.actions.parties import Faults
from intake.fields import MOST_PLACES
from intake.models import Case, CasePlace, Merger
from intake.models.place import other_places_of
from zhongzhi.core.errors import RuleViolation


def check_places(
    codes: Sequence[str], lead: Territory | None, faults: Faults, find: Callable[[str], Territory], known: Case | None
) -> tuple[Territory, ...]:
    """The places behind the codes. A known case keeps those that have been retired since; faults stand at
    `other_places`."""
    kept = {place.code: place for place in other_places_of(known)} if known is not None and codes else {}
    found: list[Territory] = []
    for code in codes:
        with faults.at("other_places"):
            place = kept.get(code) or find(code)
            _check_place(place, [*([lead] if lead else []), *found])
            found.append(place)
    if len(codes) > MOST_PLACES:
        faults.add("other_places", f"除发生地外，最多再填 {MOST_PLACES} 处涉及地。")
    return tuple(found)


def _check_place(place: Territory, others: Sequence[Territory]) -> None:
    for other in others:
        if is_within(place, other) or is_within(other, place):
            raise RuleViolation(
                f"“{place.full_name}”与“{other.full_name}”是同一处或互相包含，不用重复填写。", field="other_places"
            )


def is_within(place: Territory, other: Territory) -> bool:
    """Whether a place is the other one, or lies in it, as of today."""
    return bool(place.current_code.startswith(other.current_code))


def write_places(case: Case, places: Sequence[Territory], *, at: datetime | None) -> list[Territory]:
    """Let a case concern these places beside the leading one; those that were not named before. `at` is none for a
    draft, which is counted nowhere."""
    if case._state.adding and not places:
        return []
    known = {row.territory_id: row for row in case.places_concerned.all()}
    wanted = {place.pk for place in places}
    if gone := [row.pk for key, row in known.items() if key not in wanted]:
        CasePlace.objects.filter(pk__in=gone).delete()
    if at is not None and any(row.noted_at is None for row in known.values()):
        case.places_concerned.filter(noted_at=None).update(noted_at=at)
    new = [place for place in places if place.pk not in known]
    CasePlace.objects.bulk_create(CasePlace(case=case, territory=place, noted_at=at) for place in new)
    return new


def bring_places(case: Case, into: Case, merger: Merger) -> None:
    """The places of a case that is merged are places that the other concerns from now on."""
    assert into.territory is not None
    there = [into.territory, *other_places_of(into)]
    came = [*([case.territory] if case.territory else []), *other_places_of(case)]
    for place in came:
        if any(is_within(place, other) for other in there):
            continue
        CasePlace.objects.create(case=into, territory=place, merger=merger, noted_at=merger.merged_at)
        there.append(place)


def take_places_back(merger: Merger) -> None:
    """What came along with a merger goes with it."""
    merger.places_brought.all().delete()


def lead_from(case: Case, centre: Organisation, *, at: datetime) -> None:
    """Let the place lead that belongs to the centre which answers now, where it was only concerned so far; the former
    leading place is concerned from now on. The caller saves `territory`."""
    if case.territory is None or case.territory.current_code.startswith(centre.territory.current_code):
        return
    rows = case.places_concerned.select_related("territory")
    row = next((r for r in rows if is_within(r.territory, centre.territory)), None)
    if row is not None:
        former, case.territory = case.territory, row.territory
        row.delete()
        CasePlace.objects.create(case=case, territory=former, noted_at=at)
