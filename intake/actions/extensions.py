"""Extensions: more handling time is asked for and decided."""

from django.db import transaction
from django.utils import timezone

from grids.roles import Capability
from intake.deadlines.actions.clocks import extend_clock
from intake.deadlines.models import Clock, ClockKind, ExtensionRequest
from intake.deadlines.queries import running_clocks
from intake.models import Case
from intake.notifications import notify_dispatchers, notify_handlers
from intake.permissions import may_sort, may_work_on, needs_another
from intake.transitions import locked, reason_given, touch, words
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import (
    DomainError,
    InvalidTransition,
    PermissionDenied,
    RuleViolation,
    refuse_for,
    require,
)


@transaction.atomic
def ask_extension(case: Case, *, actor: User, reason: str, version: int | None = None) -> ExtensionRequest:
    """The organisation asks for more handling time, before the due time and with a reason.

    Raises RuleViolation when the time is over, none is left to grant, or a request is open.
    """
    case = locked(case, version=version)
    clock = _handling_clock(case, actor)
    reason = reason_given(reason)
    refuse_for(why_no_more_time(clock))
    request = ExtensionRequest.objects.create(clock=clock, reason=reason, asked_by=actor, asked_at=timezone.now())
    touch(case)
    record(actor, Verb.EXTENSION_ASKED, case, clock=clock.pk)
    notify_dispatchers(case, f"extension_asked_{request.pk}", "申请延期，请决定")
    return request


def why_no_more_time(clock: Clock) -> DomainError | None:
    """Why more time cannot be asked for; None where it can."""
    if clock.breached_at or timezone.now() > clock.due_at:
        return RuleViolation("办理时限已过，不能再申请延期。", field="reason")
    if not clock.rule.extension_amount or clock.extended >= clock.rule.max_extensions:
        return RuleViolation("这一时限不能再延长。", field="reason")
    if clock.extensions.filter(granted__isnull=True).exists():
        return InvalidTransition("已有延期申请等待决定。")
    return None


def own_handling_clock(case: Case, actor: User) -> Clock | None:
    """The running handling limit of the actor's organisation: of the lead, or of its part as co-handler."""
    clocks = [row for row in running_clocks(case) if row.kind == ClockKind.HANDLE and row.paused_at is None]
    mine = (clock for clock in clocks if clock.handling and may_work_on(actor, clock.handling))
    return min(mine, key=lambda clock: clock.pk, default=None)


@transaction.atomic
def decide_extension(case: Case, *, actor: User, granted: bool, note: str = "", version: int | None = None) -> Case:
    """The side that issued the work grants or refuses the time asked for."""
    case = locked(case, version=version)
    require(may_sort(actor, case), "延期由交办的综治中心决定。")
    request = (
        ExtensionRequest.objects.select_for_update(of=("self",))
        .filter(clock__case=case, clock__stopped_at=None, granted__isnull=True)
        .order_by("pk")
        .first()
    )
    if request is None:
        raise InvalidTransition("没有待决定的延期申请。")
    refuse_for(why_not_decide_extension(case, request, actor))
    clock = (
        Clock.objects.select_for_update(of=("self",)).select_related("rule", "organisation").get(pk=request.clock_id)
    )
    request.granted, request.decided_by, request.decided_at = granted, actor, timezone.now()
    request.decision_note = words(note) if granted else reason_given(note, field="note")
    request.save()
    if granted:
        extend_clock(clock)
    touch(case)
    own = {"own_request": True} if request.asked_by_id == actor.pk else {}
    record(actor, Verb.EXTENSION_DECIDED, case, clock=clock.pk, granted=granted, due_at=clock.due_at, **own)
    answer = "延期申请已同意" if granted else "延期申请未获同意"
    notify_handlers(case, clock.organisation, f"extension_decided_{request.pk}", answer)
    return case


def why_not_decide_extension(case: Case, request: ExtensionRequest, actor: User) -> DomainError | None:
    """Why the person may not decide on this request; None where they may: nobody grants the own extension."""
    if not needs_another(actor, request.asked_by_id, case.centre_id, Capability.SORT, case=case.pk):
        return None
    return PermissionDenied(f"延期由您申请，请由{case.centre}的其他人员决定。")


def _handling_clock(case: Case, actor: User) -> Clock:
    rows = Clock.objects.filter(case=case, kind=ClockKind.HANDLE, stopped_at=None, paused_at=None)
    if not rows.exists():
        raise InvalidTransition("目前没有在走的办理时限。")
    own = own_handling_clock(case, actor)
    if own is None:
        raise PermissionDenied("延期由承办单位申请。")
    return Clock.objects.select_for_update(of=("self",)).select_related("rule", "handling").get(pk=own.pk)
