"""Entry points for the clock."""

from celery import shared_task
from django.utils import timezone

from referrals import actions, escalation

BATCH = 500
"""Cases in one transaction: about a third of a second, in which an act on one of them waits."""


@shared_task(name="referrals.run_escalation")
def run_escalation() -> int:
    """Take up lapses, take the steps that are due, issue what waits for no signature; how much was looked at.

    Runs as often as one likes, on as many workers as one likes: what was taken is not due again.
    """
    now, seen = timezone.now(), 0
    while batch := escalation.take_up_lapses(limit=BATCH):
        seen += batch
    while batch := escalation.take_due_steps(now, limit=BATCH):
        seen += batch
    while batch := escalation.take_due_steps_without_case(now, limit=BATCH):
        seen += batch
    seen += escalation.supervise_at_risk(limit=BATCH)
    seen += actions.notify_due_visits(timezone.localdate(now), limit=BATCH)
    while batch := actions.issue_due_letters(now, limit=BATCH):
        seen += batch
    return seen


@shared_task(name="referrals.look_for_patterns")
def look_for_patterns() -> bool:
    """Once a day: categories that doubled."""
    return escalation.look_for_patterns(timezone.localdate())
