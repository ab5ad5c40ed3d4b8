"""The heads of several lists of cases at once, as the home page shows them: the statements do not grow with the lists.

Only keys and limits are asked of each list; the cases that are shown are read together.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from intake.models import Case
from intake.queries.cases import cases_for_list
from zhongzhi.accounts.models import User


@dataclass(frozen=True)
class Pointer:
    """A case of a list: its key, and when it is due next."""

    pk: int
    due: datetime | None


@dataclass(frozen=True)
class Head:
    """The first cases of a list, and how many there are."""

    cases: list[Pointer]
    total: int


def heads_of(user: User, lists: Sequence[QuerySet[Case]], *, shown: int) -> list[Head]:
    """The head of each of these lists of cases in a person's sight, in their own order: two statements at most."""
    first = _of_all(user, [ArraySubquery(_pointers(rows)[: shown + 1]) for rows in lists])
    longer = [at for at, found in enumerate(first) if len(found) > shown]
    totals = dict(zip(longer, _of_all(user, [_number(lists[at]) for at in longer]), strict=True))
    return [
        Head([_pointer(row) for row in found[:shown]], totals.get(at, len(found))) for at, found in enumerate(first)
    ]


def cases_by_key(user: User, keys: Collection[int]) -> dict[int, Case]:
    """Cases in a person's sight as lists show them; nothing is asked for no keys."""
    rows = cases_for_list(user).filter(pk__in=keys) if keys else ()
    return {case.pk: case for case in rows}


def _pointers(rows: QuerySet[Case]) -> Any:
    bare = rows.select_related(None).prefetch_related(None)
    return bare.values(pointer=JSONObject(pk=F("pk"), due=F("next_due")))


def _pointer(row: dict[str, Any]) -> Pointer:
    return Pointer(row["pk"], datetime.fromisoformat(row["due"]) if row["due"] else None)


def _number(rows: QuerySet[Case]) -> Subquery:
    keys = rows.select_related(None).prefetch_related(None).values("pk")
    return Subquery(keys.order_by().values(all=Value(1)).annotate(n=Count("pk")).values("n"))


def _of_all(user: User, asked: Sequence[Any]) -> list[Any]:
    """What is asked of each list, in one row."""
    if not asked:
        return []
    named = {f"list_{at}": expression for at, expression in enumerate(asked)}
    return list(User.objects.filter(pk=user.pk).annotate(**named).values_list(*named).get())
