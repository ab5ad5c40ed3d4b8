"""A person decides a warning: it is so, or it is not and why; and what is made of it, by the acts that there are."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone

from early_warning.actions.raising import move_warning
from early_warning.lifecycle import Event, State
from early_warning.models import Response, ResponseKind, Warning
from early_warning.permissions import NOT_MINE, may_decide
from early_warning.verbs import Verb
from grids.actions import plan_visits
from grids.models import Hazard, PlannedVisit, Territory, VisitReason
from grids.queries import grids_below, plan_for
from intake.actions import register_from_hazard
from intake.coordination.actions import add_task, open_meeting, put_on_agenda
from intake.models import Case, HandlingPart
from referrals.actions import draft_letter
from referrals.models import Level, Purpose
from referrals.queries import kind_for
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, VersionConflict, require
from zhongzhi.core.text import clean_text, required_text

ENDED = (State.DISMISSED, State.ENDED)


@transaction.atomic
def confirm_warning(warning: Warning, *, actor: User, reason: str = "", version: int | None = None) -> Warning:
    """It is so; what becomes of it is looked at after 30 and 90 days. InvalidTransition for one that was decided."""
    warning = _locked(warning, actor, version)
    text = clean_text(reason, field="reason", max_length=1000, multiline=True)
    return _decide(warning, Event.CONFIRM, Verb.CONFIRMED, text, actor)


@transaction.atomic
def dismiss_warning(warning: Warning, *, actor: User, reason: str, version: int | None = None) -> Warning:
    """It is not so, or it is over; why is said. It is raised again by news alone."""
    warning = _locked(warning, actor, version)
    text = required_text(reason, field="reason", missing="请写明排除的理由。", max_length=1000, multiline=True)
    return _decide(warning, Event.DISMISS, Verb.DISMISSED, text, actor)


@transaction.atomic
def turn_into_case(warning: Warning, hazard: Hazard, *, actor: User) -> Response:
    """Register a hazard of the warning as a case."""
    case = register_from_hazard(hazard, actor=actor)
    return _respond(warning, ResponseKind.CASE, actor, f"/cases/{case.code}/", str(case.code), case=case, hazard=hazard)


@transaction.atomic
def turn_into_visit(
    warning: Warning, household: str, *, actor: User, note: str = "", grid: Territory | None = None
) -> Response:
    """Put somebody to see on this month's list of a grid of the place, where who works there finds it; of the place
    itself where it has no grids or several and none is named. RuleViolation at `grid` for one of another place.
    """
    month, place = timezone.localdate().replace(day=1), _place_to_visit(warning, grid)
    plan_visits(place, month, [household], actor=actor, reason=VisitReason.DISPUTE, note=note or "预警走访")
    plan = plan_for(place, month, household)
    words, link = plan.household if plan else household, f"/grids/visits/?month={month:%Y-%m}"
    return _respond(warning, ResponseKind.VISIT, actor, link, words, plan=plan)


@transaction.atomic
def turn_into_letter(warning: Warning, case: Case, *, actor: User, supervise: bool, instruction: str = "") -> Response:
    """Draft a reminder or a supervision about a case of the warning, to who handles it."""
    purpose = Purpose.SUPERVISE if supervise else Purpose.REMIND
    kind, level = kind_for(purpose, on=timezone.localdate()), Level.YELLOW if supervise else ""
    letter = draft_letter(case, actor=actor, kind=kind, level=level, instruction=instruction)
    return _respond(
        warning, ResponseKind.SUPERVISION, actor, f"/documents/{letter.uid}/", letter.subject[:200], case=case
    )


@transaction.atomic
def turn_into_task(warning: Warning, case: Case, *, actor: User, what: str, due_on: date | None = None) -> Response:
    """Give the organisation that leads a case of the warning a task. RuleViolation at `case` where nobody has it."""
    lead = case.handlings.filter(closed_at=None, part=HandlingPart.LEAD).first()
    if lead is None:
        raise RuleViolation("这件案件目前没有承办单位，请先交办。", field="case")
    task = add_task(case, lead, actor=actor, what=what, due_on=due_on)
    return _respond(warning, ResponseKind.TASK, actor, f"/cases/{case.code}/", task.what[:200], case=case)


@transaction.atomic
def turn_into_item(warning: Warning, case: Case, *, actor: User) -> Response:
    """Bring a case of the warning up at today's meeting of its centre."""
    if case.centre is None:
        raise RuleViolation("草稿不能提请会商。", field="case")
    item = put_on_agenda(open_meeting(case.centre, actor=actor), case, actor=actor)
    return _respond(warning, ResponseKind.AGENDA, actor, f"/meetings/{item.meeting_id}/", str(case.code), case=case)


TURNING: dict[str, Callable[..., Response]] = {
    "case": turn_into_case,
    "visit": turn_into_visit,
    "letter": turn_into_letter,
    "task": turn_into_task,
    "item": turn_into_item,
}


def _place_to_visit(warning: Warning, grid: Territory | None) -> Territory:
    grids = list(grids_below(warning.territory))
    if grid is not None and grid not in grids:
        raise RuleViolation("请选择这条预警所在地方的网格。", field="grid")
    return grid or (grids[0] if len(grids) == 1 else warning.territory)


def _respond(
    warning: Warning, kind: ResponseKind, actor: User, link: str, words: str,
    *, case: Case | None = None, hazard: Hazard | None = None, plan: PlannedVisit | None = None,
) -> Response:  # fmt: skip
    """Keep what was made of it. Whoever acts on an open warning confirms it: cases are locked before warnings."""
    warning = _locked(warning, actor, None)
    if warning.status in ENDED:
        raise InvalidTransition(f"这条预警{State(warning.status).label}，不能再处置。")
    if warning.status == State.OPEN:
        _decide(warning, Event.CONFIRM, Verb.CONFIRMED, str(kind.label), actor)
    return Response.objects.create(
        warning=warning, kind=kind, case=case, hazard=hazard, plan=plan, words=words, link=link, made_by=actor
    )


def _decide(warning: Warning, event: Event, verb: Verb, reason: str, actor: User) -> Warning:
    now = timezone.now()
    move_warning(warning, event, actor, reason, now)
    warning.decided_by, warning.decided_at, warning.reason = actor, now, reason
    warning.save(update_fields=["status", "version", "decided_by", "decided_at", "reason"])
    record(actor, verb, warning, kind=warning.kind, matters=warning.evidence.count())
    return warning


def _locked(warning: Warning, actor: User, version: int | None) -> Warning:
    rows = Warning.objects.select_for_update(of=("self",)).select_related("territory", "rule", "centre")
    fresh = rows.get(pk=warning.pk)
    require(may_decide(actor, fresh), NOT_MINE)
    if version is not None and version != fresh.version:
        raise VersionConflict
    return fresh
