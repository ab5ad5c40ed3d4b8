"""Handing a case out: dispatch, take up at the centre itself, sign for, give back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from grids.queries import members_with
from grids.roles import Capability
from intake.actions.complaints import require_may_handle
from intake.actions.restricting import open_to_organisation
from intake.coordination.actions import CoHandler
from intake.coordination.actions.joint_handling import open_parts
from intake.deadlines.actions.clocks import NewLimit, exchange_clocks, start_clock, stop_clocks
from intake.deadlines.models import ClockKind
from intake.deadlines.queries import rule_for, work_calendar
from intake.extension_points import Way
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Case, CloseReason, Handling, HandlingKind, HandlingPart, ReturnRequest
from intake.notifications import announce, notify_dispatchers, notify_handlers
from intake.permissions import may_accept, may_decide_return, may_sort, may_work_on, needs_another
from intake.queries import SuggestedLead, dispatch_targets_of, suggested_lead
from intake.transitions import come_to_rest, locked, move, reason_given, touch, words
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import worktime
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation, refuse_for, require
from zhongzhi.core.paper_dates import paper_moment
from zhongzhi.core.worktime import Unit


@transaction.atomic
def dispatch_case(
    case: Case,
    *,
    actor: User,
    organisation: Organisation | None,
    instruction: str = "",
    co_handlers: Sequence[CoHandler] = (),
    version: int | None = None,
) -> Case:
    """Hand the case to one lead organisation and any number of co-handlers; each must sign for its part, and has
    sign-for and handling limits of its own from now on. Apps above hand out with a slip; this is their ground.

    Raises RuleViolation at `organisation` or `co_handlers` for none, or one out of the centre's reach.
    """
    suggested = suggested_lead(case)
    case = locked(case, version=version)
    require(may_sort(actor, case))
    organisation = _may_lead(case, organisation)
    require_may_handle(case, organisation, *(part.organisation for part in co_handlers), lead=True)
    open_to_organisation(case, organisation, actor)
    instruction, now = words(instruction, field="instruction"), timezone.now()
    move(
        case,
        Event.DISPATCH,
        actor=actor,
        organisation=case.centre,
        reason=f"交办至{organisation}" + (f"：{instruction}" if instruction else ""),
        columns={"holder": organisation},
    )
    stop_clocks(case, ClockKind.DISPATCH)
    parts = _end_other_part(case, organisation)
    handling = _open_handling(case, HandlingKind.DISPATCH, organisation, actor, now, instruction, suggested=suggested)
    _hand_over(case, parts, actor)
    limits = [NewLimit(kind, organisation, handling) for kind in (ClockKind.SIGN, ClockKind.HANDLE)]
    exchange_clocks(case, start=limits, at=now)
    record(actor, Verb.DISPATCHED, case, organisation=organisation.pk, handling=handling.pk)
    notify_handlers(case, organisation, "case_dispatched", "已交办，请签收")
    open_parts(case, co_handlers, actor, now)
    return case


def _may_lead(case: Case, organisation: Organisation | None) -> Organisation:
    if organisation is None or not dispatch_targets_of(case).filter(pk=organisation.pk).exists():
        raise RuleViolation("请选择本中心可以交办的承办单位。", field="organisation")
    return organisation


@transaction.atomic
def take_up_case(case: Case, *, actor: User, version: int | None = None) -> Case:
    """Let the centre handle the case itself; the handling limit starts now."""
    case = locked(case, version=version)
    require(may_accept(actor, case))
    assert case.centre is not None
    require_may_handle(case, case.centre, lead=True)
    now = timezone.now()
    move(case, Event.TAKE_UP, actor=actor, columns={"holder": case.centre})
    stop_clocks(case, ClockKind.DISPATCH)
    parts = _end_other_part(case, case.centre)
    handling = _open_handling(case, HandlingKind.SELF, case.centre, actor, now, "", signed_by=actor)
    _hand_over(case, parts, actor)
    start_clock(case, ClockKind.HANDLE, organisation=case.centre, handling=handling, at=now)
    record(actor, Verb.TAKEN_UP, case, handling=handling.pk)
    return case


@transaction.atomic
def sign_for_case(case: Case, *, actor: User, version: int | None = None) -> Case:
    """The organisation confirms that it has the case; the sign-for limit ends."""
    case = locked(case, version=version)
    handling = _lead(case)
    require(may_work_on(actor, handling), f"这件案件交办给{handling.organisation}，由该单位签收。")
    move(case, Event.SIGN, actor=actor, organisation=handling.organisation)
    handling.signed_at, handling.signed_by = timezone.now(), actor
    handling.save(update_fields=["signed_at", "signed_by"])
    stop_clocks(case, ClockKind.SIGN, handling=handling)
    record(actor, Verb.SIGNED, case, handling=handling.pk)
    return case


@transaction.atomic
def return_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Give the case back to the centre, with a reason, within the return limit (one working day; petitions
    five, 信访工作条例 art. 23).

    The first refusal takes effect at once; a second one of the same case is laid before the centre's manager;
    after two the centre's choice of the lead is final. What a co-handler gives back is no refusal of the case.
    Raises RuleViolation for a limit that has passed, InvalidTransition while the case rests.
    """
    case = locked(case, version=version)
    handling = _lead(case)
    require(may_work_on(actor, handling), f"这件案件由{handling.organisation}承办，只有该单位可以退回。")
    LIFECYCLE.target(State(case.status), Event.RETURN)
    reason = reason_given(reason)
    refuse_for(why_no_return(case, handling))
    if _earlier_returns(case):
        return _ask_return(case, handling, actor, reason)
    return _give_back(case, handling, actor, reason)


@transaction.atomic
def recall_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Take a case back from a lead in which nobody can work on it: all left, or all stand back. It is handed out anew,
    and counts for no return.

    Raises InvalidTransition where somebody there can.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    handling = _lead(case)
    LIFECYCLE.target(State(case.status), Event.RETURN)
    refuse_for(why_no_recall(case, handling))
    reason, name = reason_given(reason), handling.organisation.short_name
    move(case, Event.RETURN, actor=actor, organisation=case.centre, reason=reason, columns={"holder": case.centre})
    _close(handling, CloseReason.RELEASED)
    notify_handlers(case, handling.organisation, f"case_recalled_{handling.pk}", "已由中心收回")
    record(actor, Verb.RECALLED, case, handling=handling.pk, organisation=handling.organisation_id)
    return _sorted_anew(case, handling, actor, f"中心收回：{reason}", f"已从{name}收回，请重新分流")


def why_no_recall(case: Case, handling: Handling) -> DomainError | None:
    """Why the centre may not take this case back; None where it may."""
    if handling.kind == HandlingKind.SELF:
        return InvalidTransition("中心自办的案件不用收回。")
    back = {row.user_id for row in case.standing_back.all()}
    if any(person.pk not in back for person in members_with(handling.organisation_id, Capability.HANDLE)):
        return InvalidTransition(f"{handling.organisation}有经办人员，由该单位办理或者退回。")
    return None


def why_no_return(case: Case, handling: Handling) -> DomainError | None:
    """Why the lead may not give this case back any more; None where it may."""
    if handling.kind == HandlingKind.SELF:
        return InvalidTransition("中心自办的案件没有可退回的单位；可改为导引或撤回。")
    limit = _return_limit(case, handling)
    if limit is not None and timezone.now() > limit:
        return RuleViolation(f"退回期限已于{paper_moment(limit)}届满，请继续办理；确有困难可申请延期。", field="reason")
    if _earlier_returns(case) >= 2:
        return RuleViolation("本案已退回两次，主办单位由综治中心最终指定，不能再退回。", field="reason")
    if _earlier_returns(case) and ReturnRequest.objects.filter(handling=handling).exists():
        return InvalidTransition("本次交办的退回申请已经提出，请等待或按综治中心负责人的决定办理。")
    return None


@transaction.atomic
def decide_return(case: Case, *, actor: User, granted: bool, note: str = "", version: int | None = None) -> Case:
    """The centre's manager grants or refuses a second return of the case."""
    case = locked(case, version=version)
    require(may_decide_return(actor, case), "第二次退回由综治中心负责人决定。")
    LIFECYCLE.target(State(case.status), Event.RETURN)
    request = (
        ReturnRequest.objects.select_for_update(of=("self",))
        .select_related("handling__organisation")
        .filter(handling__case=case, handling__closed_at=None, granted__isnull=True)
        .first()
    )
    if request is None:
        raise InvalidTransition("没有待决定的退回申请。")
    refuse_for(why_not_decide_return(case, request, actor))
    request.granted, request.decided_by, request.decided_at = granted, actor, timezone.now()
    request.decision_note = words(note) if granted else reason_given(note, field="note")
    request.save()
    if granted:
        return _give_back(case, request.handling, actor, request.reason, **_own(request, actor))
    touch(case)
    record(actor, Verb.RETURN_REFUSED, case, handling=request.handling_id, **_own(request, actor))
    notify_handlers(case, request.handling.organisation, f"return_refused_{request.pk}", "退回申请未获同意，请继续办理")
    return case


def why_not_decide_return(case: Case, request: ReturnRequest, actor: User) -> DomainError | None:
    """Why the person may not decide on this request; None where they may: nobody decides on what they asked for."""
    if not needs_another(actor, request.asked_by_id, case.centre_id, Capability.DECIDE_RETURN, case=case.pk):
        return None
    return PermissionDenied(f"退回由您申请，请由{case.centre}的其他负责人决定。")


def _own(request: ReturnRequest, actor: User) -> dict[str, bool]:
    return {"own_request": True} if request.asked_by_id == actor.pk else {}


def _end_other_part(case: Case, organisation: Organisation) -> list[Handling]:
    """Whoever becomes the lead is not a co-handler of the same case any more; the piece of work that ends."""
    parts = list(case.handlings.filter(organisation=organisation, closed_at__isnull=True))
    for part in parts:
        _close(part, CloseReason.RELEASED)
    return parts


def _hand_over(case: Case, parts: Sequence[Handling], actor: User) -> None:
    """What hung on the part of a co-handler goes on with its lead, or ends."""
    for part in parts:
        come_to_rest(case, Way.HAND_OUT, actor=actor, reason="改任主办单位", handling=part)


def _close(handling: Handling, reason: CloseReason) -> None:
    handling.closed_at, handling.close_reason = timezone.now(), reason
    handling.save(update_fields=["closed_at", "close_reason"])


def _open_handling(
    case: Case,
    kind: HandlingKind,
    organisation: Organisation,
    actor: User,
    now: datetime,
    instruction: str,
    signed_by: User | None = None,
    suggested: SuggestedLead | None = None,
) -> Handling:
    return Handling.objects.create(
        case=case,
        kind=kind,
        organisation=organisation,
        instruction=instruction,
        opened_at=now,
        opened_by=actor,
        signed_at=now if signed_by else None,
        signed_by=signed_by,
        suggested=suggested.organisation if suggested else None,
        suggested_by=suggested.by if suggested else "",
    )


def _lead(case: Case) -> Handling:
    handling = case.handlings.filter(closed_at__isnull=True, part="lead").select_related("organisation").first()
    if handling is None:
        raise InvalidTransition(f"案件{State(case.status).label}，目前没有承办单位。")
    return handling


def _return_limit(case: Case, handling: Handling) -> datetime | None:
    rule = rule_for(case, ClockKind.RETURN, on=timezone.localdate(handling.opened_at))
    return worktime.due(work_calendar(), handling.opened_at, rule.amount, Unit(rule.unit)) if rule else None


def _earlier_returns(case: Case) -> int:
    return case.handlings.filter(close_reason=CloseReason.RETURNED, part=HandlingPart.LEAD).count()


def _ask_return(case: Case, handling: Handling, actor: User, reason: str) -> Case:
    request = ReturnRequest.objects.create(handling=handling, reason=reason, asked_by=actor, asked_at=timezone.now())
    touch(case)
    record(actor, Verb.RETURN_ASKED, case, handling=handling.pk)
    notify_dispatchers(case, f"return_asked_{request.pk}", "第二次申请退回，请综治中心负责人决定")
    return case


def _give_back(case: Case, handling: Handling, actor: User, reason: str, **facts: bool) -> Case:
    move(
        case,
        Event.RETURN,
        actor=actor,
        organisation=handling.organisation,
        reason=reason,
        columns={"holder": case.centre},
    )
    _close(handling, CloseReason.RETURNED)
    record(actor, Verb.RETURNED, case, handling=handling.pk, organisation=handling.organisation_id, **facts)
    told = f"{handling.organisation.short_name}退回，请重新分流"
    return _sorted_anew(case, handling, actor, f"主办单位退回：{reason}", told)


def _sorted_anew(case: Case, handling: Handling, actor: User, reason: str, told: str) -> Case:
    """The lead is over; the case waits at its centre to be handed out, within a limit."""
    assert case.centre is not None
    come_to_rest(case, Way.RETURN, actor=actor, reason=reason, handling=handling)
    start_clock(case, ClockKind.DISPATCH, organisation=case.centre)
    announce(case, "case_returned", told, actor=None)
    return case
