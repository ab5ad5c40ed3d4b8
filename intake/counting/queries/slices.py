"""What is asked of the counts: of which place, of which period; which places have counts of their own; how the answers
of the database are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from grids.models import Level

KEPT_LEVELS = (Level.COUNTY, Level.TOWN, Level.VILLAGE)
SPLIT_LEVELS = (Level.COUNTY, Level.TOWN)
"""Of each place of these levels every total is kept, of SPLIT_LEVELS also how it is split."""
Counts = dict[tuple[str, str, str], int]
"""How many, by measure, axis and key."""


@dataclass(frozen=True)
class Slice:
    """A place with all below it (every place for an empty code), and a period, both days included."""

    place: str
    start: date
    end: date

    @property
    def is_rolled_up(self) -> bool:
        """Whether the roll-ups hold the parts of this place."""
        return len(self.place) <= max(SPLIT_LEVELS)


def fetched(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def by_measure(rows: Iterable[tuple[Any, ...]]) -> dict[Any, dict[str, int]]:
    """Rows of key, measure and number as the numbers of each key."""
    found: dict[Any, dict[str, int]] = {}
    for key, measure, n in rows:
        found.setdefault(key, {})[measure] = n
    return found
