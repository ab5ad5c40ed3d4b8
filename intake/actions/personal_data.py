"""What a person asks about their own data at the window, and what is decided (个人信息保护法 art. 44-50)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from grids.models import Organisation
from intake.actions.anonymising import anonymise_parties
from intake.lifecycle import OPEN_STATES, State
from intake.models import (
    Case,
    DataRequest,
    DataRequestKind,
    DataRequestState,
    ErasureGround,
    Party,
    RestrictedParty,
    Restriction,
)
from intake.permissions.data_requests import may_decide_data_request, may_receive_data_requests
from intake.queries import cases_visible_to
from intake.queries.personal_data import PersonNamed, parties_of_person, roster_person_of
from intake.transitions import locked, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text

MANAGERS_ONLY = "限制处理、删除个人信息由受理中心的负责人决定。"
LONGEST = 200
WITHOUT_FILE = (State.WITHDRAWN, State.GUIDED, State.DRAFT)
"""States in which no file came of the matter: a case that was taken on has a file, which archives law keeps."""


@dataclass(frozen=True)
class Erased:
    """How many rows were erased, how many must be kept and are only stored from now on, how many are not in sight."""

    erased: int
    restricted: int
    out_of_sight: int


@transaction.atomic
def receive_data_request(
    *,
    kind: str,
    reason: str,
    paper_number: str = "",
    name: str = "",
    phone: str = "",
    identity_checked: bool,
    centre: Organisation,
    actor: User,
) -> DataRequest:
    """Note what a person asks about their own data, after a look at their paper; the rows that are theirs are found.

    To look and copy is granted at once (art. 45), all else waits for the manager. Raises BadInput without a reason,
    without the look at the paper, or when neither a number nor name and phone are given.
    """
    require(may_receive_data_requests(actor, centre), "个人信息请求由综治中心窗口受理。")
    if not identity_checked:
        raise BadInput("请先核验本人身份证件，再勾选。", field="identity_checked")
    who, reason = _named(paper_number, name, phone), _short(reason)
    granted = kind == DataRequestKind.ACCESS
    row = DataRequest.objects.create(
        kind=DataRequestKind(kind),
        reason=reason,
        centre=centre,
        received_by=actor,
        party_ids=list(parties_of_person(who).order_by("pk").values_list("pk", flat=True)),
        roster_person=roster_person_of(who),
        **_decided(actor, DataRequestState.DONE) if granted else {},
    )
    facts = {"kind": kind, "centre": centre.pk, "parties": row.party_ids, "reason": reason}
    record(actor, Verb.DATA_REQUESTED, row, **facts)
    return row


@transaction.atomic
def note_data_sheet(request: DataRequest, *, actor: User, how: str) -> None:
    """Record that the sheet was shown (`page`), printed or taken as a file."""
    record(actor, Verb.DATA_SHEET_MADE, request, how=how)


@transaction.atomic
def restrict_data(request: DataRequest, *, opinion: str, until: date | None = None, actor: User) -> Restriction:
    """Let this person's data only be stored, until a day (its last) or until it is lifted.

    Raises RuleViolation for a day that is over, or where nothing is kept of the person.
    """
    request = _open_request(request, actor)
    opinion = _short(opinion, field="opinion")
    if until is not None and until < timezone.localdate():
        raise RuleViolation("限制至的日期已过，请改为今天或以后；不定期限的留空。", field="until")
    row = _restrict(request, _parties(request), opinion, until=until, actor=actor)
    _decide(request, actor=actor, opinion=opinion)
    return row


@transaction.atomic
def lift_restriction(restriction: Restriction, *, reason: str, actor: User) -> Restriction:
    """End a restriction before its day. Raises InvalidTransition for one that is over."""
    rows = Restriction.objects.select_for_update(of=("self",)).select_related("request")
    row = rows.get(pk=restriction.pk)
    require(may_decide_data_request(actor, row.request), MANAGERS_ONLY)
    if row.lifted_at is not None:
        raise InvalidTransition("限制处理已经解除。")
    row.lift_reason = _short(reason)
    row.lifted_by, row.lifted_at = actor, timezone.now()
    row.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    record(actor, Verb.RESTRICTION_LIFTED, row.request, restriction=row.pk, reason=row.lift_reason)
    return row


@transaction.atomic
def erase_data(request: DataRequest, *, ground: str, opinion: str, actor: User) -> Erased:
    """Erase what the law lets go (art. 47), and only store the rest: what is in hand, and what archives law keeps.

    Data that were processed against the law go from every case that is not in hand. Rows of cases out of the manager's
    sight are restricted and left to the centre that answers for them.
    """
    request = _open_request(request, actor)
    opinion = _short(opinion, field="opinion")
    if ground not in ErasureGround.values:
        raise BadInput("请选择删除的法定依据。", field="ground")
    parties = list(_parties(request).select_related("case").order_by("case_id", "pk"))
    sight = set(cases_visible_to(actor).filter(pk__in={p.case_id for p in parties}).values_list("pk", flat=True))
    going = [p for p in parties if p.case_id in sight and _may_go(p.case, ground)]
    for case in {p.case_id: p.case for p in going}.values():
        anonymise_parties(locked(case), [p for p in going if p.case_id == case.pk], actor=actor, why=ground)
    kept = Party.everyone.filter(pk__in=[p.pk for p in parties if p not in going])
    if kept.exists():
        _restrict(request, kept, "法定保存期限未满或者正在办理，停止存储以外的处理", actor=actor)
    _decide(request, actor=actor, opinion=opinion, ground=ground, erased=len(going))
    return Erased(len(going), len(parties) - len(going), sum(p.case_id not in sight for p in parties))


@transaction.atomic
def note_corrected(request: DataRequest, *, opinion: str, actor: User) -> DataRequest:
    """Close a request to correct: what was wrong was amended in the cases themselves, each with its own line."""
    request = _open_request(request, actor)
    return _decide(request, actor=actor, opinion=_short(opinion, field="opinion"), verb=Verb.DATA_CORRECTED)


@transaction.atomic
def refuse_data_request(request: DataRequest, *, opinion: str, actor: User) -> DataRequest:
    """Refuse, with the reason that the person is told (art. 50)."""
    request = _open_request(request, actor)
    opinion = _short(opinion, field="opinion")
    state, verb = DataRequestState.REFUSED, Verb.DATA_REQUEST_REFUSED
    return _decide(request, actor=actor, opinion=opinion, state=state, verb=verb)


def _named(paper_number: str, name: str, phone: str) -> PersonNamed:
    number, name, phone = paper_number.strip(), clean_text(name, field="name", max_length=80), phone.strip()
    if not number and not (name and phone):
        raise BadInput("请填写证件号码，或者同时填写姓名和电话。", field="paper_number")
    return PersonNamed(_paper(number), name, idnumbers.phone(phone) if phone else "")


def _paper(number: str) -> str:
    """As numbers of papers are kept: a resident identity number checked, any other in capitals."""
    if len(number) == 18:
        return idnumbers.resident_id(number, today=timezone.localdate()).number
    return clean_text(number, field="paper_number", max_length=40).upper()


def _short(text: str, *, field: str = "reason") -> str:
    reason = reason_given(text, field=field)
    if len(reason) > LONGEST:
        raise BadInput(f"最多 {LONGEST} 个字。", field=field)
    return reason


def _open_request(request: DataRequest, actor: User) -> DataRequest:
    """The request, locked; nobody but the manager of its centre decides, and only once."""
    row = DataRequest.objects.select_for_update().get(pk=request.pk)
    require(may_decide_data_request(actor, row), MANAGERS_ONLY)
    if row.state != DataRequestState.OPEN:
        raise InvalidTransition("这份请求已经办结。")
    return row


def _parties(request: DataRequest) -> QuerySet[Party]:
    return Party.everyone.filter(pk__in=request.party_ids)


def _may_go(case: Case, ground: str) -> bool:
    if case.status in OPEN_STATES and case.status != State.DRAFT:
        return False
    return case.status in WITHOUT_FILE or ground == ErasureGround.UNLAWFUL


def _restrict(
    request: DataRequest, parties: QuerySet[Party], reason: str, *, until: date | None = None, actor: User
) -> Restriction:
    keys = list(parties.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise RuleViolation("没有保存此人的案件信息，不需要限制处理。")
    row = Restriction.objects.create(request=request, reason=reason, restricted_by=actor, until=until)
    RestrictedParty.objects.bulk_create([RestrictedParty(restriction=row, party_id=pk) for pk in keys])
    record(actor, Verb.DATA_RESTRICTED, request, restriction=row.pk, parties=keys, until=until)
    return row


def _decided(actor: User, state: DataRequestState) -> dict[str, object]:
    return {"state": state, "decided_by": actor, "decided_at": timezone.now()}


def _decide(
    request: DataRequest,
    *,
    actor: User,
    opinion: str,
    ground: str = "",
    state: DataRequestState = DataRequestState.DONE,
    verb: Verb = Verb.DATA_REQUEST_DECIDED,
    **facts: object,
) -> DataRequest:
    for name, value in (_decided(actor, state) | {"decision": opinion, "ground": ground}).items():
        setattr(request, name, value)
    request.save(update_fields=["state", "decided_by", "decided_at", "decision", "ground"])
    record(actor, verb, request, ground=ground, opinion=opinion, **facts)
    return request
