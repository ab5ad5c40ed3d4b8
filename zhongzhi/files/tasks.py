"""Clearing away by the clock; running it twice does no harm."""

from celery import shared_task
from django.utils import timezone

from zhongzhi.files import actions


@shared_task(name="files.sweep_orphans")
def sweep_orphans() -> int:
    """Remove files that an undone transaction left behind."""
    return actions.sweep_orphans(timezone.now())
