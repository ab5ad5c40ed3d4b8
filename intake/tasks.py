"""Entry points for the clock."""

from celery import shared_task
from django.utils import timezone

from intake.actions import note_overdue_guidance
from intake.coordination.actions import notify_due_tasks
from intake.counting.actions import fold_tallies
from intake.deadlines.actions import mark_due_clocks
from intake.imports.actions import work_on_imports
from intake.public.actions import note_what_is_owed, tell_owed

BATCH = 200


@shared_task(name="intake.sweep_clocks")
def sweep_clocks() -> int:
    """Warn and breach every clock that is due, tell of tasks and guidance that are; batch by batch; how many were
    taken.

    Runs as often as one likes, on as many workers as one likes: a marked clock is not due again.
    """
    now = timezone.now()
    taken = 0
    while batch := mark_due_clocks(now, limit=BATCH):
        taken += batch
    while batch := notify_due_tasks(now, limit=BATCH):
        taken += batch
    while batch := note_overdue_guidance(now, limit=BATCH):
        taken += batch
    return taken


@shared_task(name="intake.tell_applicants")
def tell_applicants() -> int:
    """Tell applicants by text message what became of their cases; how many were told.

    Runs as often as one likes, on as many workers as one likes: who was told is not owed a word any more.
    """
    now = timezone.now()
    note_what_is_owed(now)
    told = 0
    while batch := tell_owed(now, limit=BATCH):
        told += batch
    return told


@shared_task(name="intake.fold_tallies")
def sweep_tallies() -> int:
    """Fold what was counted since the last run into the roll-ups; how many changes. Readers never wait for it."""
    folded = 0
    while batch := fold_tallies():
        folded += batch
    return folded


@shared_task(name="intake.sweep_imports")
def sweep_imports() -> int:
    """Check and register the tables that were handed in; how many passes came to an end.

    Runs as often as one likes, on as many workers as one likes: each import is held by one of them.
    """
    return work_on_imports(seconds=60)
