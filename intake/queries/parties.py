"""Parties as their readers see them: numbers always masked, names in the clear for those who handle the case.

Of the birth date only the age is shown: beside a masked identity number the whole date would give the number away,
since its check digit leaves one candidate.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from intake.models import Case, PaperKind, Party, PartyRole
from intake.queries.guardians import capacity_on, needs_guardian
from intake.queries.violence import HIDDEN, hurt_of, is_hidden
from intake.search.queries import is_restricted
from zhongzhi.core import masking
from zhongzhi.core.ciphers import has_older_hash_keys
from zhongzhi.core.days import today
from zhongzhi.core.errors import NotFound
from zhongzhi.core.idnumbers import age_on
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.periods import TODAY
from zhongzhi.rows.related import known_of, read_beside
from zhongzhi.rows.statements import Given, PreparedRows

RESTRICTED = "（限制处理）"
"""What a list calls somebody whose data are restricted."""
WITHOUT_DATA: Mapping[str, Any] = MappingProxyType({
    **dict.fromkeys(("sex_label", "paper_number", "phone", "address", "capacity_label"), ""),
    "age": None,
    "needs_guardian": False,
})  # fmt: skip


@dataclass(frozen=True)
class PartyView:
    """One party for a page or an API answer."""

    uid: str
    side: str
    side_label: str
    kind: str
    kind_label: str
    role: str
    role_label: str
    represents: str
    name: str
    sex_label: str
    age: int | None
    paper_kind: str
    paper_number: str
    phone: str
    address: str
    restricted: bool
    capacity_label: str
    needs_guardian: bool


def party_views(case: Case, *, names_in_clear: bool, in_list: bool = False) -> list[PartyView]:
    """The parties of a case, in order. One query; sealed numbers are opened only to be masked. `in_list` where they
    stand with those of other cases: of whose data are restricted nothing is told there but what they are."""
    rows = known_parties(case)
    kept = {party.pk for party in rows if in_list and party.restricted}  # type: ignore[attr-defined]
    names = {p.pk: RESTRICTED if p.pk in kept else shown_name(p, in_clear=names_in_clear) for p in rows}
    guarded = {party.represents_id for party in rows if party.role == PartyRole.GUARDIAN}
    hurt = hurt_of(case) if case.is_restricted else None
    shown = [_told_kept(_shown(p, names, p.pk in guarded), p.pk in kept) for p in rows]
    hidden = {str(party.uid) for party in rows if is_hidden(party, hurt)}
    return [replace(view, phone=HIDDEN, address=HIDDEN) if view.uid in hidden else view for view in shown]


def _told_kept(view: PartyView, is_kept: bool) -> PartyView:
    """The party without data of the person, where those are only kept."""
    return replace(view, **WITHOUT_DATA) if is_kept else view


def parties_to_show(on: Given | None = None) -> QuerySet[Party]:
    """Parties of cases, each with `restricted`: whether their person's data are only stored."""
    return Party.objects.annotate(restricted=is_restricted(on))


def principals_to_show(on: Given | None = None) -> QuerySet[Party]:
    """Of these the persons whom a case is about, in the order of lists."""
    return parties_to_show(on).filter(role=PartyRole.PRINCIPAL).order_by("ordinal", "pk")


def read_parties(cases: Sequence[Case]) -> None:
    """Read the parties of cases anew, for all that asks for them from here on. One query."""
    _read(cases, parties_to_show, "")


def read_principals(cases: Sequence[Case]) -> None:
    """Read the `principals` of cases, as lists name them. One query."""
    _read(cases, principals_to_show, "principals")


def _read(cases: Sequence[Case], rows: Callable[..., QuerySet[Party]], to: str) -> None:
    for case in cases:
        known_of(case).pop("parties", None)
    if has_older_hash_keys():
        prefetch_related_objects(cases, Prefetch("parties", rows(), **({"to_attr": to} if to else {})))
    else:
        read_beside(cases, "parties", _by_case(rows), to=to, day=today())


@cache
def _by_case(rows: Callable[..., QuerySet[Party]]) -> PreparedRows[Party]:
    return PreparedRows(rows(TODAY).filter(among("case_id", THESE_KEYS)))


def known_parties(case: Case) -> list[Party]:
    """The parties of a case with `restricted`, in order: those that were read with it, else one query."""
    rows = list(case.parties.all())
    if all(hasattr(party, "restricted") for party in rows):
        return rows
    if has_older_hash_keys():
        return list(case.parties.annotate(restricted=is_restricted()))
    return _by_case(parties_to_show).read(keys=[case.pk], day=today())


def shown_name(party: Party, *, in_clear: bool) -> str:
    """The party's name, masked unless the reader handles the case."""
    return party.shown_name if in_clear or party.name_withheld else masking.mask_name(party.name)


def _shown(party: Party, names: dict[int, str], is_guarded: bool) -> PartyView:
    return PartyView(
        uid=str(party.uid),
        side=party.side,
        side_label=party.get_side_display(),
        kind=party.kind,
        kind_label=party.get_kind_display(),
        role=party.role,
        role_label=party.get_role_display(),
        represents=names.get(party.represents_id or 0, ""),
        name=names[party.pk],
        sex_label=party.get_sex_display(),
        age=age_on(party.birth_date, timezone.localdate()) if party.birth_date else None,
        paper_kind=party.paper_kind,
        paper_number=_masked_paper(party),
        phone=masking.mask_phone(party.phone) if party.phone_sealed else "",
        address=masking.mask_address(party.address) if party.address_sealed else "",
        capacity_label=_capacity_label(party),
        needs_guardian=needs_guardian(party) and not is_guarded,
        restricted=bool(getattr(party, "restricted", False)),
    )


def _capacity_label(party: Party) -> str:
    """What stands beside a person who does not act alone; nothing for all others."""
    if not needs_guardian(party):
        return ""
    return str(capacity_on(party.birth_date, party.capacity, timezone.localdate()).label)


def _masked_paper(party: Party) -> str:
    if not party.paper_sealed:
        return ""
    if party.paper_kind == PaperKind.CREDIT_CODE:
        return masking.mask_credit_code(party.paper_number)
    return masking.mask_id_number(party.paper_number)


def party_of(case: Case, uid: UUID) -> Party:
    """A party of a case; NotFound for none."""
    party = Party.everyone.filter(case=case, uid=uid).first()
    if party is None:
        raise NotFound("没有找到这位当事人。")
    return party


def is_party(name: str, phone: str, case: Case) -> bool:
    """Whether somebody of this name and phone is a party of the case."""
    rows = Party.everyone.filter(case=case, name=name, phone_sealed__isnull=False) if name and phone else ()
    return any(party.phone == phone for party in rows)
