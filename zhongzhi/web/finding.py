"""What the boxes of lists and pickers find: a part of a name in either form of its characters, and pinyin initials."""

import re
from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q, QuerySet

from zhongzhi.core.han import spellings
from zhongzhi.core.pinyin import initials
from zhongzhi.core.text import to_halfwidth

INITIALS: Final = re.compile(r"[A-Za-z]{2,8}")
CONTAINED_FROM: Final = 3
"""Fewer letters are the beginning of a name: two stand somewhere in most of them."""


def holds(text: str, *columns: str, lookup: str = "contains") -> Q:
    """Match rows of which one of these columns holds the text."""
    found = Q(pk__in=[])
    for column in columns:
        for spelling in spellings(text):
            found |= Q(**{f"{column}__{lookup}": spelling})
    return found


def letters_of(text: str) -> str:
    """The initials that were typed, in small letters; empty for anything else."""
    plain = to_halfwidth(text).strip()
    return plain.lower() if INITIALS.fullmatch(plain) else ""


def keys_by_initials(rows: QuerySet[Any], text: str, *columns: str, read: Callable[[str], str] = initials) -> list[Any]:
    """The keys of the rows whose names have these initials (sfj: 司法局). Tables of names are small and read whole."""
    letters = letters_of(text)
    if not letters:
        return []
    found = rows.order_by().values_list("pk", *columns)
    return [row[0] for row in found if any(_fits(letters, read(name)) for name in row[1:] if name)]


def named(rows: QuerySet[Any], text: str, *columns: str, read: Callable[[str], str] = initials) -> Q:
    """Match those of `rows` that are named so, by the name or its initials."""
    keys = keys_by_initials(rows, text, *columns, read=read)
    return holds(text, *columns) | Q(pk__in=keys) if keys else holds(text, *columns)


def _fits(letters: str, own: str) -> bool:
    return own.startswith(letters) or (len(letters) >= CONTAINED_FROM and letters in own)
