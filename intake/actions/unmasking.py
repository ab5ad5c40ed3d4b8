"""Looking at sealed personal data: an act with a purpose and a reason, recorded, counted by the hour."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from intake.models import Attachment, Case, Party
from intake.notifications import notify_managers_of_looks
from intake.permissions import may_reveal
from intake.transitions import locked, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.accounts.security_rules import RuleName, number_of
from zhongzhi.audit.actions import record
from zhongzhi.audit.queries import latest_acts_of
from zhongzhi.core.errors import NotFound, RuleViolation, require

LEAST_LETTERS = 2
BULK = 10
"""From so many looks within an hour on it is looking in bulk, before which who sits there is asked again."""


class RevealPurpose(TextChoices):
    """What a look is for; the words beside it say the rest."""

    CONTACT = "contact", "联系当事人"
    IDENTITY = "identity", "核对身份"
    SERVICE = "service", "送达文书"
    VISIT = "visit", "上门走访、组织调解"
    EMERGENCY = "emergency", "紧急处置"
    OTHER = "other", "其他工作需要"


@dataclass(frozen=True)
class Revealed:
    """One party in the clear."""

    party: Party
    paper_number: str
    phone: str
    address: str


def reveals_in_bulk(person: User) -> bool:
    """Whether somebody has opened so many numbers within the hour that the next one is one of many."""
    return _looks_of_the_last_hour(person) >= BULK


@transaction.atomic
def reveal_party(case: Case, party_uid: str, *, actor: User, purpose: str, reason: str) -> Revealed:
    """Open a party's identity number, phone and address for one look (个人信息保护法 art. 6: as needed only).

    Who looks more often in an hour than the rules of security allow has to wait; from the number on at which the
    auditor is alerted the managers of the centre are told, once an hour. Raises PermissionDenied for those who do not
    handle the case, RuleViolation without a purpose or a reason in words.
    """
    case = locked(case)
    require(may_reveal(actor, case), "只有办理本案的人员可以查看完整证件号码和电话。")
    reason = reason_for_look(purpose, reason)
    party = Party.everyone.filter(case=case, uid=party_uid).first()
    if party is None:
        raise NotFound("没有找到这位当事人。")
    count_look(actor)
    record(actor, Verb.REVEALED, case, party=party.pk, purpose=purpose, reason=reason)
    return Revealed(party, party.paper_number, party.phone, party.address)


@transaction.atomic
def ask_for_file(attachment: Attachment, *, actor: User, purpose: str, reason: str) -> None:
    """Let an outside system take a file out: a look at personal data like any other, with its reason and its count."""
    case = locked(attachment.case)
    require(may_reveal(actor, case), "附件含个人信息，只有登记或承办本案的系统可以取用。")
    reason = reason_for_look(purpose, reason)
    count_look(actor)
    record(actor, Verb.REVEALED, case, file=attachment.file_id, purpose=purpose, reason=reason)


def reason_for_look(purpose: str, reason: str) -> str:
    """The reason in words of a look for one of the known purposes; RuleViolation without either."""
    words = _reason_in_words(reason)
    if purpose not in RevealPurpose.values:
        raise RuleViolation("请选择查看用途。", field="purpose")
    return words[:200]


def count_look(actor: User) -> None:
    """Let one more look pass, or refuse it where an hour has had as many as the rules of security allow."""
    looks = _looks_of_the_last_hour(actor)
    if looks >= number_of(RuleName.LOOKS_AT_MOST):
        raise RuleViolation(f"您一小时内已查看 {looks} 次完整号码，请稍后再看；确有需要的，请联系安全管理员调整上限。")
    if looks + 1 > number_of(RuleName.LOOKS_AN_HOUR):
        notify_managers_of_looks(actor, looks + 1)


def _reason_in_words(reason: str) -> str:
    text = reason_given(reason)
    if sum(letter.isalnum() for letter in text) < LEAST_LETTERS:
        raise RuleViolation("请写明具体理由，如“电话联系当事人到场”。", field="reason")
    return text


def _looks_of_the_last_hour(actor: User) -> int:
    return latest_acts_of(actor, [Verb.REVEALED], since=timezone.now() - timedelta(hours=1)).count()
