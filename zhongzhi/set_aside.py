"""Rows at which a sweep fails are set aside: told, left alone for a while, tried again; the others go on.

Kept in Valkey. While it is away nothing is remembered, and every run tries every row again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from redis.exceptions import RedisError

SWEEPS: Final = {
    "clocks": "时限",
    "tasks": "协办任务提醒",
    "guidance": "导引超期",
    "citizens": "群众短信",
    "obligations": "协议履行",
    "confirmations": "司法确认提醒",
    "files": "卷宗归档检查",
    "lapses": "超期登记",
    "steps": "催督办步骤",
    "steps-of-letters": "无案件函件的催办",
    "at-risk": "高风险督办",
    "care-visits": "特殊关爱随访",
    "letters": "自动发出的单函",
    "warnings": "预警研判",
    "warning-rules": "预警每日检查",
    "warning-looks": "预警后续跟踪",
}
"""The sweeps that set rows aside, by name, in the words of the page of health; those of retention name themselves."""
LONGEST_WAIT: Final = 3600
FORGOTTEN_AFTER: Final = 7 * 86_400
ModelT = TypeVar("ModelT", bound=Model)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """How often a row failed, by what kind of error the last time, and when it is tried again (seconds since 1970)."""

    attempts: int
    error: str
    again_at: float


@dataclass(frozen=True)
class Share:
    """Which of the rows that are due a transaction takes: not those that are set aside, or a single one."""

    but_not: Sequence[int] = ()
    only: int | None = None

    def of(self, due: QuerySet[ModelT], key: str = "pk") -> QuerySet[ModelT]:
        """Those of the rows that are taken, by their key."""
        if self.only is not None:
            return due.filter(**{key: self.only})
        return due.exclude(**{f"{key}__in": self.but_not}) if self.but_not else due


@dataclass(frozen=True)
class Sweep:
    """A sweep over rows named by their keys.

    `due` are the rows, not locked, in their order; `take` locks and does a share of them, at most `limit`, and says
    how many. `key` is what names a row: itself, or the case it hangs on.
    """

    name: str
    due: Callable[[], QuerySet[Any]]
    take: Callable[[Share], int]
    limit: int
    key: str = "pk"

    def run(self, now: datetime) -> int:
        """Take a batch in one transaction; where it raises, take its rows one by one and set those aside that raise.
        How many were taken.

        Raises what was raised when the database itself is away.
        """
        known, waiting = self._known(now)
        try:
            with transaction.atomic():
                taken = self.take(Share(but_not=waiting))
            if len(waiting) < len(known):
                _keep(self.name, {key: known[key] for key in waiting})
            return taken
        except Exception as error:
            if not connection.is_usable():
                raise
            log.warning("batch failed, its rows go one by one", extra={"sweep": self.name, "error": _kind(error)})
        return self._one_by_one(waiting, now)

    def run_each(self, now: datetime) -> int:
        """Take a batch, a transaction for each row: for work that others wait for meanwhile. How many were taken."""
        return self._one_by_one(self._known(now)[1], now)

    def _known(self, now: datetime) -> tuple[dict[int, Failure], list[int]]:
        """What was set aside, and what of it has to wait still."""
        known = failures(self.name)
        return known, [key for key, failure in known.items() if failure.again_at > now.timestamp()]

    def _one_by_one(self, waiting: Sequence[int], now: datetime) -> int:
        keys = Share(but_not=waiting).of(self.due(), self.key).values_list(self.key, flat=True)[: self.limit]
        return sum([self._try(key, now) for key in dict.fromkeys(keys)])

    def _try(self, key: int, now: datetime) -> int:
        try:
            with transaction.atomic():
                taken = self.take(Share(only=key))
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
