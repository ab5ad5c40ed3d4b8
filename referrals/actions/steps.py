"""Rungs of the ladder are planned when their cause comes about: a lapse is taken up, a document is issued."""

from datetime import datetime

from django.utils import timezone

from intake.models import ClockKind
from intake.queries import work_calendar
from referrals.models import Document, LadderRule, LadderStep, Lapse, Purpose, StepOutcome, Trigger
from referrals.models.kind import AnswerKind
from referrals.queries import rules_for
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Unit

OF_CLOCK = {
    ClockKind.TRIAGE: (Trigger.LATE_TRIAGE,),
    ClockKind.SIGN: (Trigger.LATE_SIGNATURE,),
    ClockKind.HANDLE: (Trigger.OVERDUE,),
    ClockKind.TIER: (Trigger.TIER_PASSED,),
}


def plan_steps_of_lapse(lapse: Lapse) -> list[LadderStep]:
    """What follows from a lapse, counted from the moment the step was due."""
    triggers = list(OF_CLOCK.get(ClockKind(lapse.kind), ()))
    if lapse.kind == ClockKind.HANDLE and lapse.clock.extended >= 2:
        triggers.append(Trigger.EXTENDED_OUT)
    day = timezone.localdate(lapse.taken_at)
    rules = [rule for trigger in triggers for rule in rules_for(trigger, on=day)]
    steps = [
        LadderStep(rule=rule, lapse=lapse, case=lapse.case, due_at=moment_after(rule, lapse.due_at)) for rule in rules
    ]
    return LadderStep.objects.bulk_create(steps, ignore_conflicts=True)


def plan_steps_of_document(document: Document) -> None:
    """What follows when an issued document is not answered; none where nothing is owed."""
    for trigger, start in _starts(document):
        for rule in rules_for(trigger, on=timezone.localdate(document.issued_at)):
            LadderStep.objects.get_or_create(
                document=document, rule=rule, due_at=moment_after(rule, start), defaults={"case": document.case}
            )


def drop_steps_of_document(document: Document) -> None:
    """What was owed has come: the rungs that were planned are moot."""
    rows = LadderStep.objects.filter(document=document, taken_at__isnull=True)
    rows.update(taken_at=timezone.now(), outcome=StepOutcome.MOOT)


def moment_after(rule: LadderRule, start: datetime) -> datetime:
    """When a rung is due: its amount after `start`; for what warns, its office hours before."""
    if rule.does == "warn":
        return work_calendar().office_hours_before(start, rule.after_amount or 1)
    if not rule.after_amount:
        return start
    return worktime.due(work_calendar(), start, rule.after_amount, Unit(rule.after_unit))


def put_off(step: LadderStep, now: datetime) -> None:
    """Look at a rung again when the office closes on the next working day: its clock stands still meanwhile."""
    LadderStep.objects.filter(pk=step.pk).update(due_at=work_calendar().add_working_days(now, 1))


def settle(step: LadderStep, outcome: StepOutcome, now: datetime) -> None:
    """Mark a locked rung as taken."""
    step.taken_at, step.outcome = now, outcome
    step.save(update_fields=["taken_at", "outcome"])


def _starts(document: Document) -> list[tuple[Trigger, datetime]]:
    purpose, issued = document.kind.purpose, document.issued_at
    assert issued is not None
    if purpose == Purpose.REMIND and document.kind.answer == AnswerKind.RECEIPT:
        return [(Trigger.REMINDER_UNANSWERED, issued)]
    if document.answer_due_at is None:
        return []
    if purpose == Purpose.SUPERVISE:
        return [
            (Trigger.SUPERVISION_NEAR, document.answer_due_at),
            (Trigger.SUPERVISION_UNANSWERED, document.answer_due_at),
        ]
    if purpose == Purpose.RECOMMEND:
        return [(Trigger.RECOMMENDATION_UNANSWERED, document.answer_due_at)]
    return []
