"""Chinese characters in their two forms: who types one finds the other. What is kept stays as it was written."""

from functools import cache, lru_cache
from typing import Any, Final

import opencc

TO_SIMPLIFIED, TO_TRADITIONAL = "t2s", "s2t"
_BEGINS: Final = "\u3400"
"""Where Han characters begin: a text of characters before it has one spelling only."""


@lru_cache(maxsize=4096)
def spellings(text: str) -> tuple[str, ...]:
    """The text as it was typed, in simplified and in traditional characters; each once, as typed first."""
    if all(char < _BEGINS for char in text):
        return (text,)
    others = (str(_converter(way).convert(text)) for way in (TO_SIMPLIFIED, TO_TRADITIONAL))
    return tuple(dict.fromkeys((text, *others)))


@cache
def _converter(way: str) -> Any:
    return opencc.OpenCC(way)
