"""Plan the steps that follow from a lapse or an unanswered document, and cancel them when the answer comes."""

from collections.abc import Sequence
from functools import cache

from django.utils import timezone

from intake.deadlines.queries import work_calendar
from referrals.escalation.queries import rules_for
from referrals.escalation.rules import due_by_rule, triggers_of_document, triggers_of_lapse
from referrals.models import Document, EscalationStep, Lapse, StepOutcome


def plan_steps_of_lapses(lapses: Sequence[Lapse]) -> None:
    """Plan a step for every rule that lapses set off, counted from the moment the time limit passed."""
    rules = cache(lambda trigger, day: rules_for(trigger, on=day))
    calendar = work_calendar()
    due = cache(lambda rule, start: due_by_rule(rule, start, calendar))
    EscalationStep.objects.bulk_create(
        EscalationStep(rule=rule, lapse=lapse, case_id=lapse.case_id, due_at=due(rule, lapse.due_at))
        for lapse in lapses
        for trigger in triggers_of_lapse(lapse)
        for rule in rules(trigger, timezone.localdate(lapse.taken_at))
    )


def plan_steps_of_document(document: Document) -> None:
    """Plan a step for every rule that an issued document sets off while unanswered; one that is planned stays as it is.

    A document that asks for no answer sets off none.
    """
    calendar = work_calendar()
    for trigger, start in triggers_of_document(document).items():
        for rule in rules_for(trigger, on=timezone.localdate(document.issued_at)):
            EscalationStep.objects.get_or_create(
                document=document,
                rule=rule,
                taken_at=None,
                defaults={"case": document.case, "due_at": due_by_rule(rule, start, calendar)},
            )


def cancel_steps_of_document(document: Document) -> None:
    """Cancel the planned steps of a document: it was answered or returned, or its time limit has changed."""
    rows = EscalationStep.objects.filter(document=document, taken_at__isnull=True)
    rows.update(taken_at=timezone.now(), outcome=StepOutcome.OBSOLETE)
