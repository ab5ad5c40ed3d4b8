"""The end of a case: outcome reported, reviewed, closed or sent back; reopened, archived; the fast track."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from grids.models import Organisation
from grids.roles import Capability
from grids.scope import scope_of
from intake.actions.dispatch import take_up_case
from intake.actions.register import register_case
from intake.actions.roads import drop_roads, open_road
from intake.actions.tiers import settle_tier
from intake.actions.triage import accept_case
from intake.deadlines.actions.clocks import NewLimit, exchange_clocks, start_clock, stop_clocks
from intake.deadlines.models import ClockKind
from intake.entries import CaseEntry
from intake.extension_points import Way
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Case, Complexity, Handling, Outcome, Road
from intake.notifications import announce, notify_handlers
from intake.permissions import may_close, may_report, may_settle_at_window, may_sort, needs_another, took_up_simple
from intake.queries import archive_gaps
from intake.queries.guardians import principals_of, why_guardian_is_missing
from intake.transitions import come_to_rest, locked, move, reason_given, require_free, words
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
from zhongzhi.core.text import clean_text

OWN_REVIEW = "（本中心没有其他审核人员，由反馈人本人审核）"


@dataclass(frozen=True)
class Report:
    """What came out: the way it was settled, or `unresolved` with the legal road it was led to."""

    outcome: str
    note: str
    road: str = ""


@transaction.atomic
def report_outcome(case: Case, report: Report, *, actor: User, version: int | None = None) -> Case:
    """The organisation reports how it ended; handling and tier limits stop, the review limit starts.

    Raises RuleViolation at `outcome`, `note` or `road` for a report that says too little, InvalidTransition while a
    co-handler owes its report or a task is open.
    """
    case = locked(case, version=version)
    handling = case.handlings.filter(closed_at__isnull=True, part="lead").select_related("organisation").first()
    if handling is None:
        raise InvalidTransition("案件目前没有承办单位，不能反馈办理结果。")
    require(may_report(actor, case, handling), f"这件案件由{handling.organisation}承办，由该单位反馈结果。")
    conclude_locked(case, report, handling=handling, actor=actor)
    return case


def _is_late(case: Case, now: datetime) -> bool:
    """Whether a limit for handling was passed, one included that is over and not marked yet."""
    over = Q(breached_at__isnull=False) | Q(stopped_at=None, paused_at=None, due_at__lt=now)
    return case.clocks.filter(over, kind=ClockKind.HANDLE).exists()


def conclude_locked(case: Case, report: Report, *, handling: Handling, actor: User) -> None:
    """Set the outcome of a locked case that its lead, or a mediation for it, has brought to an end."""
    report = checked_report(report)
    require_free(case, Way.CONCLUDE)
    now = timezone.now()
    columns = {
        "outcome": report.outcome,
        "outcome_note": report.note,
        "road": report.road,
        "solved_tier": "" if report.outcome == Outcome.UNRESOLVED else case.tier,
        "concluded_at": now,
        "concluded_by": handling.organisation,
        "in_time": not _is_late(case, now),
        "holder": case.centre,
    }
    move(
        case,
        Event.CONCLUDE,
        actor=actor,
        reason=f"{Outcome(report.outcome).label}：{report.note}",
        organisation=handling.organisation,
        columns=columns,
    )
    come_to_rest(case, Way.CONCLUDE, actor=actor, reason="已反馈办理结果")
    if report.road:
        open_road(case, report.road, organisation=handling.organisation, at=now)
    assert case.centre is not None
    start_clock(case, ClockKind.REVIEW, organisation=case.centre, at=now)
    record(actor, Verb.OUTCOME_REPORTED, case, outcome=report.outcome, road=report.road, handling=handling.pk)
    announce(case, "case_concluded", "已反馈办理结果，请审核", actor=None)


@transaction.atomic
def send_back(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Review finds the report wanting: the last handler goes on; a new handling limit starts. What became red while the
    report waited goes to the county."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    reason = reason_given(reason)
    _go_on(case, Event.SEND_BACK, actor, reason)
    stop_clocks(case, ClockKind.REVIEW)
    record(actor, Verb.SENT_BACK, case)
    settle_tier(case, actor)
    return case


@transaction.atomic
def close_case(case: Case, *, actor: User, note: str = "", version: int | None = None) -> Case:
    """Review passes and the case is done; the follow-up limit starts. InvalidTransition while work on it is open,
    PermissionDenied for who reported the outcome, unless the centre has nobody else or it went the fast track."""
    case = locked(case, version=version)
    require(may_close(actor, case))
    LIFECYCLE.target(State(case.status), Event.CLOSE)
    refuse_for(why_not_review(case, actor))
    if case.handlings.filter(closed_at__isnull=True).exists():
        raise InvalidTransition("还有承办单位没有办完，不能办结。")
    now = timezone.now()
    own = {"own_report": True} if reports_itself(case, actor) else {}
    note = words(note) + (OWN_REVIEW if own else "")
    move(case, Event.CLOSE, actor=actor, reason=note, columns={"closed_at": now})
    assert case.centre is not None
    exchange_clocks(case, stop=(ClockKind.REVIEW,), start=[NewLimit(ClockKind.FOLLOW_UP, case.centre)], at=now)
    record(actor, Verb.CLOSED, case, outcome=case.outcome, tier=case.solved_tier, **own)
    if not case.is_fast_track:
        announce(case, "case_closed", "已审核办结", actor=actor, former=case.concluded_by)
    return case


def reports_itself(case: Case, actor: User) -> bool:
    """Whether the person reviews what they reported; on the fast track that is meant so."""
    if case.is_fast_track:
        return False
    reports = case.status_changes.filter(event=Event.CONCLUDE).order_by("-pk").values_list("actor", flat=True)
    return reports.first() == actor.pk


def why_not_review(case: Case, actor: User) -> DomainError | None:
    """Why the person may not review this report; None where they may."""
    if not scope_of(actor).may_at(case.centre_id, Capability.CLOSE) and took_up_simple(actor, case):
        return None
    author = actor.pk if reports_itself(case, actor) else None
    if not needs_another(actor, author, case.centre_id, Capability.CLOSE, case=case.pk):
        return None
    return PermissionDenied(f"办理结果由您反馈，请由{case.centre}的其他人员审核办结。")


@transaction.atomic
def reopen_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Take a closed case up again (agreement broken, citizen dissatisfied): new clocks, the old keep their verdict."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    reopen_locked(case, reason=reason_given(reason), actor=actor)
    return case


def reopen_locked(case: Case, *, reason: str, actor: User | None) -> None:
    """Take a locked, closed case up again; `actor` is None where the clock does it."""
    _go_on(case, Event.REOPEN, actor, reason)
    stop_clocks(case, ClockKind.FOLLOW_UP)
    record(actor, Verb.REOPENED, case)
    settle_tier(case, actor)


@transaction.atomic
def archive_case(case: Case, *, actor: User, note: str = "", version: int | None = None) -> Case:
    """File a closed case away, once nothing is missing.

    Raises RuleViolation that names all that is (see `queries.archive_gaps`).
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    gaps = archive_gaps(case) if case.status == State.CLOSED else []
    if gaps:
        raise RuleViolation("还不能归档：" + "；".join(gaps) + "。")
    move(case, Event.ARCHIVE, actor=actor, reason=words(note))
    come_to_rest(case, Way.ARCHIVE, actor=actor, reason="案件已归档")
    record(actor, Verb.ARCHIVED, case)
    return case


@transaction.atomic
def settle_at_window(
    entry: CaseEntry,
    report: Report,
    *,
    actor: User,
    centre: Organisation | None = None,
    uid: UUID | None = None,
) -> Case:
    """The fast track (快速处置): register, accept, settle and close a simple case in one form, by one person.

    Every step stands in the trail. All or nothing: a fault in the outcome leaves no registered case behind.
    Raises RuleViolation when the case is not simple, or has no category.
    """
    if entry.complexity != Complexity.SIMPLE:
        raise RuleViolation("快速处置只用于“简单”案件；请改为一般登记。", field="complexity")
    report = checked_report(report)
    case = register_case(entry, actor=actor, centre=centre, uid=uid, fast_track=True)
    require(may_settle_at_window(actor, case), "快速处置由受理中心的窗口办理。")
    if report.outcome != Outcome.UNRESOLVED:
        refuse_for(why_guardian_is_missing(principals_of(case)))
    accept_case(case, actor=actor)
    take_up_case(case, actor=actor)
    report_outcome(case, report, actor=actor)
    return close_case(case, actor=actor)


def checked_report(report: Report) -> Report:
    """The rules of a report: a known outcome, what was done, and for an unresolved case the road it takes."""
    if report.outcome not in Outcome.values:
        raise RuleViolation("请选择办理结果。", field="outcome")
    note = clean_text(report.note, field="note", max_length=5000, multiline=True)
    if not note:
        raise RuleViolation("请写明办理情况。", field="note")
    if report.outcome != Outcome.UNRESOLVED:
        return Report(report.outcome, note)
    if report.road not in Road.values:
        raise RuleViolation("未化解的，请写明引导当事人走哪条法律途径。", field="road")
    return Report(report.outcome, note, report.road)


def _go_on(case: Case, event: Event, actor: User | None, reason: str) -> None:
    """Back to handling, with the organisation that handled it last."""
    last = case.handlings.filter(part="lead").select_related("organisation").order_by("-pk").first()
    if last is None:
        raise InvalidTransition("案件没有承办记录，不能退回办理。")
    organisation: Organisation = last.organisation
    columns = {
        "holder": organisation,
        "concluded_at": None,
        "concluded_by": None,
        "in_time": None,
        "closed_at": None,
        "outcome": "",
        "road": "",
        "solved_tier": "",
        "is_fast_track": False,
    }
    move(case, event, actor=actor, reason=reason, organisation=case.centre, columns=columns)
    now = timezone.now()
    drop_roads(case, at=now)
    handling = Handling.objects.create(
        case=case,
        kind=last.kind,
        organisation=organisation,
        instruction=reason,
        opened_at=now,
        opened_by=actor or last.opened_by,
        signed_at=now,
        signed_by=actor if last.signed_by_id is None else last.signed_by,
    )
    assert case.centre is not None
    limits = [NewLimit(ClockKind.HANDLE, organisation, handling), NewLimit(ClockKind.TIER, case.centre)]
    exchange_clocks(case, start=limits, at=now)
    notify_handlers(case, organisation, f"case_{event}", "退回重新办理")
