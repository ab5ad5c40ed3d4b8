"""The heads of lists of cases, as the home page shows them.

Only keys and limits are asked of each list; the cases that are shown are read together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from grids import list_heads
from intake.models import Case
from intake.queries.cases import joined_for_lists, read_for_list
from zhongzhi.accounts.models import User
from zhongzhi.rows.arrays import THESE_KEYS, among, rows_of_keys
from zhongzhi.rows.statements import PreparedRows


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


def heads_of(user: User, lists: Sequence[Callable[[User], QuerySet[Case]]], *, shown: int) -> list[Head]:
    """The head of each of these lists of a person, in their own order: one statement."""
    found = list_heads.heads_of(user, lists, shown=shown, columns=["next_due"])
    return [Head([_pointer(row) for row in head.rows], head.total) for head in found]


def first_of(user: User, cases: Callable[[User], QuerySet[Case]], *, most: int) -> tuple[list[Case], int]:
    """The first cases of a list that is sorted by what is no column, and how many there are: as lists show them."""
    (head,) = list_heads.heads_of(user, [cases], shown=most)
    return _for_list(head.keys), head.total


def cases_of_heads(keys: Sequence[int]) -> dict[int, Case]:
    """The cases that heads of lists named, as lists show them, by key: their lists asked sight a moment ago, here
    nobody asks again. Nothing is asked for no keys."""
    return {case.pk: case for case in _for_list(keys)}


def _for_list(keys: Sequence[int]) -> list[Case]:
    cases = rows_of_keys(_by_key(), keys)
    read_for_list(cases)
    return cases


@cache
def _by_key() -> PreparedRows[Case]:
    return PreparedRows(joined_for_lists().filter(among("pk", THESE_KEYS)))


def _pointer(row: dict[str, Any]) -> Pointer:
    return Pointer(row["pk"], datetime.fromisoformat(row["next_due"]) if row["next_due"] else None)
