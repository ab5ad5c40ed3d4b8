"""Keys of few rows that several lists of one statement ask for: found once in it, not once for each list.

What nobody sees of a case, and what was named to somebody, stands in every list of a home page. A table of these keys
at the head of the statement is planned once, and every list asks it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from grids.scope import Scope, scope_of, written_once
from zhongzhi.accounts.models import User
from zhongzhi.rows.statements import statement_of

Keys = Callable[[Scope], QuerySet[Any, Any]]
SHARED = "shared_keys"


class SharedKeys:
    """The keys that the lists of one statement share."""

    def __init__(self) -> None:
        """None yet."""
        self._written: dict[Keys, tuple[str, str, tuple[Any, ...]]] = {}

    def of(self, scope: Scope, keys: Keys) -> RawSQL:
        """These keys, from the table at the head of the statement."""
        if keys not in self._written:
            self._written[keys] = (f"shared_{len(self._written)}", *statement_of(keys(scope).order_by()))
        return RawSQL(f"SELECT key FROM {self._written[keys][0]}", ())  # noqa: S608, S611  our own names

    @property
    def head(self) -> tuple[str, tuple[Any, ...]]:
        """What stands before the statement, and its values."""
        if not self._written:
            return "", ()
        tables = ", ".join(f"{name} (key) AS ({sql})" for name, sql, _ in self._written.values())
        return f"WITH {tables} ", tuple(value for _, _, values in self._written.values() for value in values)


def few_keys(scope: Scope, keys: Keys) -> RawSQL:
    """Keys of few rows, for conditions of lists: as `written_once`, or shared by the lists of a statement."""
    shared: SharedKeys | None = scope.__dict__.get(SHARED)
    return shared.of(scope, keys) if shared is not None else written_once(scope, keys)


@contextmanager
def sharing_keys(user: User) -> Iterator[SharedKeys]:
    """Lists that are put together within share their `few_keys`; they go into one statement, behind its `head`."""
    scope, shared = scope_of(user), SharedKeys()
    within = replace(scope)  # nothing that was written for other statements is in it
    within.__dict__.update({"areas": scope.areas, SHARED: shared})
    user._scope = (scope.day, within)  # type: ignore[attr-defined]
    try:
        yield shared
    finally:
        user._scope = (scope.day, scope)  # type: ignore[attr-defined]
