"""What a program holds from its start to its end is never garbage, and what a page leaves behind is looked for in time,
not every moment."""

import gc
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

OLDEST: Final = 2

NEW: Final = 10_000
"""New objects after which garbage is looked for. A page with a list makes more than ten thousand: with the 700 that
Python begins with it was stopped twenty times, and one in ten by a search through all that there is."""
SECOND: Final = 2
"""Searches after which what survived one is looked through as well: thirty thousand objects take 10 ms, a hundred
thousand, as with Python's own 10, take 50."""
ALL: Final = 10
"""Such second searches after which everything is looked through that is not passed over. Rows of a list know their case
and it knows them, so what a page leaves behind is found by a search alone: with 50 a worker held 50 MB more of it."""
GROWN: Final = (2, 8)
"""The searches of everything after which what stayed is passed over as well: what a process remembers of its first
thousand pages stays to its end, and is not looked through again and again."""


def pass_over_what_stands() -> None:
    """Let the search for garbage pass over all that is there now: models, rules and routes, half a million objects,
    which a long table would have it go through every few thousand rows. To be called once a program is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, SECOND, ALL)
    gc.callbacks.append(_after_search(count(1)))


def _after_search(numbers: Iterator[int]) -> Callable[[str, dict[str, int]], None]:
    def pass_over_what_stayed(phase: str, told: dict[str, int]) -> None:
        if phase == "stop" and told["generation"] == OLDEST and next(numbers) in GROWN:
            gc.freeze()

    return pass_over_what_stayed
