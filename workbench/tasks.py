"""Entry points for the clock."""

from celery import shared_task
from django.utils import timezone

from workbench.auditing.sweep import sweep_alerts
from workbench.retention.actions import sweep_retention
from workbench.statistics.reports.making import ask_due_reports, work_on_reports
from workbench.webhooks.sweep import sweep_webhooks
from zhongzhi import tasks_base as counted

SWEEP_SECONDS = 3 * 3600


@shared_task(name="workbench.make_reports")
def make_reports() -> int:
    """Make the reports that wait; how many came to an end."""
    return work_on_reports(seconds=60)


@shared_task(name="workbench.ask_due_reports")
def hand_in_due_reports() -> int:
    """Hand in the reports of periods that ended; how many are new."""
    return ask_due_reports(timezone.localdate())


@shared_task(name="workbench.note_beat")
def note_beat() -> None:
    """Leave word that beat and a worker are alive."""
    counted.note_beat()


@shared_task(name="workbench.sweep_retention", soft_time_limit=SWEEP_SECONDS, time_limit=SWEEP_SECONDS + 60)
def sweep_retention_periods() -> int:
    """Delete or anonymise what is over, once a night; how many rows. Running it twice does no harm."""
    return sweep_retention(timezone.now())


@shared_task(name="workbench.sweep_reading")
def sweep_reading() -> int:
    """Look for unusual reading of personal data; how many alerts are new."""
    return sweep_alerts(timezone.now())


@shared_task(name="workbench.sweep_webhooks")
def follow_changes() -> int:
    """Put what changed into the outbox for the webhooks of outside systems; how many events."""
    return sweep_webhooks()
