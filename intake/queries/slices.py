"""What is asked of the counts: of which place, of which period; and which places have counts of their own."""

from dataclasses import dataclass
from datetime import date

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
