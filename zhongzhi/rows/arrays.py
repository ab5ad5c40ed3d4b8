"""Rows among few others, for lists that join much: the few are found once and first."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Model, Q, QuerySet

from zhongzhi.rows.statements import Given, PreparedRows, in_order_of

RowT = TypeVar("RowT", bound=Model)
THESE_KEYS: Final = Given("keys", ArrayField(BigIntegerField()))
"""Keys that are named when rows are asked for (`PreparedRows`)."""


class IsAnyOf(Func):
    """`column = ANY(ARRAY(SELECT …))`: unlike `IN`, it can share a bitmap with another index of the same table, and is
    asked before the tables are joined that only fill the rows."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(column: str, few: QuerySet[Any, Any] | Given) -> Q:
    """Rows whose column (`pk`, `territory_id`) is one of a few: the one column of these rows, hundreds at most, or what
    is given."""
    if not isinstance(few, Given):
        few = ArraySubquery(few if few.query.is_sliced else few.order_by())  # type: ignore[assignment]
    return Q(IsAnyOf(F(column), few))


def rows_of_keys(prepared: PreparedRows[RowT], keys: Sequence[int]) -> list[RowT]:
    """The rows that were named by key (`among("pk", THESE_KEYS)`), in that order; nothing is asked for none."""
    return in_order_of(keys, prepared.read(keys=list(keys))) if keys else []
