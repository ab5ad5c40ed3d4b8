"""What a program holds from its start to its end is never garbage, and what a page leaves behind is looked for in time,
not every moment."""

import gc
from typing import Final

NEW: Final = 10_000
"""New objects after which garbage is looked for. A page with a list makes more than ten thousand: with the 700 that
Python begins with it was stopped twenty times, and one in ten by a search through all that there is."""
SECOND: Final = 2
"""Searches after which what survived one is looked through as well: thirty thousand objects take 10 ms, a hundred
thousand, as with Python's own 10, take 50."""
ALL: Final = 50
"""Such second searches after which everything is looked through that is not passed over."""


def pass_over_what_stands() -> None:
    """Let the search for garbage pass over all that is there now: models, rules and routes, half a million objects,
    which a long table would have it go through every few thousand rows. To be called once a program is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, SECOND, ALL)
