"""The heads of several lists of cases at once, as the home page shows them: the statements do not grow with the lists.

Only keys are asked of each list; the cases themselves are read together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, QuerySet, Subquery, Value

from intake.models import Case
from intake.queries.cases import cases_for_list
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Head:
    """The first cases of a list, and how many there are."""

    cases: list[Case]
    total: int


def heads_of(user: User, lists: Sequence[QuerySet[Case]], *, shown: int) -> list[Head]:
    """The head of each of these lists of cases in a person's sight, in their own order: five statements at most."""
    first = _of_all(user, [ArraySubquery(_keys(rows)[: shown + 1]) for rows in lists])
    longer = [at for at, keys in enumerate(first) if len(keys) > shown]
    totals = dict(zip(longer, _of_all(user, [_number(lists[at]) for at in longer]), strict=True))
    wanted = {key for keys in first for key in keys[:shown]}
    rows = cases_for_list(user).filter(pk__in=wanted) if wanted else ()
    cases = {case.pk: case for case in rows}
    return [
        Head([cases[key] for key in keys[:shown] if key in cases], totals.get(at, len(keys)))
        for at, keys in enumerate(first)
    ]


def _keys(rows: QuerySet[Case]) -> Any:
    return rows.select_related(None).prefetch_related(None).values("pk")


def _number(rows: QuerySet[Case]) -> Subquery:
    return Subquery(_keys(rows).order_by().values(all=Value(1)).annotate(n=Count("pk")).values("n"))


def _of_all(user: User, asked: Sequence[Any]) -> list[Any]:
    """What is asked of each list, in one row."""
    if not asked:
        return []
    named = {f"list_{at}": expression for at, expression in enumerate(asked)}
    return list(User.objects.filter(pk=user.pk).annotate(**named).values_list(*named).get())
