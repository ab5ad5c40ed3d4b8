"""A decision of the meeting, done at once: the case moves, the slip goes out, the item keeps it; all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from early_warning.queries import cases_warned_of
from grids.models import Organisation
from intake import actions, queries
from intake.coordination import actions as coordination_actions
from intake.coordination.actions import Decided
from intake.coordination.models import AgendaItem, AgendaReason, CoordinationMeeting, Decision, MeetingKind
from intake.coordination.queries import PERIOD
from intake.lifecycle import State
from intake.models import Case
from referrals.actions import guide_with_papers
from workbench.meetings.handing_out import hand_out
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, RuleViolation

ACCEPTING = (Decision.ACCEPT, Decision.DISPATCH, Decision.JOINT)


@dataclass(frozen=True)
class Wanted:
    """What was chosen on the page for one item."""

    decision: str
    note: str = ""
    category: str = ""
    complexity: str = ""
    risk: str = ""
    lead: Organisation | None = None
    co_handlers: Sequence[Organisation] = ()
    receiver: Organisation | None = None
    target: str = ""


@transaction.atomic
def open_sitting(centre: Organisation, *, actor: User, kind: str = MeetingKind.DAILY) -> CoordinationMeeting:
    """Open today's meeting of a kind; on the agenda of an analysis stand what was warned of in its period, too."""
    if kind not in MeetingKind.values:
        raise RuleViolation("没有这种会议。", field="kind")
    meeting = coordination_actions.open_meeting(centre, actor=actor, kind=kind)
    if meeting.is_analysis:
        since = meeting.opened_at - timedelta(days=PERIOD[MeetingKind(meeting.kind)])
        for case in cases_warned_of(meeting.centre, since):
            coordination_actions.put_on_agenda(meeting, case, actor=actor, reason=AgendaReason.WARNED)
    return meeting


@transaction.atomic
def decide(item: AgendaItem, wanted: Wanted, *, actor: User) -> AgendaItem:
    """Do what was decided on an item and keep it.

    Raises what the acts raise, at their fields; InvalidTransition for an item somebody else has decided.
    """
    if wanted.decision not in Decision.values or wanted.decision == Decision.MOOT:
        raise RuleViolation("请选择一项决定。", field="decision")
    item = coordination_actions.locked_item(item, actor=actor)
    if wanted.decision in ACCEPTING:
        _accept_and_hand_out(item.case, wanted, actor)
    elif wanted.decision == Decision.GUIDE:
        guide_with_papers(item.case, actor=actor, receiver=wanted.receiver, note=wanted.note)
    elif wanted.decision == Decision.MERGE:
        actions.merge_case(item.case, actor=actor, target=wanted.target, reason=wanted.note or "碰头会决定并案")
    return coordination_actions.note_decision(item, _decided(wanted, actor), actor=actor)


@dataclass(frozen=True)
class Result:
    """What became of one item of a bulk decision."""

    item: AgendaItem
    refusal: str = ""


def dispatch_as_suggested(items: Sequence[AgendaItem], *, actor: User) -> list[Result]:
    """Accept and dispatch each to the organisation suggested for it, each for itself: what is refused is named."""
    return [Result(item, _refusal_of(item, actor)) for item in items]


def _refusal_of(item: AgendaItem, actor: User) -> str:
    suggested = queries.suggested_lead(item.case)
    if suggested is None:
        return "没有明确的建议单位，请逐件决定。"
    try:
        decide(item, Wanted(Decision.DISPATCH, lead=suggested.organisation), actor=actor)
    except DomainError as error:
        return error.message
    return ""


def _accept_and_hand_out(case: Case, wanted: Wanted, actor: User) -> None:
    if case.status == State.REGISTERED or wanted.decision == Decision.ACCEPT:
        case = actions.accept_case(
            case,
            actor=actor,
            category=wanted.category,
            complexity=wanted.complexity,
            risk=wanted.risk,
            note="碰头会研判",
        )
    if wanted.decision == Decision.ACCEPT:
        return
    co_handlers = list(wanted.co_handlers) if wanted.decision == Decision.JOINT else []
    if wanted.decision == Decision.JOINT and not co_handlers:
        raise RuleViolation("联动处置请至少选一个协办单位；只有一个单位的请选“交办”。", field="co_1")
    hand_out(case, actor=actor, lead=wanted.lead, co_handlers=co_handlers, instruction=wanted.note)


def _decided(wanted: Wanted, actor: User) -> Decided:
    """What of it the minutes keep: only what belongs to the decision."""
    handed = wanted.decision in (Decision.DISPATCH, Decision.JOINT)
    merged = wanted.decision == Decision.MERGE
    lead = wanted.lead if handed else wanted.receiver if wanted.decision == Decision.GUIDE else None
    return Decided(
        decision=wanted.decision,
        note=wanted.note,
        lead=lead,
        co_handlers=wanted.co_handlers if wanted.decision == Decision.JOINT else (),
        target=queries.case_visible_to(actor, wanted.target) if merged else None,
    )
