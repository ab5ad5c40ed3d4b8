"""Who acts through a statutory representative (法定代理人), and who that is (民法典 art. 17-24, 27-28).

Under eight nobody acts alone, under eighteen only within one's years; from sixteen on who lives on their own work acts
as an adult. An adult without full capacity is marked so by the window.
"""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from intake.models import Capacity, Case, Party, PartyKind, PartyRole
from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.idnumbers import age_on

CHILD, WORKING, ADULT = 8, 16, 18
"""Ages of the Civil Code: limited capacity from eight (art. 19), on one's own work from sixteen (art. 18), adult."""


def capacity_on(birth_date: date | None, stated: str, day: date) -> Capacity:
    """What a person's acts are worth on a day; without a birth date or a word of the window they are an adult's."""
    if birth_date is None:
        return Capacity(stated or Capacity.FULL)
    age = age_on(birth_date, day)
    if age >= ADULT or (age >= WORKING and stated == Capacity.FULL):
        return Capacity(stated or Capacity.FULL)
    return Capacity.NONE if age < CHILD or stated == Capacity.NONE else Capacity.LIMITED


def needs_guardian(party: Party) -> bool:
    """Whether a party of a case acts through a guardian today."""
    if party.kind != PartyKind.PERSON or party.role != PartyRole.PRINCIPAL:
        return False
    return capacity_on(party.birth_date, party.capacity, timezone.localdate()) != Capacity.FULL


def guardians_of(party: Party) -> list[Party]:
    """Who acts for a party that needs it, in the order of the case; nobody for all others. No query for those."""
    if not needs_guardian(party):
        return []
    return list(party.represented_by.filter(role=PartyRole.GUARDIAN).order_by("ordinal", "pk"))


def acting_name(party: Party) -> str:
    """The name under an act: with that of the statutory representative where one acts."""
    guardians = guardians_of(party)
    by = f"（法定代理人 {'、'.join(g.shown_name for g in guardians)}）" if guardians else ""
    return f"{party.shown_name}{by}"


def why_guardian_is_missing(parties: Iterable[Party], *, field: str = "") -> RuleViolation | None:
    """Why these parties cannot act now: somebody who needs a guardian has none on the case."""
    for party in parties:
        if needs_guardian(party) and not guardians_of(party):
            why = _why(party)
            return RuleViolation(
                f"{party.shown_name}{why}，由法定代理人代为表态、签字（民法典第二十三条）。请先在“更正登记内容”中登记监护人。",
                field=field,
            )
    return None


def principals_of(case: Case) -> list[Party]:
    """The parties themselves, in order."""
    return list(case.parties.filter(role=PartyRole.PRINCIPAL).order_by("ordinal", "pk"))


def _why(party: Party) -> str:
    if party.birth_date is None or age_on(party.birth_date, timezone.localdate()) >= ADULT:
        return f"是{Capacity(party.capacity).label}人"
    return f"未满 {ADULT if age_on(party.birth_date, timezone.localdate()) >= CHILD else CHILD} 周岁"
