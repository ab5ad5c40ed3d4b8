"""The query code on a citizen's receipt: 26 characters, 130 random bits, readable aloud and on a small screen.

The alphabet is Crockford's base 32: no I, L, O, U. Small letters, spaces, dashes and the letters that look like digits
are taken when somebody types a code from paper.
"""

import re
import secrets
from typing import Final

from zhongzhi.core.text import to_halfwidth

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 26
SHORT: Final = 8
"""So many of the first characters open the page together with the last four digits of the phone: 40 bits."""
_LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_query_code() -> str:
    """A code that nobody can guess: 26 characters of 5 bits each, from the system's random source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalised_query_code(typed: str) -> str:
    """The code as it is hashed; whatever was typed comes out, only in one writing and at most 64 characters."""
    text = re.sub(r"[\s\-_.]", "", to_halfwidth(typed[:200])).upper()
    return text.translate(_LOOKALIKES)[:64]


def grouped_query_code(code: str) -> str:
    """For paper: `ABCD-EFGH-…`, groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def short_query_code(code: str) -> str:
    """The beginning that a person types instead of the whole, with the tail of the phone."""
    return code[:SHORT]
