"""Joint handling (多部门联动): co-handlers beside the lead, each with limits of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from grids.scope import scope_of
from intake.coordination.actions.joint_tasks import said
from intake.coordination.queries import releasable_parts
from intake.deadlines.actions.clocks import NewLimit, exchange_clocks, stop_clocks
from intake.deadlines.models import ClockKind
from intake.extension_points import Way
from intake.lifecycle import State
from intake.models import Case, CloseReason, Handling, HandlingKind, HandlingPart
from intake.models.handling import REPORTED_APART
from intake.notifications import notify_dispatchers, notify_handlers
from intake.permissions import may_sort, may_work_on
from intake.queries import dispatch_targets_of
from intake.queries.complaints import organisations_concerned
from intake.transitions import come_to_rest, locked, reason_given, require_free, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation, require

IN_HAND = (State.DISPATCHED, State.HANDLING)


@dataclass(frozen=True)
class CoHandler:
    """An organisation that is to help, and what it owes."""

    organisation: Organisation
    instruction: str = ""


@transaction.atomic
def add_co_handlers(
    case: Case, parts: Sequence[CoHandler], *, actor: User, version: int | None = None
) -> list[Handling]:
    """Call further organisations in; each signs for its own part and has its own limits.

    Raises RuleViolation at `co_handlers` for none, one out of reach, or one that handles the case already.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    if State(case.status) not in IN_HAND:
        raise InvalidTransition(f"案件{State(case.status).label}，没有主办单位；请先交办，再增加协办单位。")
    if not parts:
        raise RuleViolation("请选择协办单位。", field="co_handlers")
    opened = open_parts(case, parts, actor, timezone.now())
    touch(case)
    return opened


def open_parts(case: Case, parts: Sequence[CoHandler], actor: User, now: datetime) -> list[Handling]:
    """Open the co-handlings of a locked case, with sign-for and handling limits of their own. Who supported it so far
    (属地配合) and is given a slip handles its own part from now on."""
    assert case.centre is not None
    _check_parts(case, parts)
    supported = _end_support(case, parts)
    opened = []
    for part in parts:
        handling = Handling.objects.create(
            case=case,
            kind=HandlingKind.DISPATCH,
            part=HandlingPart.CO,
            organisation=part.organisation,
            instruction=part.instruction,
            opened_at=now,
            opened_by=actor,
        )
        limits = [NewLimit(kind, part.organisation, handling) for kind in (ClockKind.SIGN, ClockKind.HANDLE)]
        exchange_clocks(case, start=limits, at=now)
        record(actor, Verb.CO_HANDLER_ADDED, case, organisation=part.organisation.pk, handling=handling.pk)
        notify_handlers(case, part.organisation, f"case_co_{handling.pk}", "请协办，请签收")
        opened.append(handling)
    for support in supported:
        come_to_rest(case, Way.HAND_OUT, actor=actor, reason="属地配合改为协办", handling=support)
    return opened


@transaction.atomic
def sign_for_part(case: Case, *, actor: User, version: int | None = None) -> Case:
    """A co-handler confirms that it has its part; its sign-for limit ends."""
    case = locked(case, version=version)
    handling = own_part(case, actor)
    if handling.signed_at:
        raise InvalidTransition("本单位的协办任务已经签收。")
    handling.signed_at, handling.signed_by = timezone.now(), actor
    handling.save(update_fields=["signed_at", "signed_by"])
    stop_clocks(case, ClockKind.SIGN, handling=handling)
    touch(case)
    record(actor, Verb.PART_SIGNED, case, handling=handling.pk)
    return case


@transaction.atomic
def report_part(case: Case, *, actor: User, note: str, version: int | None = None) -> Case:
    """A co-handler reports its part as done; refused while a task of it is open."""
    case = locked(case, version=version)
    handling = own_part(case, actor)
    if handling.signed_at is None:
        raise InvalidTransition("请先签收，再反馈协办情况。")
    handling.report = said(note)
    require_free(case, Way.REPORT_PART, handling)
    _close_part(case, handling, CloseReason.CONCLUDED)
    come_to_rest(case, Way.REPORT_PART, actor=actor, reason="协办单位已反馈", handling=handling)
    record(actor, Verb.PART_REPORTED, case, handling=handling.pk)
    notify_dispatchers(case, f"part_reported_{handling.pk}", f"{handling.organisation.short_name}已反馈协办情况")
    return case


@transaction.atomic
def return_part(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """A co-handler gives its part back, before it has signed for it, with a reason."""
    case = locked(case, version=version)
    handling = own_part(case, actor)
    reason = reason_given(reason)
    if handling.signed_at:
        raise InvalidTransition("已签收的协办不能退回；确有困难的，请综治中心解除。")
    handling.report = reason
    _close_part(case, handling, CloseReason.RETURNED)
    come_to_rest(case, Way.DROP_PART, actor=actor, reason=f"协办单位退回：{reason}", handling=handling)
    record(actor, Verb.PART_RETURNED, case, handling=handling.pk)
    notify_dispatchers(case, f"part_returned_{handling.pk}", f"{handling.organisation.short_name}退回协办")
    return case


@transaction.atomic
def release_part(case: Case, handling: Handling, *, actor: User, reason: str, version: int | None = None) -> Case:
    """The centre releases a co-handler from its part and its tasks, with a reason."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    reason = reason_given(reason)
    part = releasable_parts(case).select_for_update(of=("self",)).filter(pk=handling.pk).first()
    if part is None:
        raise InvalidTransition("该单位目前没有在办的协办任务。")
    part.report = reason
    _close_part(case, part, CloseReason.RELEASED)
    come_to_rest(case, Way.DROP_PART, actor=actor, reason=reason, handling=part)
    record(actor, Verb.PART_RELEASED, case, handling=part.pk)
    notify_handlers(case, part.organisation, f"part_released_{part.pk}", "协办任务已解除")
    return case


def own_part(case: Case, actor: User) -> Handling:
    """The open co-handling of the actor's organisation, locked; PermissionDenied when there is none."""
    rows = Handling.objects.select_for_update(of=("self",)).select_related("organisation")
    mine = rows.filter(
        case=case,
        part=HandlingPart.CO,
        kind__in=REPORTED_APART,
        closed_at__isnull=True,
        organisation_id__in=sorted(scope_of(actor).organisation_ids),
    ).first()
    if mine is None or not may_work_on(actor, mine):
        raise PermissionDenied("您的单位目前没有本案的协办任务。")
    return mine


def _check_parts(case: Case, parts: Sequence[CoHandler]) -> None:
    assert case.centre is not None
    wanted = [part.organisation.pk for part in parts]
    if dispatch_targets_of(case).filter(pk__in=wanted).count() != len(set(wanted)):
        raise RuleViolation("请选择本中心可以交办的协办单位。", field="co_handlers")
    if Organisation.objects.filter(organisations_concerned(case), pk__in=wanted).exists():
        raise RuleViolation("不能交给被反映的单位或其所在村镇协办。", field="co_handlers")
    busy = Handling.objects.filter(case=case, organisation_id__in=wanted, closed_at__isnull=True)
    busy = busy.exclude(kind=HandlingKind.SUPPORT)
    names = "、".join(row.organisation.short_name for row in busy.select_related("organisation"))
    if names or len(wanted) != len(set(wanted)):
        raise RuleViolation(f"同一单位不能重复承办本案{'：' + names if names else ''}。", field="co_handlers")


def _end_support(case: Case, parts: Sequence[CoHandler]) -> list[Handling]:
    """Who supports and is given its own part supports no more; the pieces of work that end. What hangs on them goes
    on with the part, or ends."""
    wanted = [part.organisation.pk for part in parts]
    rows = list(case.handlings.filter(kind=HandlingKind.SUPPORT, closed_at=None, organisation_id__in=wanted))
    for handling in rows:
        handling.closed_at, handling.close_reason = timezone.now(), CloseReason.RELEASED
        handling.report = "改为协办，另行交办"
        handling.save(update_fields=["closed_at", "close_reason", "report"])
    return rows


def _close_part(case: Case, handling: Handling, reason: CloseReason) -> None:
    handling.closed_at, handling.close_reason = timezone.now(), reason
    handling.save(update_fields=["closed_at", "close_reason", "report"])
    touch(case)
