"""What a citizen sees of a case by the query code: steps and dates, who holds it, whom to call. No person's name."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from grids.models import Level, Organisation, Posting, Territory
from grids.queries import current, open_territories, subtree
from grids.roles import POST_OF_SYSTEMS
from intake.deadlines.models import Clock, ClockKind
from intake.lifecycle import DONE_STATES, Event, State
from intake.models import Case, Party, PartyRole, StatusChange, WorkNote
from intake.models.party import phone_tails
from intake.public.models import (
    CitizenRating,
    ConsentPlace,
    ConsentText,
    QueryCode,
    query_code_hashes,
    short_code_hashes,
)
from intake.queries.parties import shown_name
from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import NotFound
from zhongzhi.core.querycodes import normalised_query_code

PUBLIC_DESK = "群众自助上报"
GOOD_AFTER_END = timedelta(days=180)
NOT_FOUND = "没有查到。请核对查询码，或到受理窗口咨询。"
HEADLINES = {
    State.REGISTERED: "已登记，正在研判由谁办理",
    State.ACCEPTED: "已受理，正在安排承办单位",
    State.DISPATCHED: "已交承办单位，等待签收",
    State.HANDLING: "正在办理",
    State.CONCLUDED: "已办理，中心正在审核结果",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已办结",
    State.SUSPENDED: "暂停办理",
    State.GUIDED: "已转请有权处理的单位",
    State.MERGED: "已与同一事项合并办理",
    State.WITHDRAWN: "已撤回",
}
STEPS = {
    Event.REGISTER: "登记",
    Event.ACCEPT: "受理",
    Event.GUIDE: "转请有权处理的单位",
    Event.GUIDE_BACK: "对方退回，由综治中心办理",
    Event.DISPATCH: "交承办单位",
    Event.TAKE_UP: "中心自己办理",
    Event.SIGN: "承办单位签收，开始办理",
    Event.RETURN: "重新安排承办单位",
    Event.CONCLUDE: "承办单位报告办理结果",
    Event.SEND_BACK: "审核后要求补充办理",
    Event.CLOSE: "办结",
    Event.REOPEN: "重新办理",
    Event.ARCHIVE: "归档",
    Event.SUSPEND: "暂停办理",
    Event.RESUME: "恢复办理",
    Event.WITHDRAW: "撤回",
    Event.MERGE: "与同一事项合并办理",
    Event.SPLIT: "恢复单独办理",
}


@dataclass(frozen=True)
class PublicStep:
    """One step in plain words."""

    label: str
    at: datetime


@dataclass(frozen=True)
class Progress:
    """What the page shows."""

    code: str
    headline: str
    is_merged: bool
    steps: list[PublicStep]
    holder: Organisation | None
    centre: Organisation
    expected_at: datetime | None
    may_rate: bool
    rating: CitizenRating | None


@dataclass(frozen=True)
class Told:
    """A text as it holds on a day."""

    place: ConsentPlace
    version: int
    text: str
    starts_on: date | None = None

    @property
    def digest(self) -> str:
        """What the record of a consent keeps of the words."""
        return sm3(self.text.encode())


FIRST_TEXTS = {
    ConsentPlace.REPORT: (
        "为办理您反映的事项，我们收集您填写的内容、地点、照片，以及您自愿填写的姓名、电话。电话加密保存；这些信息只提供给"
        "受理、承办这件事的单位和人员，不作他用；办结后按档案规定的期限保存，到期删除或匿名。您可以凭查询码了解进度，"
        "可以到综治中心窗口查阅、复制、更正本人信息，或者撤回同意；撤回不影响此前的处理。"
    ),
    ConsentPlace.RECEIPT: (
        "您的姓名、证件号码、电话、住址用于受理和办理本事项、通知进度和回访；证件号码、电话、住址加密保存，只提供给受理、"
        "承办的单位和人员；办结后按档案规定的期限保存，到期删除或匿名。您可以到窗口查阅、复制、更正本人信息，要求限制处理或者依法删除。"
    ),
}
"""The first version of each text, until the county sets its own."""


def consent_text(place: ConsentPlace, day: date | None = None) -> Told:
    """What people are told there on a day, today without one."""
    rows = consent_texts(place).filter(starts_on__lte=day or timezone.localdate())
    if row := rows.order_by("-starts_on", "-version").first():
        return Told(place, row.version, row.text, row.starts_on)
    return Told(place, 1, FIRST_TEXTS[place])


def consent_texts(place: ConsentPlace) -> QuerySet[ConsentText]:
    """All versions that were set for a place, the latest first."""
    return ConsentText.objects.filter(place=place).select_related("set_by").order_by("-version")


def query_code_of(typed: str) -> QueryCode:
    """The live code that was typed or scanned. NotFound, in the same words and by the same single query, for one
    that was guessed, altered, voided, or whose case ended half a year ago.
    """
    digests = query_code_hashes(normalised_query_code(typed))
    row = QueryCode.objects.select_related("case__merged_into", "party").filter(code_hash__in=digests).first()
    if row is None or row.voided_at is not None or _is_old(followed_case(row)):
        raise NotFound(NOT_FOUND)
    return row


def query_code_by_phone(short: str, tail: str) -> QueryCode:
    """The live code that begins so and was handed to the person whose phone ends so; NotFound in the same words."""
    hashes, tails = short_code_hashes(short), phone_tails(tail)
    rows = QueryCode.objects.filter(short_hash__in=hashes, party__phone_tail__in=tails, voided_at__isnull=True)
    row = rows.select_related("case__merged_into", "party").first()
    if row is None or _is_old(followed_case(row)):
        raise NotFound(NOT_FOUND)
    return row


def query_code_numbered(pk: int) -> QueryCode:
    """The live code that was found a while ago; NotFound where it is voided since."""
    row = QueryCode.objects.select_related("case__merged_into", "party").filter(pk=pk, voided_at__isnull=True).first()
    if row is None or _is_old(followed_case(row)):
        raise NotFound(NOT_FOUND)
    return row


def followed_case(code: QueryCode) -> Case:
    """The case that a code leads to: its own, or the one it was merged into, however often."""
    case = code.case
    while case.status == State.MERGED and case.merged_into is not None:
        case = case.merged_into
    return case


def _has_no_unit(case: Case) -> bool:
    """Of what the centre handles itself, and of a complaint about an official or an organisation, no paper and no page
    names a unit but the centre."""
    return case.holder_id == case.centre_id or case.parties.filter(role=PartyRole.ACCUSED).exists()


def progress_of(code: QueryCode) -> Progress:
    """How far the case is. A fixed number of queries."""
    case = Case.objects.select_related("centre", "holder", "guided_to").get(pk=followed_case(code).pk)
    assert case.centre is not None  # noqa: S101 - a registered case has its centre
    is_done = case.status in DONE_STATES
    ratings = CitizenRating.objects.filter(case=case, party=code.party).order_by("-rated_at")
    rating = next((row for row in ratings if is_done and row.closed_at == case.closed_at), None)
    return Progress(
        code=str(case.code),
        headline=HEADLINES[State(case.status)],
        is_merged=case.pk != code.case_id,
        steps=_steps(code.case, case),
        holder=case.guided_to or (None if is_done or _has_no_unit(case) else case.holder),
        centre=case.centre,
        expected_at=expected_end(case),
        may_rate=is_done and rating is None,
        rating=rating,
    )


def live_codes_of(case: Case) -> QuerySet[QueryCode]:
    """Codes of a case's applicants that work, for its dossier."""
    return case.query_codes.filter(voided_at__isnull=True).select_related("party", "issued_by").order_by("pk")


def ratings_of(case: Case) -> QuerySet[CitizenRating]:
    """What citizens said of the handling, the latest first."""
    return case.citizen_ratings.order_by("-rated_at")


@dataclass(frozen=True)
class Applicant:
    """An applicant who may be handed a receipt."""

    party: Party
    name: str
    code: QueryCode | None


def applicants_of(case: Case, *, names_in_clear: bool) -> list[Applicant]:
    """The applicants of a case, each with the code that was handed out."""
    codes = {code.party_id: code for code in live_codes_of(case)}
    rows = case.parties.filter(side="applicant", role="principal").order_by("ordinal", "pk")
    return [Applicant(party, shown_name(party, in_clear=names_in_clear), codes.get(party.pk)) for party in rows]


def public_desk() -> Posting:
    """The posting by which citizens report without a visit; NotFound where no centre has opened this way."""
    rows = Posting.objects.filter(current(), role=POST_OF_SYSTEMS, user__name=PUBLIC_DESK, user__is_active=True)
    desk = rows.select_related("user", "organisation__territory").order_by("pk").first()
    if desk is None:
        raise NotFound("网上反映还没有开通，请到综治中心窗口或拨打 12345。")
    return desk


def public_places(desk: Posting) -> QuerySet[Territory]:
    """The towns that a citizen chooses from."""
    return open_territories().filter(pk__in=subtree(desk.organisation.territory.code), level=Level.TOWN)


def _is_old(case: Case) -> bool:
    ended = case.closed_at if case.status in DONE_STATES else None
    return ended is not None and timezone.now() - ended > GOOD_AFTER_END


def _steps(own: Case, followed: Case) -> list[PublicStep]:
    """The steps of one's own case, then those of the case it went into, from that moment on."""
    rows = list(StatusChange.objects.filter(case__in={own.pk, followed.pk}).order_by("at", "pk"))
    merged_at = max((r.at for r in rows if r.case_id == own.pk and r.event == Event.MERGE), default=None)
    shown = [r for r in rows if r.case_id == own.pk or (merged_at is not None and r.at > merged_at)]
    steps = [PublicStep(STEPS[Event(r.event)], r.at) for r in shown if r.event in STEPS]
    told = WorkNote.objects.filter(case=followed).exclude(citizen_line="")
    steps += [PublicStep(note.citizen_line, note.written_at) for note in told]
    return sorted(steps, key=lambda step: step.at)


def expected_end(case: Case) -> datetime | None:
    """When the handling of a case is due; None where no such limit runs."""
    clocks = Clock.objects.filter(case=case, kind=ClockKind.HANDLE, stopped_at=None, paused_at=None)
    return clocks.order_by("due_at").values_list("due_at", flat=True).first()
