"""Beat and the workers leave word in Valkey that they are alive; whoever asks for readiness or metrics reads it.
What a worker does once it lives stands here too.

Beat's own rounds and the heartbeat of any worker: the time that a periodic task came through both
(`zhongzhi.tasks_base`) does not tell which of them is gone. Seconds since 1970 by the clock of who wrote.
"""

import logging
import time
from typing import Any, Final

from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent, worker_process_init
from django.core.cache import cache
from redis.exceptions import RedisError

from zhongzhi.core.garbage import pass_over_what_stands

BEAT, WORKER = "alive:beat", "alive:worker"
EVERY: Final = 2.0
"""Seconds between two signs of beat; workers send theirs as often."""
log = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Beat's own, which leaves word as it goes round."""

    last_sign = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One round."""
        if time.monotonic() - self.last_sign >= EVERY:
            self.last_sign = time.monotonic()
            note(BEAT)
        return min(super().tick(*args, **kwargs), EVERY)


@worker_process_init.connect
def settle_down(**signal: Any) -> None:
    """A child of a worker has been loaded."""
    pass_over_what_stands()


@heartbeat_sent.connect
def note_worker(**signal: Any) -> None:
    """A worker's main process goes round, whatever its children do."""
    note(WORKER)


def note(who: str) -> None:
    """They are alive. Nothing happens while Valkey is away: that is told by itself."""
    try:
        cache.set(who, time.time(), None)
    except RedisError:
        log.warning("no sign of life is left: the cache is away")


def seen(who: str) -> float | None:
    """When they were alive last; None for never. Raises RedisError while Valkey is away."""
    found: float | None = cache.get(who)
    return found
