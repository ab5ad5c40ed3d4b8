"""Looking at sealed personal data: an act with a reason, recorded."""

from dataclasses import dataclass

from django.db import transaction

from intake.models import Case, Party
from intake.permissions import may_reveal
from intake.transitions import locked, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import NotFound, require


@dataclass(frozen=True)
class Revealed:
    """One party in the clear."""

    party: Party
    paper_number: str
    phone: str
    address: str


@transaction.atomic
def reveal_party(case: Case, party_uid: str, *, actor: User, reason: str) -> Revealed:
    """Open a party's identity number, phone and address for one look (个人信息保护法 art. 6: as needed only).

    Raises PermissionDenied for those who do not handle the case, BadInput without a reason.
    """
    case = locked(case)
    require(may_reveal(actor, case), "只有办理本案的人员可以查看完整证件号码和电话。")
    reason = reason_given(reason)
    party = case.parties.filter(uid=party_uid).first()
    if party is None:
        raise NotFound("没有找到这位当事人。")
    record(actor, Verb.REVEALED, case, party=party.pk, reason=reason[:200])
    return Revealed(party, party.paper_number, party.phone, party.address)
