"""Entry points for the clock."""

from celery import shared_task
from django.utils import timezone

from early_warning import actions


@shared_task(name="early_warning.sweep_warnings")
def sweep_warnings() -> int:
    """Look at what changed and at what the day brings; how much was looked at. Runs as often as one likes, on as many
    workers as one likes."""
    now, seen = timezone.now(), 0
    while actions.take_in_changes():
        pass
    while batch := actions.look_at_changes(now):
        seen += batch
    while batch := actions.look_later(now):
        seen += batch
    return seen + actions.look_at_day(now)


@shared_task(name="early_warning.run_trials")
def run_trials() -> int:
    """Try forms of rules on the past; how many trials came to an end."""
    return actions.work_on_trials(seconds=60)
