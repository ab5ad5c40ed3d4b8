"""What comes in later about a case: put into what stands there, so that nobody has to say all of it again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from intake.actions.register import amend_case
from intake.entries import CASE, PARTY, CaseEntry, PartyEntry
from intake.models import Case, Party
from intake.models.place import other_places_of
from intake.transitions import locked
from zhongzhi.accounts.models import User
from zhongzhi.core.text import name_key

SEALED = ("paper_number", "phone", "address")
PLAIN = ("capacity", "works_at")
LOOKED_UP = ("territory", "category", "other_places", "external_system", "external_number")


@transaction.atomic
def supplement_case(
    case: Case,
    changes: Mapping[str, Any],
    parties: Sequence[PartyEntry] = (),
    *,
    actor: User,
    reason: str = "",
    version: int | None = None,
) -> Case:
    """Write the values given over those that stand there, and add the parties given; what is not named stays.

    A party of the same name on the same side in the same role is the one that is known: what is said of it is put to
    it. Nobody is taken off. Raises what `amend_case` raises.
    """
    case = locked(case, version=version)
    entry = entry_of(case)
    joined = _joined(entry.parties, parties)
    return amend_case(case, replace(entry, **changes, parties=joined), actor=actor, reason=reason)


def entry_of(case: Case) -> CaseEntry:
    """What stands in a case, as an entry that changes nothing."""
    values = {name: getattr(case, name) for name in CASE if name not in LOOKED_UP}
    place = case.territory.code if case.territory else ""
    others = tuple(row.code for row in other_places_of(case))
    return CaseEntry(
        **values, territory=place, other_places=others, category=case.category_id or "", parties=_parties_of(case)
    )


def _parties_of(case: Case) -> tuple[PartyEntry, ...]:
    rows = list(case.parties.select_related("works_at").order_by("ordinal", "pk"))
    place = {party.pk: at for at, party in enumerate(rows)}
    return tuple(_as_entry(party, place.get(party.represents_id or 0)) for party in rows)


def _as_entry(party: Party, represents: int | None) -> PartyEntry:
    left_out = (*SEALED, "paper_kind", "represents", "works_at")
    values = {name: getattr(party, name) for name in PARTY if name not in left_out}
    works_at = party.works_at.name if party.works_at else ""
    keep = frozenset({*SEALED, "ethnic"})
    return PartyEntry(**values, represents=represents, works_at=works_at, uid=str(party.uid), keep=keep)


def _joined(known: tuple[PartyEntry, ...], given: Sequence[PartyEntry]) -> tuple[PartyEntry, ...]:
    """Who is known first, with what is newly said of them; then who is new."""
    new = len(known)
    places = []
    for party in given:
        same = [at for at, row in enumerate(known) if _who(row) == _who(party)]
        places.append(same[0] if same else new)
        new += not same
    rows: dict[int, PartyEntry] = dict(enumerate(known))
    for place, party in zip(places, given, strict=True):
        rows[place] = _put_to(rows.get(place), _pointed(party, places))
    return tuple(rows[place] for place in sorted(rows))


def _who(party: PartyEntry) -> tuple[str, str, str]:
    return party.side, party.role, name_key(party.name)


def _pointed(party: PartyEntry, places: Sequence[int]) -> PartyEntry:
    """Who an agent stands for is given by the place in what was handed in; a wrong one stays wrong."""
    at = party.represents
    return party if at is None else replace(party, represents=places[at] if 0 <= at < len(places) else -1)


def _put_to(known: PartyEntry | None, said: PartyEntry) -> PartyEntry:
    """A party as it is said now; of one that is known what was left out stays as it is."""
    if known is None:
        return said
    left_out = {name: getattr(known, name) for name in (*PLAIN, "represents") if getattr(said, name) in ("", None)}
    keep = frozenset(name for name in known.keep if not getattr(said, name))
    return replace(said, **left_out, uid=known.uid, keep=keep)
