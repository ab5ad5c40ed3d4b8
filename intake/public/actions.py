"""What concerns the citizen: the query code of the receipt, the rating after closing, a report without a visit."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from intake.actions.attach import attach_prepared
from intake.actions.entry import check_entry
from intake.actions.register import register_case
from intake.entries import CaseEntry, PartyEntry
from intake.lifecycle import DONE_STATES, State
from intake.models import Case, Channel, Party, PartyRole, PartySide
from intake.notifications import notify_dispatchers
from intake.permissions import may_issue_receipt
from intake.public.models import CitizenRating, QueryCode, query_code_hash
from intake.public.queries import followed_case, public_desk
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.querycodes import new_query_code
from zhongzhi.core.text import clean_text
from zhongzhi.files.preparing import prepared

MOST_PHOTOS = 3
UNHAPPY = 2


@dataclass(frozen=True)
class IssuedCode:
    """A new query code; `text` exists nowhere else and is shown once."""

    row: QueryCode
    text: str


@transaction.atomic
def issue_query_code(case: Case, party: Party, *, actor: User) -> IssuedCode:
    """Give an applicant the code to follow the case by; the code given before, if any, works no longer.

    Raises RuleViolation for who is no applicant of the case, InvalidTransition for a draft.
    """
    case = locked(case)
    require(may_issue_receipt(actor, case), "受理告知由受理窗口打印。")
    if case.status == State.DRAFT:
        raise InvalidTransition("草稿还没有登记，登记后才能打印受理告知。")
    if party.case_id != case.pk or party.side != PartySide.APPLICANT or party.role != PartyRole.PRINCIPAL:
        raise RuleViolation("受理告知只发给本案的申请人。", field="party")
    now = timezone.now()
    party.query_codes.filter(voided_at__isnull=True).update(voided_at=now)
    text = new_query_code()
    row = QueryCode.objects.create(
        case=case, party=party, code_hash=query_code_hash(text), issued_at=now, issued_by=actor
    )
    record(actor, Verb.CODE_ISSUED, case, query_code=row.pk, party=party.pk)
    return IssuedCode(row, text)


@transaction.atomic
def rate_case(code: QueryCode, *, score: int, comment: str = "") -> CitizenRating:
    """Rate the handling of a closed case, once for each closing; 1 or 2 is told to the centre at once.

    Raises InvalidTransition before the case is closed or for a second rating.
    """
    case = locked(followed_case(code))
    if case.status not in DONE_STATES or case.closed_at is None:
        raise InvalidTransition("案件办结后才能评价。")
    if not 1 <= score <= 5:
        raise BadInput("请在 1 到 5 分里选一个。", field="score")
    comment = clean_text(comment, field="comment", max_length=500, multiline=True)
    same = {"case": case, "party": code.party, "closed_at": case.closed_at}
    if CitizenRating.objects.filter(**same).exists():
        raise InvalidTransition("您已经评价过，谢谢。")
    rating = CitizenRating.objects.create(**same, score=score, comment=comment, rated_at=timezone.now())
    case.satisfaction, case.rated_at = score, rating.rated_at
    touch(case, "satisfaction", "rated_at")
    record(None, Verb.RATED, case, score=score, query_code=code.pk)
    if score <= UNHAPPY:
        notify_dispatchers(case, f"citizen_unhappy_{rating.pk}", f"群众评价 {score} 分，请回访")
    return rating


@dataclass(frozen=True)
class PublicReport:
    """What a citizen reports without a visit. Without a name it is registered as withheld."""

    narrative: str
    territory: str
    place_detail: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Reported:
    """The case that came of a report, and the code by which the citizen follows it."""

    case: Case
    code: str


def report_publicly(report: PublicReport, photos: "list[UploadedFile[Any]]") -> Reported:
    """Register what a citizen reports, at the centre that opened this way, for its sorters to look at.

    The pictures are checked and written before anything is locked. Raises NotFound where no centre has opened it, and
    what registering and attaching raise.
    """
    desk = public_desk()
    if len(photos) > MOST_PHOTOS:
        raise RuleViolation(f"最多上传 {MOST_PHOTOS} 张照片。", field="photos")
    entry = _entry_of(report)
    check_entry(entry)
    with prepared(*photos) as files, transaction.atomic():
        case = register_case(entry, actor=desk.user, centre=desk.organisation)
        for file in files:
            attach_prepared(case, file, actor=desk.user, note="群众上传")
        issued = issue_query_code(case, case.parties.get(), actor=desk.user)
    return Reported(case, issued.text)


def _entry_of(report: PublicReport) -> CaseEntry:
    name = clean_text(report.name, field="name", max_length=80)
    return CaseEntry(
        narrative=report.narrative,
        territory=report.territory,
        place_detail=report.place_detail,
        channel=Channel.ONLINE,
        parties=(PartyEntry(name=name, name_withheld=not name, phone=report.phone),),
    )
