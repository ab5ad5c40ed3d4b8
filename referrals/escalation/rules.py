"""Which rules a cause sets off, and when a step of a rule is due.

A cause is a lapse (a time limit of a case that passed) or an issued document that waits for its answer.
"""

from collections.abc import Sequence
from datetime import datetime

from intake.deadlines.models import ClockKind
from referrals.models import AnswerKind, Document, EscalationRule, Lapse, Purpose, RuleAction, Trigger
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Span, Unit, WorkCalendar

TRIGGER_OF_CLOCK = {
    ClockKind.TRIAGE: Trigger.LATE_TRIAGE,
    ClockKind.FALLBACK: Trigger.LATE_TRIAGE,
    ClockKind.DISPATCH: Trigger.LATE_DISPATCH,
    ClockKind.SIGN: Trigger.LATE_SIGNATURE,
    ClockKind.HANDLE: Trigger.OVERDUE,
    ClockKind.TIER: Trigger.TIER_PASSED,
}
"""The time limits whose passing is a lapse, and the trigger of each."""


def triggers_of_lapse(lapse: Lapse) -> list[Trigger]:
    """What a lapse sets off; a handling that is late after two extensions sets off more."""
    triggers = [TRIGGER_OF_CLOCK[ClockKind(lapse.kind)]]
    if lapse.kind == ClockKind.HANDLE and lapse.clock.extended >= 2:
        triggers.append(Trigger.EXTENDED_OUT)
    return triggers


def triggers_of_document(document: Document) -> dict[Trigger, datetime]:
    """What an issued document sets off while its answer is awaited, each with the moment it is counted from."""
    purpose, issued = document.kind.purpose, document.issued_at
    assert issued is not None
    if purpose == Purpose.REMIND and document.kind.answer == AnswerKind.RECEIPT:
        return {Trigger.REMINDER_UNANSWERED: issued}
    if document.answer_due_at is None:
        return {}
    if purpose == Purpose.SUPERVISE:
        return dict.fromkeys((Trigger.SUPERVISION_NEAR, Trigger.SUPERVISION_UNANSWERED), document.answer_due_at)
    if purpose == Purpose.RECOMMEND:
        return {Trigger.RECOMMENDATION_UNANSWERED: document.answer_due_at}
    return {}


def due_by_rule(
    rule: EscalationRule, start: datetime, calendar: WorkCalendar, suspensions: Sequence[Span] = ()
) -> datetime:
    """When a step of a rule is due: the rule's time after `start`, not counting the `suspensions`.

    A warning comes before: so many office hours ahead of `start`.
    """
    if rule.does == RuleAction.WARN:
        return calendar.office_hours_before(start, rule.after_amount or 1)
    if not rule.after_amount:
        return start
    return worktime.due(calendar, start, rule.after_amount, Unit(rule.after_unit), pauses=suspensions)
