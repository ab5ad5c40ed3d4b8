"""Entry points for the clock."""

from celery import shared_task
from django.utils import timezone

from mediation.actions import mark_due_obligations, recheck_open_files, remind_of_confirmations

BATCH = 100


@shared_task(name="mediation.sweep_obligations")
def sweep_obligations() -> int:
    """Remind of and mark as broken every obligation that is due, batch by batch; how many cases were taken."""
    now = timezone.now()
    taken = 0
    while batch := mark_due_obligations(now, limit=BATCH):
        taken += batch
    while batch := remind_of_confirmations(now, limit=BATCH):
        taken += batch
    return taken


@shared_task(name="mediation.recheck_files")
def recheck_files() -> int:
    """Look again at files that wait to be archived."""
    return recheck_open_files()
