"""Housekeeping by the clock; running it twice does no harm."""

from celery import shared_task
from django.utils import timezone

from zhongzhi.accounts import actions


@shared_task(name="accounts.sweep_idempotency")
def sweep_idempotency() -> int:
    """Forget answers to POSTs older than 48 hours."""
    return actions.sweep_idempotency(timezone.now())


@shared_task(name="accounts.gather_reference_changes")
def gather_reference_changes() -> int:
    """Put one note of a change in the place of many."""
    return actions.gather_reference_changes()
