"""The heads of several lists of a person at once: their first rows, and how many there are, in one statement.

The lists are put side by side in it as they are: as expressions of one more statement Django would copy and rename each
of them several times, which takes longer than the answer. What is first in a list is mostly known once the whole of it
was sorted, so it is counted on the way, to a thousand as in all lists.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from grids.kept_statements import Statement, kept_statement
from grids.scope import scope_of
from grids.shared_keys import sharing_keys
from zhongzhi.accounts.models import User
from zhongzhi.rows.statements import statement_of, with_given
from zhongzhi.web.lists import MOST_COUNTED

Listed = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True)
class Head:
    """The first rows of a list, each with the columns that were asked for, and how many there are, counted no further
    than one beyond MOST_COUNTED."""

    rows: list[dict[str, Any]]
    total: int

    @property
    def keys(self) -> list[int]:
        """Of the first rows."""
        return [row["pk"] for row in self.rows]


def with_head(head: Listed) -> Callable[[Listed], Listed]:
    """Mark a list whose first rows are found another way than all of it: `head` gives the same rows in the same order,
    cut where nobody counts them any more."""

    def marked(rows: Listed) -> Listed:
        rows.head = head  # type: ignore[attr-defined]
        return rows

    return marked


def ordered_as(of: Listed, order: Callable[[QuerySet[Any]], QuerySet[Any]]) -> Listed:
    """The same list in another order of the rows whose beginning is the same."""

    def ordered(user: User) -> QuerySet[Any]:
        return order(of(user))

    head: Listed | None = getattr(of, "head", None)
    return ordered if head is None else with_head(lambda user: order(head(user)))(ordered)


def heads_of(
    user: User, lists: Sequence[Listed], *, shown: int, columns: Sequence[str] = (), **given: Any
) -> list[Head]:
    """The head of each of these lists, in their own order: the keys of at most `shown` rows, and further columns as
    JSON has them. What differs from one time to the next, such as a moment, is a `Given` of the lists and named here.
    Nothing is asked for no lists."""
    if not lists:
        return []
    name = (*lists, shown, *columns)
    sql, values = kept_statement(scope_of(user), name, lambda: _written(user, lists, shown, columns))
    with connection.cursor() as cursor:
        cursor.execute(sql, with_given(values, given))
        found: Sequence[list[dict[str, Any]] | None] = cursor.fetchone()
    return [Head(rows or [], rows[0]["total"] if rows else 0) for rows in found]


def _written(user: User, lists: Sequence[Listed], shown: int, columns: Sequence[str]) -> Statement:
    with sharing_keys(user) as shared:
        found = [getattr(of, "head", of)(user) for of in lists]
        written = [statement_of(_bare(rows, columns)[: MOST_COUNTED + 1]) for rows in found]
    before, values_before = shared.head
    counted = (f"SELECT *, count(*) OVER () AS total FROM ({sql}) first LIMIT {shown}" for sql, _ in written)  # noqa: S608
    heads = ", ".join(f"(SELECT json_agg(head) FROM ({sql}) head)" for sql in counted)  # noqa: S608  by Django
    return f"{before}SELECT {heads}", (*values_before, *(one for _, values in written for one in values))


def _bare(rows: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any, Any]:
    bare: QuerySet[Any, Any] = rows.select_related(None).prefetch_related(None).values("pk", *columns)
    return bare
