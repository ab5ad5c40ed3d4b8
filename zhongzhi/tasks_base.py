"""Periodic tasks are counted in Valkey as they end, and beat leaves its time there: workers may run on any machine.

While Valkey is away nothing is counted, and no task minds.
"""

import logging
from collections.abc import Iterable
from typing import Any, Final

from celery import Task
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from zhongzhi.web.cached import count_on

DONE: Final = "done"
FAILED: Final = "failed"
BEAT: Final = "metrics:beat"
log = logging.getLogger(__name__)


class CountedTask(Task):  # type: ignore[type-arg]  # takes none when it runs
    """What every task of ours is made of."""

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        """One more that did what it should."""
        _count(self.name, DONE)

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """One more that raised."""
        _count(self.name, FAILED)


def note_beat() -> None:
    """Beat is alive, and a worker with it."""
    cache.set(BEAT, timezone.now().timestamp(), None)


def beat_seen() -> float | None:
    """When that was last, in seconds since 1970. Raises RedisError while Valkey is away."""
    seen: float | None = cache.get(BEAT)
    return seen


def runs_of(names: Iterable[str]) -> dict[tuple[str, str], int]:
    """How often each of these tasks ended, and how. Raises RedisError while Valkey is away."""
    keys = {_key(name, how): (name, how) for name in names for how in (DONE, FAILED)}
    kept = cache.get_many(keys)
    return {which: int(kept.get(key) or 0) for key, which in keys.items()}


def _count(name: str | None, how: str) -> None:
    try:
        count_on(_key(str(name), how), None)
    except (RedisError, ValueError):
        log.warning("runs are not counted: the cache is away")


def _key(name: str, how: str) -> str:
    return f"metrics:runs:{name}:{how}"
