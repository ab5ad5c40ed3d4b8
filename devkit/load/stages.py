"""How many people, for how long: the county of the issue first, then more until it breaks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """So many people for so many seconds."""

    window: int
    phones: int
    seconds: float


STAGES = (Stage(200, 2000, 120), Stage(400, 4000, 60), Stage(600, 6000, 60), Stage(800, 8000, 60))
SLOW = 2.0
"""Seconds at the 95th percentile from which a page counts as broken."""
FAULTY = 0.01
"""Share of refused or failed requests from which a stage counts as broken."""
