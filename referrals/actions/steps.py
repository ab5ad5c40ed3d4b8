"""Rungs of the ladder are planned when their cause comes about: a lapse is taken up, a document is issued."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.utils import timezone

from intake.deadlines.models import ClockKind
from intake.deadlines.queries import work_calendar
from referrals.models import Document, Does, LadderRule, LadderStep, Lapse, Purpose, StepOutcome, Trigger
from referrals.models.kind import AnswerKind
from referrals.queries import rules_for
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Span, Unit, WorkCalendar

OF_CLOCK = {
    ClockKind.TRIAGE: (Trigger.LATE_TRIAGE,),
    ClockKind.SIGN: (Trigger.LATE_SIGNATURE,),
    ClockKind.HANDLE: (Trigger.OVERDUE,),
    ClockKind.TIER: (Trigger.TIER_PASSED,),
}


def plan_steps_of_lapses(lapses: Sequence[Lapse]) -> None:
    """What follows from lapses, counted from the moments the steps were due."""
    rules = cache(lambda trigger, day: rules_for(trigger, on=day))
    calendar = work_calendar()
    due = cache(lambda rule, start: moment_after(rule, start, calendar))
    LadderStep.objects.bulk_create(
        LadderStep(rule=rule, lapse=lapse, case_id=lapse.case_id, due_at=due(rule, lapse.due_at))
        for lapse in lapses
        for trigger in _triggers(lapse)
        for rule in rules(trigger, timezone.localdate(lapse.taken_at))
    )


def plan_steps_of_document(document: Document) -> None:
    """What follows when an issued document is not answered; none where nothing is owed."""
    calendar = work_calendar()
    for trigger, start in starts_of_document(document).items():
        for rule in rules_for(trigger, on=timezone.localdate(document.issued_at)):
            LadderStep.objects.get_or_create(
                document=document,
                rule=rule,
                taken_at=None,
                defaults={"case": document.case, "due_at": moment_after(rule, start, calendar)},
            )


def drop_steps_of_document(document: Document) -> None:
    """What was owed has come: the rungs that were planned are moot."""
    rows = LadderStep.objects.filter(document=document, taken_at__isnull=True)
    rows.update(taken_at=timezone.now(), outcome=StepOutcome.MOOT)


def moment_after(rule: LadderRule, start: datetime, calendar: WorkCalendar, rests: Sequence[Span] = ()) -> datetime:
    """When a rung is due: its amount after `start`, without the `rests`; for what warns, its office hours before."""
    if rule.does == Does.WARN:
        return calendar.office_hours_before(start, rule.after_amount or 1)
    if not rule.after_amount:
        return start
    return worktime.due(calendar, start, rule.after_amount, Unit(rule.after_unit), pauses=rests)


def starts_of_document(document: Document) -> dict[Trigger, datetime]:
    """What an issued document that waits for its answer sets in motion, and from when that is counted."""
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


def _triggers(lapse: Lapse) -> list[Trigger]:
    triggers = list(OF_CLOCK.get(ClockKind(lapse.kind), ()))
    if lapse.kind == ClockKind.HANDLE and lapse.clock.extended >= 2:
        triggers.append(Trigger.EXTENDED_OUT)
    return triggers
