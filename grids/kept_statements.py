"""Statements that were written for a person's scope, kept by the process while that scope stays the same.

To write the lists of a home page takes Django longer than PostgreSQL takes to answer them. What such a statement says
is made of the scope alone: of the account, the posts and the day. All their values are its key, and they are read anew
with each request, so that a post that ended, a place that was merged or another role is another key. That nothing else
is in it is not left to care: while it is written nothing can be read, and no moment may stand in it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from datetime import datetime
from threading import Lock
from typing import Any, Final, Generic, TypeVar
from weakref import WeakValueDictionary

from django.db import connections
from django.db.models import Model, QuerySet

from grids.scope import Scope, with_predecessors
from zhongzhi.accounts.queries import client_behind
from zhongzhi.rows.statements import PreparedRows

Statement = tuple[str, tuple[Any, ...]]
RowT = TypeVar("RowT")
MOST: Final = 512
"""Statements that a process keeps, a few of each person; some 20 kB each."""
NOT_SIGHT: Final = ("password", "last_login", "last_used_at")
"""Columns of accounts and clients that differ without anybody seeing more or less."""
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_alike: WeakValueDictionary[str, PreparedRows[Any]] = WeakValueDictionary()
"""How rows are made of each statement that is kept: of people with posts alike only the values differ."""
_lock = Lock()


def kept_statement(scope: Scope, name: Hashable, write: Callable[[], Statement]) -> Statement:
    """A statement with its parameters, written when no other request of a person with this scope has; `name` tells
    several of one scope apart.

    Raises RuntimeError for one that reads while it is written, or that holds a moment.
    """

    def written() -> tuple[Statement, Statement]:
        statement = write()
        return statement, statement

    return _keep(scope, name, written)


class KeptRows(Generic[RowT]):
    """Rows in a person's sight, by a statement that is kept for the scope."""

    def __init__(self, rows: PreparedRows[RowT], params: tuple[Any, ...]) -> None:
        """`params` are those of the scope; the rows may have been prepared for another one."""
        self._rows, self._params = rows, params

    def read(self, **values: Any) -> list[RowT]:
        """The rows for these values, one for each `Given`."""
        return self._rows.read_with(self._params, **values)

    def first(self, **values: Any) -> RowT | None:
        """The first of them, where there is one. Of a statement for one row, or for few."""
        return next(iter(self.read(**values)), None)


def kept_rows(
    scope: Scope, name: Hashable, rows: Callable[[], QuerySet[Any, RowT]], *, planned_once: bool = True
) -> KeptRows[RowT]:
    """The same for rows: put together and written once for a scope, with a `Given` for each value that differs from one
    time to the next; not `planned_once` by the database where they are a list (`PreparedRows`)."""

    def written() -> tuple[KeptRows[RowT], Statement]:
        prepared = PreparedRows(rows(), planned_once=planned_once)
        statement = prepared.written
        return KeptRows(_alike.setdefault(statement[0], prepared), statement[1]), statement

    return _keep(scope, name, written)


KeptT = TypeVar("KeptT")


def _keep(scope: Scope, name: Hashable, write: Callable[[], tuple[KeptT, Statement]]) -> KeptT:
    key = (name, _content_of(scope))
    with _lock:
        if found := _kept.get(key):
            _kept.move_to_end(key)
            return found  # type: ignore[no-any-return]
    with ExitStack() as nothing_is_read:
        for connection in connections.all(initialized_only=True):
            nothing_is_read.enter_context(connection.execute_wrapper(_refuse))
        kept, (_, params) = write()
    if any(isinstance(one, datetime) for one in params):
        raise RuntimeError(f"the statement {name} holds a moment, and would say it again later")
    with _lock:
        _kept[key] = kept
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return kept


def _content_of(scope: Scope) -> Hashable:
    """What is in a scope, put together once for it."""
    known: Hashable = scope.__dict__.get("content") or scope.__dict__.setdefault("content", _content(scope))
    return known


def _content(scope: Scope) -> Hashable:
    """Every value of the account and of the posts, and the places worked in, which services give as well; of an outside
    system also of the client it is, with the scopes that its token opens."""
    posts = [
        (*map(_values, (post, post.organisation, post.organisation.territory, post.area)), with_predecessors(post))
        for post in scope.postings
    ]
    client = client_behind(scope.user)
    opened = client and (_values(client), client.held_scopes)
    return scope.day, _values(scope.user), opened, tuple(posts), scope.areas


def _values(row: Model | None) -> tuple[str, ...]:
    fields = row._meta.concrete_fields if row else ()
    return tuple(str(getattr(row, field.attname)) for field in fields if field.attname not in NOT_SIGHT)


def _refuse(*asked: Any) -> Any:
    raise RuntimeError("a statement that is kept reads while it is written: what it read would be forgotten")
