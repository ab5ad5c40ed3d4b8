"""Delivery by the clock; any number of workers may run it at once."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from zhongzhi.notices import actions

SECONDS_PER_RUN = 30.0
CALLING_SECONDS = 240
"""Twenty calls of ten seconds and some more."""


@shared_task(name="notices.deliver_outbox")
def deliver_outbox() -> int:
    """Deliver batch after batch until nothing goes out any more, or for half a minute; the next beat goes on."""
    end, delivered = monotonic() + SECONDS_PER_RUN, 0
    while (batch := actions.deliver_due(timezone.now())) and monotonic() < end:
        delivered += batch
    return delivered + batch


@shared_task(name="notices.call_receivers", soft_time_limit=CALLING_SECONDS, time_limit=CALLING_SECONDS + 10)
def call_receivers() -> int:
    """Tell other systems what waits for them, one worker at a time; the next beat goes on."""
    return actions.call_due(timezone.now())
