"""Guidance with its papers: 导引告知书 or 不予受理告知书 to the party, 转送函 to the receiver; all or nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation, OutsideOrganisation
from intake import actions as cases
from intake.models import Case, Guidance, GuidanceWay
from intake.queries import open_guidance_of
from referrals.actions.case_letters import party_names
from referrals.actions.dispatch import issue_at_once
from referrals.drafting import Draft
from referrals.drafting.facts import account_of_case
from referrals.models import Purpose, Trigger
from referrals.queries import kind_for
from zhongzhi.accounts.models import User

NOTICE, LETTER, DECLINED = "guide_notice", "transfer_letter", "decline_notice"
PAPERS: Mapping[str, tuple[str, ...]] = {
    GuidanceWay.GUIDE: (NOTICE,),
    GuidanceWay.TRANSFER: (NOTICE, LETTER),
    GuidanceWay.DECLINE: (DECLINED,),
}
"""The codes of the kinds that each way gives out."""


@transaction.atomic
def guide_with_papers(
    case: Case,
    *,
    actor: User,
    receiver: Organisation | None = None,
    outside: OutsideOrganisation | None = None,
    note: str,
    version: int | None = None,
    **how: Any,
) -> Case:
    """Lead a case to its receiver and give out what the way asks for, in one transaction; kinds that are not in force
    are left out. `how` is way, road and ground, as `guide_case` takes them."""
    case = cases.guide_case(case, actor=actor, receiver=receiver, outside=outside, note=note, version=version, **how)
    guidance = open_guidance_of(case)
    assert guidance is not None
    for draft in _drafts(case, guidance):
        issue_at_once(draft, actor)
    return case


def _drafts(case: Case, guidance: Guidance) -> Iterator[Draft]:
    assert case.centre is not None
    for code in PAPERS[guidance.way]:
        kind = kind_for(Purpose.GUIDE, on=timezone.localdate(), code=code)
        if kind is not None:
            name = guidance.receiver_name if code == LETTER else party_names(case)
            yield Draft(
                kind=kind,
                centre=case.centre,
                party_name=name[:80],
                case=case,
                trigger=Trigger.GUIDED,
                facts=_facts(case, guidance),
            )


def _facts(case: Case, guidance: Guidance) -> dict[str, Any]:
    """Road, place, telephone: what the person must know to go there, and the receiver to take it up."""
    there = guidance.receiver or guidance.outside
    assert there is not None
    place = there.address or (guidance.receiver.territory.full_name if guidance.receiver else "")
    return {
        **account_of_case(case),
        "party": party_names(case),
        "receiver": there.name,
        "receiver_address": place,
        "receiver_phone": there.phone,
        "road": guidance.get_road_display() if guidance.road else "",
        "ground": guidance.get_ground_display() if guidance.ground else "",
        "instruction": guidance.note,
    }
