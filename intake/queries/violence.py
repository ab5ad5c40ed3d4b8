"""What domestic violence changes: no joint session against the will of the hurt person, no address on papers."""

from collections.abc import Iterable
from typing import Any

from intake.models import Case, Party, ViolenceMark
from zhongzhi.core.errors import RuleViolation

HIDDEN = "依法保密"


def violence_of(case: Case) -> ViolenceMark | None:
    """The mark of a case; not asked for of a case that is known to have none."""
    if Case._meta.get_field("violence").get_cached_value(case, default=case) is None:
        return None
    return ViolenceMark.objects.filter(case=case).select_related("hurt", "marked_by").first()


def why_not_joint(case: Case, parties: Iterable[Party], *, field: str = "parties") -> RuleViolation | None:
    """Why these parties do not sit at one table: one was hurt by the other side and has not asked for it."""
    mark, people = violence_of(case), list(parties)
    if mark is None or mark.joint_wanted_on is not None or mark.hurt not in people:
        return None
    if all(party.side == mark.hurt.side for party in people):
        return None
    return RuleViolation(
        f"本案涉家庭暴力，未经{mark.hurt.shown_name}本人要求不安排双方当面调解；请分别约谈，"
        "或在案件页“涉家庭暴力”中登记本人的要求。",
        field=field,
    )


def contact_on_papers(party: Party) -> tuple[str, str]:
    """Phone and address of a party on papers, which may be handed on: nothing of who was hurt at home, nor of who
    stands for them."""
    return (HIDDEN, HIDDEN) if is_hidden(party, hurt_in(party.case_id)) else (party.phone, party.address)


def hurt_in(case_id: int) -> int | None:
    """The party of a case that was hurt at home, by number."""
    return ViolenceMark.objects.filter(case=case_id).values_list("hurt_id", flat=True).first()


def hurt_of(case: Case) -> int | None:
    """The same of a case; not asked for where its mark was read with it, or is known to be none."""
    known: Any = Case._meta.get_field("violence").get_cached_value(case, default=case)
    if known is case:
        return hurt_in(case.pk)
    return None if known is None else known.hurt_id


def is_hidden(party: Party, hurt: int | None) -> bool:
    """Whether nothing is shown of where this party lives: who was hurt, and who stands for them."""
    return hurt is not None and hurt in (party.pk, party.represents_id)
