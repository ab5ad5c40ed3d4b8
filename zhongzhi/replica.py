"""Reading from a streaming replica of the database, where there is one (`DATABASE_REPLICA_URL`).

Statistics, exports and lists of the API may read there; everything else reads where it writes. While a view marked with
`from_replica` runs, the connection of its thread is the replica's, for ORM and SQL alike. One's own writes stay
readable: after each request that may write, the position of the log is remembered for who sent it, and the replica is
read only once it has come so far. Where it is behind, away or no replica any more, the database itself is read.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from redis.exceptions import RedisError

from zhongzhi.core.ciphers import sm3

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
REPLICA: Final = "replica"
REMEMBERED: Final = 600
"""Seconds that a position is kept: a replica that is further behind is not read anyway."""
FIT: Final = (
    "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"
    " AND now() - pg_last_xact_replay_timestamp() < interval '30 seconds'"
)
SAFE: Final = ("GET", "HEAD", "OPTIONS")
ANONYMOUS: Final = "nobody"
log = logging.getLogger(__name__)


def is_reading_replica() -> bool:
    """Whether this moment's reads go to the replica."""
    return connections[DEFAULT_DB_ALIAS].alias == REPLICA


@contextmanager
def reading_replica(really: bool) -> Iterator[None]:
    """Read from the replica in this thread, where `really`; nothing can be written inside."""
    if not really or is_reading_replica():
        yield
        return
    usual = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual


def replica_for(request: Any) -> AbstractContextManager[None]:
    """Read from the replica where there is one that knows what the sender of this request wrote."""
    return reading_replica(_fits(request))


def from_replica(view: View) -> View:
    """A view that only reads: from the replica where it fits. What turns out to write, or is cut off by the replica,
    is done once more where it can be."""

    @wraps(view)
    def reads(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with replica_for(request):
                return view(request, *args, **kwargs)
        except Error:
            if not settings.DATABASE_REPLICA_URL or request.method not in SAFE:
                raise
            log.info("read again from the database itself")
            return view(request, *args, **kwargs)

    return cast(View, reads)


on_replica = method_decorator(from_replica)
"""The same for a method of a class of the API."""


class OwnWritesMiddleware:
    """Remembers how far the log was after each request that may have written, for who sent it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing is remembered where there is no replica."""
        response = self.get_response(request)
        if settings.DATABASE_REPLICA_URL and request.method not in SAFE:
            _remember(_who(request))
        return response


def _who(request: Any) -> str:
    """The person of the session; for programs what they show; visitors together."""
    if shown := request.headers.get("Authorization", ""):
        return sm3(shown.encode())
    return str(getattr(request.user, "pk", None) or ANONYMOUS)


def _remember(who: str) -> None:
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            cache.set(f"wrote:{who}", str(cursor.fetchone()[0]), REMEMBERED)
    except (Error, RedisError):
        log.warning("own writes are not remembered")  # the log says so; the next half minute may show older rows


def _fits(request: Any) -> bool:
    """Whether there is a replica, it is one, is up, and knows what this person wrote."""
    if not settings.DATABASE_REPLICA_URL or request.method not in SAFE:
        return False
    try:
        wrote = cache.get(f"wrote:{_who(request)}") or "0/0"
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(FIT, [wrote])
            return bool(cursor.fetchone()[0])
    except (Error, RedisError):
        return False
