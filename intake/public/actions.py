"""What concerns the citizen: the query code of the receipt, the rating after closing, a report without a visit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from intake.actions.attach import attach_prepared
from intake.actions.entry import check_entry
from intake.actions.register import register_case
from intake.entries import CaseEntry, PartyEntry
from intake.lifecycle import DONE_STATES, State
from intake.models import Case, Channel, Party, PartyRole, PartySide
from intake.notifications import announce
from intake.permissions import may_issue_receipt
from intake.permissions.keeping import may_keep_privacy_rules
from intake.public.models import (
    CitizenRating,
    Consent,
    ConsentPlace,
    ConsentText,
    QueryCode,
    query_code_hash,
    short_code_hash,
)
from intake.public.queries import Told, consent_text, consent_texts, followed_case, public_desk
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.querycodes import new_query_code
from zhongzhi.core.text import clean_text, required_text
from zhongzhi.files.preparing import prepared

MOST_PHOTOS = 3
STANDING = (PartyRole.PRINCIPAL, PartyRole.MEMBER)
"""Who is handed a receipt: applicants, and those of their group."""


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
    if party.case_id != case.pk or party.side != PartySide.APPLICANT or party.role not in STANDING:
        raise RuleViolation("受理告知只发给本案的申请人。", field="party")
    now = timezone.now()
    party.query_codes.filter(voided_at__isnull=True).update(voided_at=now)
    text = new_query_code()
    hashes = {"code_hash": query_code_hash(text), "short_hash": short_code_hash(text)}
    row = QueryCode.objects.create(case=case, party=party, issued_at=now, issued_by=actor, **hashes)
    note_consent(case, party, consent_text(ConsentPlace.RECEIPT), actor=actor)
    record(actor, Verb.CODE_ISSUED, case, query_code=row.pk, party=party.pk)
    return IssuedCode(row, text)


def note_consent(case: Case, party: Party, told: Told, *, actor: User) -> None:
    """Keep which version of which text an applicant was told or agreed to; once for each version."""
    row = {"party": party, "place": told.place, "version": told.version, "sm3": told.digest}
    if not Consent.objects.filter(**row).exists():
        Consent.objects.create(**row)
        record(actor, Verb.CONSENT_GIVEN, case, party=party.pk, place=told.place, version=told.version, sm3=told.digest)


@transaction.atomic
def set_consent_text(place: ConsentPlace, text: str, *, starts_on: date, actor: User) -> ConsentText:
    """Tell people something else from a day on, tomorrow at the earliest; it is the next version."""
    require(may_keep_privacy_rules(actor), "告知同意文本由系统管理员维护。")
    if starts_on <= timezone.localdate():
        raise BadInput("启用日期最早为明天。", field="starts_on")
    words = required_text(text, field="text", missing="请填写告知内容。", max_length=2000, multiline=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"consent:{place}"])
    last = consent_texts(place).first()
    version = last.version + 1 if last else 2
    row = ConsentText.objects.create(place=place, version=version, text=words, starts_on=starts_on, set_by=actor)
    facts = {"place": place, "version": version, "starts_on": starts_on, "sm3": sm3(words.encode())}
    record(actor, Verb.CONSENT_TEXT_SET, "consent_texts", **facts)
    return row


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
    if rating.is_unhappy:
        words = f"群众评价 {score} 分，请回访"
        announce(case, "citizen_unhappy", words, actor=None, former=case.concluded_by, key=f"_{rating.pk}")
    return rating


@dataclass(frozen=True)
class PublicReport:
    """What a citizen reports without a visit. Without a name it is registered as withheld."""

    narrative: str
    territory: str
    place_detail: str = ""
    name: str = ""
    phone: str = ""
    agreed: int = 0
    """The version of the text that the citizen read and agreed to."""


@dataclass(frozen=True)
class Reported:
    """The case that came of a report, and the code by which the citizen follows it."""

    case: Case
    code: str


def report_publicly(report: PublicReport, photos: "list[UploadedFile[Any]]") -> Reported:
    """Register what a citizen reports, at the centre that opened this way, for its sorters to look at.

    The pictures are checked and written before anything is locked. Raises BadInput where the text in force was not
    agreed to, NotFound where no centre has opened it, and what registering and attaching raise.
    """
    desk, told = public_desk(), consent_text(ConsentPlace.REPORT)
    if report.agreed != told.version:
        raise BadInput("请阅读个人信息处理告知，勾选同意后再提交。", field="agreed")
    if len(photos) > MOST_PHOTOS:
        raise RuleViolation(f"最多上传 {MOST_PHOTOS} 张照片。", field="photos")
    entry = _entry_of(report)
    check_entry(entry)
    with prepared(*photos) as files, transaction.atomic():
        case = register_case(entry, actor=desk.user, centre=desk.organisation)
        for file in files:
            attach_prepared(case, file, actor=desk.user, note="群众上传")
        party = case.parties.get()
        note_consent(case, party, told, actor=desk.user)
        issued = issue_query_code(case, party, actor=desk.user)
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
