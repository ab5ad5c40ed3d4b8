"""Rows at which a sweep fails are set aside: told, left alone for a while, tried again; the others go on.

Kept in Valkey. While it is away nothing is remembered, and every run tries every row again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

CLOCKS: Final = "clocks"
LONGEST_WAIT: Final = 3600
FORGOTTEN_AFTER: Final = 7 * 86_400
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """How often a row failed, by what kind of error the last time, and when it is tried again (seconds since 1970)."""

    attempts: int
    error: str
    again_at: float


@dataclass(frozen=True)
class Sweep:
    """A sweep over rows named by their keys.

    `batch` takes all rows that are due but not those it is given, in one transaction, and says how many; `due` names
    them without locking; `one` takes a single one in its own transaction (0 when somebody else holds it).
    """

    name: str
    batch: Callable[[Sequence[int]], int]
    due: Callable[[Sequence[int]], Iterable[int]]
    one: Callable[[int], int]

    def run(self, now: datetime) -> int:
        """Take a batch; where it raises, take its rows one by one and set those aside that raise. How many were taken.

        Raises what was raised when the database itself is away.
        """
        known = failures(self.name)
        waiting = [key for key, failure in known.items() if failure.again_at > now.timestamp()]
        try:
            taken = self.batch(waiting)
            if len(waiting) < len(known):
                _keep(self.name, {key: known[key] for key in waiting})
            return taken
        except Exception as error:
            if not connection.is_usable():
                raise
            log.warning("batch failed, its rows go one by one", extra={"sweep": self.name, "error": _kind(error)})
        return sum([self._try(key, now) for key in self.due(waiting)])

    def _try(self, key: int, now: datetime) -> int:
        try:
            taken = self.one(key)
        except Exception as error:
            if not connection.is_usable():
                raise
            _put_aside(self.name, key, error, now)
            return 0
        _forget(self.name, key)
        return taken


def failures(sweep: str) -> dict[int, Failure]:
    """The rows that this sweep has set aside, by their keys."""
    try:
        return {int(key): Failure(*kept) for key, kept in (cache.get(_place(sweep)) or {}).items()}
    except RedisError:
        return {}


def _put_aside(sweep: str, key: int, error: Exception, now: datetime) -> None:
    """Wait longer for the next try. Only the kind of error is kept: its text may hold personal data."""
    known = failures(sweep)
    attempts = known[key].attempts + 1 if key in known else 1
    again_at = now.timestamp() + min(60 * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    known[key] = Failure(attempts, _kind(error), again_at)
    _keep(sweep, known)
    log.error("row set aside", extra={"sweep": sweep, "row": key, "attempts": attempts, "error": _kind(error)})


def _forget(sweep: str, key: int) -> None:
    known = failures(sweep)
    if known.pop(key, None) is not None:
        _keep(sweep, known)


def _keep(sweep: str, known: dict[int, Failure]) -> None:
    try:
        kept = {key: (one.attempts, one.error, one.again_at) for key, one in known.items()}
        cache.set(_place(sweep), kept, FORGOTTEN_AFTER)
    except RedisError:
        log.warning("rows set aside are not remembered: the cache is away")


def _kind(error: Exception) -> str:
    return type(error).__name__


def _place(sweep: str) -> str:
    return f"set-aside:{sweep}"
