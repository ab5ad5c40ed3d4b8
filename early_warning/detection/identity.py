"""Whether two rows of parties are one person or organisation: by paper, by phone with the name, by name in a village.

Names are typed by ear: characters that sound alike are the same name, one other character of three is nearly one.
Papers that differ are two people, whatever their names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from pypinyin import lazy_pinyin

from zhongzhi.core.han import spellings

ENOUGH = 3
"""What the two sides of a quarrel need together to be the same two sides."""


class Likeness(IntEnum):
    """How sure it is."""

    NONE = 0
    NEAR = 1
    NAME = 2
    NUMBER = 3


@dataclass(frozen=True)
class Identity:
    """What is known of one party: name, keyed hashes of paper and phone, the village where it happened."""

    name: str
    papers: frozenset[bytes] = frozenset()
    phones: frozenset[bytes] = frozenset()
    village: str = ""


Sides = tuple[list[Identity], list[Identity]]
"""The people of either side of a matter."""


def likeness(a: Identity, b: Identity) -> Likeness:
    """How surely two rows are the same."""
    if a.papers and b.papers:
        return Likeness.NUMBER if a.papers & b.papers else Likeness.NONE
    by_name = names_alike(a.name, b.name)
    if by_name and a.phones & b.phones:
        return Likeness.NUMBER
    if not (a.village and a.village == b.village):
        return Likeness.NONE
    return by_name


def same_two_sides(
    one: tuple[Sequence[Identity], Sequence[Identity]], other: tuple[Sequence[Identity], Sequence[Identity]]
) -> bool:
    """Whether two matters are between the same two sides, whoever complains of whom."""
    (a, b), (c, d) = one, other
    return _fits(a, c, b, d) or _fits(a, d, b, c)


def _fits(a: Sequence[Identity], c: Sequence[Identity], b: Sequence[Identity], d: Sequence[Identity]) -> bool:
    first, second = _best(a, c), _best(b, d)
    return bool(first and second) and first + second >= ENOUGH


def _best(side: Sequence[Identity], other: Sequence[Identity]) -> Likeness:
    return max((likeness(one, two) for one in side for two in other), default=Likeness.NONE)


@lru_cache(maxsize=65536)
def _sound(name: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(name))


@lru_cache(maxsize=65536)
def _plain(name: str) -> str:
    """In simplified characters, without blanks."""
    plain = "".join(name.split())
    return spellings(plain)[1] if len(spellings(plain)) > 1 else plain


def names_alike(a: str, b: str) -> Likeness:
    """How alike two names are by themselves."""
    one, two = _plain(a), _plain(b)
    if not one or not two:
        return Likeness.NONE
    if one == two or _sound(one) == _sound(two):
        return Likeness.NAME
    if len(one) != len(two) or len(one) < 3:
        return Likeness.NONE
    apart = sum(x != y for x, y in zip(_sound(one), _sound(two), strict=True))
    return Likeness.NEAR if apart == 1 and one[0] == two[0] else Likeness.NONE
