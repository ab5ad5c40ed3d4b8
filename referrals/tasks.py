"""Entry points for the clock."""

from celery import shared_task
from django.utils import timezone

from referrals import actions, queries

BATCH = 500
"""Cases in one transaction: about a third of a second, in which an act on one of them waits."""


@shared_task(name="referrals.climb_ladder")
def climb_ladder() -> int:
    """Take up what was breached, take the rungs that are due, issue what issues by itself; how much was looked at.

    Runs as often as one likes, on as many workers as one likes: what was taken is not due again.
    """
    now, taken = timezone.now(), 0
    while batch := actions.take_up_lapses(limit=BATCH):
        taken += batch
    while batch := actions.take_due_steps(now, limit=BATCH):
        taken += batch
    while batch := actions.take_due_steps_without_case(now, limit=BATCH):
        taken += batch
    taken += actions.supervise_watched(limit=BATCH)
    taken += actions.tell_due_visits(timezone.localdate(now), limit=BATCH)
    while keys := queries.drafts_that_issue_by_themselves(limit=BATCH):
        if not sum([actions.issue_by_itself(key) for key in keys]):
            break
        taken += len(keys)
    return taken


@shared_task(name="referrals.look_for_patterns")
def look_for_patterns() -> bool:
    """Once a day: categories that doubled."""
    return actions.look_for_patterns(timezone.localdate())
