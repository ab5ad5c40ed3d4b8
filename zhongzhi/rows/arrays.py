"""Rows among few others, for lists that join much: the few are found once and first."""

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet

from zhongzhi.rows.statements import Given

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
    return Q(IsAnyOf(F(column), few if isinstance(few, Given) else ArraySubquery(few.order_by())))
