"""The heads of several lists of a person at once: their first rows, and how many there are, in one statement.

The lists are put side by side in it as they are: as expressions of one more statement Django would copy and rename each
of them several times, which takes longer than the answer. What is first in a list is known once the whole of it was
sorted, so it is counted on the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Window

from grids.kept_statements import Statement, kept_statement
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.rows.statements import statement_of, with_given

Listed = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True)
class Head:
    """The first rows of a list, each with the columns that were asked for, and how many there are."""

    rows: list[dict[str, Any]]
    total: int

    @property
    def keys(self) -> list[int]:
        """Of the first rows."""
        return [row["pk"] for row in self.rows]


def heads_of(
    user: User, lists: Sequence[Listed], *, shown: int, columns: Sequence[str] = (), **given: Any
) -> list[Head]:
    """The head of each of these lists, in their own order: the keys of at most `shown` rows, and further columns as
    JSON has them. What differs from one time to the next, such as a moment, is a `Given` of the lists and named here.
    Nothing is asked for no lists."""
    if not lists:
        return []
    name = (*lists, shown, *columns)
    sql, values = kept_statement(scope_of(user), name, lambda: _written([of(user) for of in lists], shown, columns))
    with connection.cursor() as cursor:
        cursor.execute(sql, with_given(values, given))
        found: Sequence[list[dict[str, Any]] | None] = cursor.fetchone()
    return [Head(rows or [], rows[0]["total"] if rows else 0) for rows in found]


def _written(lists: Sequence[QuerySet[Any]], shown: int, columns: Sequence[str]) -> Statement:
    written = [statement_of(_bare(rows, columns)[:shown]) for rows in lists]
    heads = ", ".join(f"(SELECT json_agg(head) FROM ({sql}) head)" for sql, _ in written)  # noqa: S608  by Django
    return f"SELECT {heads}", tuple(one for _, values in written for one in values)


def _bare(rows: QuerySet[Any], columns: Sequence[str]) -> QuerySet[Any, Any]:
    counted = rows.select_related(None).prefetch_related(None).annotate(total=Window(Count("pk")))
    bare: QuerySet[Any, Any] = counted.values("pk", "total", *columns)
    return bare
