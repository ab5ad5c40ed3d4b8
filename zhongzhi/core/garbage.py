"""What a program holds from its start to its end is never garbage."""

import gc


def pass_over_what_stands() -> None:
    """Let the search for garbage pass over all that is there now: models, rules and routes, half a million objects,
    which a long table would have it go through every few thousand rows. To be called once a program is loaded."""
    gc.collect()
    gc.freeze()
