"""What concerns the citizen: the query code of the receipt, the rating after closing, a report without a visit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from intake.actions.attach import attach_prepared
from intake.actions.entry import check_entry
from intake.actions.register import register_case
from intake.deadlines.queries import work_calendar
from intake.entries import CaseEntry, PartyEntry
from intake.lifecycle import DONE_STATES, State
from intake.models import Case, Channel, Membership, Party, PartyRole, PartySide, ViolenceMark
from intake.notifications import announce, notify
from intake.permissions import may_issue_receipt_to
from intake.permissions.keeping import may_keep_privacy_rules
from intake.public.models import (
    CitizenRating,
    CitizenText,
    Consent,
    ConsentPlace,
    ConsentText,
    QueryCode,
    ToldUpTo,
    query_code_hash,
    short_code_hash,
)
from intake.public.queries import Told, consent_text, consent_texts, followed_case, public_desk
from intake.public.queries.texts import (
    EVENTS,
    JOINED,
    STEPS_TOLD,
    TEXTS,
    citizen_texts,
    codes_owed,
    is_blocked,
    label_of,
    last_step,
    owed_between,
    words_for,
    words_in_force,
)
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.querycodes import new_query_code
from zhongzhi.core.text import clean_text, required_text
from zhongzhi.files.preparing import prepared
from zhongzhi.notices.actions import post_text_message
from zhongzhi.set_aside import Share, Sweep

MOST_PHOTOS, LONGEST_TEMPLATE, LONGEST_MESSAGE = 3, 500, 300
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
    require(may_issue_receipt_to(actor, case, party), "受理告知由受理窗口打印。")
    if case.status == State.DRAFT:
        raise InvalidTransition("草稿还没有登记，登记后才能打印受理告知。")
    if party.case_id != case.pk or party.side != PartySide.APPLICANT or party.role not in STANDING:
        raise RuleViolation("受理告知只发给本案的申请人。", field="party")
    now = timezone.now()
    party.query_codes.filter(voided_at__isnull=True).update(voided_at=now)
    text = new_query_code()
    hashes = {"code_hash": query_code_hash(text), "short_hash": short_code_hash(text)}
    owed = JOINED if _has_joined(case, party) else ""
    row = QueryCode.objects.create(case=case, party=party, issued_at=now, issued_by=actor, owed_event=owed, **hashes)
    note_consent(case, party, consent_text(ConsentPlace.RECEIPT), actor=actor)
    record(actor, Verb.CODE_ISSUED, case, query_code=row.pk, party=party.pk)
    return IssuedCode(row, text)


def _has_joined(case: Case, party: Party) -> bool:
    """Who comes to a case that is under way is told so once; of domestic violence nobody is texted."""
    is_member = Membership.objects.filter(party=party, party__role=PartyRole.MEMBER).exists()
    return is_member and not party.query_codes.exists() and not ViolenceMark.objects.filter(case=case).exists()


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
def set_citizen_text(event: str, words: str, *, starts_on: date, actor: User) -> CitizenText:
    """Tell applicants of an event in other words from a day on, tomorrow at the earliest; nothing where they are empty.

    Raises RuleViolation at `words` for a template that cannot be read or is longer than a message.
    """
    require(may_keep_privacy_rules(actor), "群众短信由系统管理员维护。")
    if event not in EVENTS:
        raise RuleViolation("没有这个事项。", field="event")
    if starts_on <= timezone.localdate():
        raise BadInput("启用日期最早为明天。", field="starts_on")
    words = clean_text(words, field="words", max_length=LONGEST_TEMPLATE)
    example_text(words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"citizen_text:{event}"])
    last = citizen_texts(event).first()
    row = CitizenText.objects.create(
        event=event, version=last.version + 1 if last else 1, words=words, starts_on=starts_on, set_by=actor
    )
    facts = {"event": event, "version": row.version, "starts_on": starts_on, "sm3": sm3(words.encode())}
    record(actor, Verb.CITIZEN_TEXT_SET, "citizen_texts", **facts)
    return row


def example_text(words: str) -> str:
    """The message with example words; RuleViolation at `words` for what cannot be sent."""
    text = TEXTS.example(words, field="words")
    if len(text) > LONGEST_MESSAGE:
        raise RuleViolation(f"短信最多 {LONGEST_MESSAGE} 字，按示例写出来有 {len(text)} 字。", field="words")
    return text


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


SETTLED = timedelta(minutes=1)
"""So old a step must be: by then the transactions of those before it have ended."""
GOOD_FOR = timedelta(days=2)
"""After so long a message tells of what is over, and is not sent any more."""


@transaction.atomic
def note_what_is_owed(now: datetime) -> int:
    """Note on the query codes of applicants what happened to their cases since it was last looked at: the latest step,
    or more time that was granted. Of domestic violence nobody is texted: others may read the phone."""
    until = now - SETTLED
    mark = ToldUpTo.objects.select_for_update().first()
    if mark is None:
        ToldUpTo.objects.create(at=until, step=last_step(until))
        return 0
    last = last_step(until)
    owed = owed_between(mark, last, until, STEPS_TOLD)
    for case, event in owed.items():
        rows = QueryCode.objects.filter(Q(case=case) | Q(case__merged_into=case), voided_at=None)
        rows.exclude(case__violence__isnull=False).update(owed_event=event)
    mark.at, mark.step = max(mark.at, until), max(mark.step, last)
    mark.save(update_fields=["at", "step"])
    return len(owed)


def tell_owed(now: datetime, *, limit: int = 200) -> int:
    """One batch: a word to each applicant who is owed one and was told nothing today, in office hours; who has no
    mobile is to be phoned by who printed the receipt. How many codes were taken."""
    today = timezone.localdate(now)

    def take(share: Share) -> int:
        rows = share.of(codes_owed(today)).select_related("party", "issued_by", "case__merged_into", "case__centre")
        codes = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
        words = words_in_force(today)
        for code in codes:
            _notify_applicant(code, words.get(code.owed_event, ""), now)
        return len(codes)

    return Sweep("citizens", partial(codes_owed, today), take, limit).run(now)


def _notify_applicant(code: QueryCode, words: str, now: datetime) -> None:
    case, event = followed_case(code), code.owed_event
    code.owed_event = ""
    if words and code.party.phone_sealed and not is_blocked(code.party):
        opens = work_calendar().next_office_moment(now)
        text = f"【{case.centre.short_name if case.centre else ''}】{TEXTS.written(words, words_for(case, code))}"
        key = f"citizen:{code.pk}:{event}:{now:%Y%m%d}"
        if post_text_message(code.party.phone, text, key=key, not_before=opens, not_after=opens + GOOD_FOR):
            code.told_on = timezone.localdate(now)
            record(None, Verb.CITIZEN_TOLD, case, query_code=code.pk, event=event)
        else:
            what = f"申请人没有可发短信的手机，请电话告知：{label_of(event)}"
            notify([code.issued_by], case, f"citizen_to_phone_{code.pk}", what, not_before=opens)
    code.save(update_fields=["owed_event", "told_on"])


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
