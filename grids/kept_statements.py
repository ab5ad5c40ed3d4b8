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
from typing import Any, Final

from django.db import connections
from django.db.models import Model

from grids.scope import Scope, with_predecessors
from zhongzhi.accounts.models import UserKind

Statement = tuple[str, tuple[Any, ...]]
MOST: Final = 512
"""Statements that a process keeps, a few of each person; some 20 kB each."""
_kept: OrderedDict[Hashable, Statement] = OrderedDict()
_lock = Lock()


def kept_statement(scope: Scope, name: Hashable, write: Callable[[], Statement]) -> Statement:
    """A statement with its parameters, written when no other request of a person with this scope has; `name` tells
    several of one scope apart. For outside systems it is written each time: what they see is more than their posts.

    Raises RuntimeError for one that reads while it is written, or that holds a moment.
    """
    if scope.user.kind == UserKind.SERVICE:
        return write()
    key = (name, _content(scope))
    with _lock:
        if found := _kept.get(key):
            _kept.move_to_end(key)
            return found
    with ExitStack() as nothing_is_read:
        for connection in connections.all(initialized_only=True):
            nothing_is_read.enter_context(connection.execute_wrapper(_refuse))
        written = write()
    if any(isinstance(one, datetime) for one in written[1]):
        raise RuntimeError(f"the statement {name} holds a moment, and would say it again later")
    with _lock:
        _kept[key] = written
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return written


def _content(scope: Scope) -> Hashable:
    """Every value of the account and of the posts, and the places worked in, which services give as well."""
    posts = [
        (*map(_values, (post, post.organisation, post.organisation.territory, post.area)), with_predecessors(post))
        for post in scope.postings
    ]
    return scope.day, _values(scope.user), tuple(posts), scope.areas


def _values(row: Model | None) -> tuple[str, ...]:
    fields = row._meta.concrete_fields if row else ()
    return tuple(str(getattr(row, field.attname)) for field in fields if field.attname != "password")


def _refuse(*asked: Any) -> Any:
    raise RuntimeError("a statement that is kept reads while it is written: what it read would be forgotten")
