"""How often visitors without a login may do something: counted per window of time in Valkey.

While Valkey is away nobody is refused: what is guarded here must be safe without it.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.core.cache import cache
from redis.exceptions import RedisError

from zhongzhi.core.errors import RateLimited
from zhongzhi.web.cached import count_on
from zhongzhi.web.metrics import note_throttled

log = logging.getLogger(__name__)


def window(seconds: int) -> tuple[int, int]:
    """The running window of so many seconds: its number since 1970, and how many seconds of it are left (1 or more)."""
    number, gone = divmod(int(time.time()), seconds)
    return number, seconds - gone


@dataclass(frozen=True)
class Limit:
    """At most `times` of something named `name` within `seconds`, for each caller."""

    name: str
    times: int
    seconds: int

    def spend(self, caller: str) -> None:
        """Count one more before the work is begun; of any number at once exactly `times` go on.

        Raises RateLimited with the seconds to wait for the others.
        """
        key = self._key(caller)
        try:
            count = count_on(key, 2 * self.seconds)
        except (RedisError, ValueError):
            log.warning("visits are not counted: the cache is away")
            return
        if count > self.times:
            self.give_back(caller)
            note_throttled(self.name)
            raise RateLimited(wait=window(self.seconds)[1])

    def give_back(self, caller: str) -> None:
        """Take one off again that turned out not to count."""
        try:
            cache.decr(self._key(caller))
        except (RedisError, ValueError):
            log.warning("visits are not counted: the cache is away")

    def _key(self, caller: str) -> str:
        return f"limit:{self.name}:{caller}:{window(self.seconds)[0]}"


class AtOnce:
    """At most `times` of something under way in this process; the others are told to come again, nobody waits in line.

    Kept without Valkey, so that a limit stands also while it is away.
    """

    def __init__(self, name: str, times: int, wait: int) -> None:
        self.name, self.wait = name, wait
        self._free = BoundedSemaphore(times)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Take a place for as long as the body runs; raises RateLimited when none is free."""
        if not self._free.acquire(blocking=False):
            note_throttled(self.name)
            raise RateLimited(wait=self.wait)
        try:
            yield
        finally:
            self._free.release()
