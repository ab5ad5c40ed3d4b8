"""How often visitors without a login may do something: counted per window of time in Valkey.

While Valkey is away nobody is refused: what is guarded here must be safe without it.
"""

import logging
import time
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from zhongzhi.core.errors import RateLimited
from zhongzhi.web.metrics import note_throttled

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `times` of something named `name` within `seconds`, for each caller."""

    name: str
    times: int
    seconds: int

    def note(self, caller: str) -> int:
        """Count one more; how many there were in this window."""
        key = self._key(caller)
        try:
            cache.add(key, 0, 2 * self.seconds)
            return int(cache.incr(key))
        except (RedisError, ValueError):
            log.warning("visits are not counted: the cache is away")
            return 0

    def require(self, caller: str) -> None:
        """Go on only while the limit is not reached; raises RateLimited with the seconds to wait."""
        try:
            count = int(cache.get(self._key(caller)) or 0)
        except RedisError:
            return
        if count >= self.times:
            note_throttled(self.name)
            wait = self.seconds - int(time.time()) % self.seconds
            raise RateLimited(wait=wait)

    def _key(self, caller: str) -> str:
        return f"limit:{self.name}:{caller}:{int(time.time()) // self.seconds}"
