"""How a table is read: shown to who handed it in, said otherwise, and remembered for tables under the same titles."""

from dataclasses import dataclass, field
from typing import Final

from zhongzhi.core.ciphers import sm3
from zhongzhi.core.errors import RuleViolation
from zhongzhi.web.sheets import Layout, Sheet

FEWEST_TITLES: Final = 3
"""Fewer are no head that somebody could point at."""


@dataclass
class Reading:
    """Sheet and head row as they were read, the titles from the left with samples of what stands below, and where each
    known column stands."""

    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    head: int = 0
    titles: list[str] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)


def reading_of(sheet: Sheet) -> Reading:
    """How this one is read."""
    sheets = [sheet.sheet, *sheet.others] if sheet.sheet else []
    return Reading(sheet.sheet, sheets, sheet.head, list(sheet.head_row), sheet.samples(), dict(sheet.places))


def has_head(sheet: Sheet) -> bool:
    """Whether there are titles to point at."""
    return sum(1 for title in sheet.head_row if title) >= FEWEST_TITLES


def layout_as_said(read: Sheet, said: Layout) -> Layout:
    """The layout that somebody asks for, of the table read so; without columns where no head row was named.

    Raises RuleViolation for a sheet that is not there, a column that is used twice, and for compulsory ones that nobody
    pointed at.
    """
    if said.sheet and said.sheet != read.way:
        raise RuleViolation("没有这个工作表，请重新选择。", field="sheet")
    if not said.head:
        return Layout(read.way)
    if len(set(said.places.values())) < len(said.places):
        raise RuleViolation("同一列不能对应两项，请检查。", field="columns")
    if read.missing:
        raise RuleViolation(f"还没有指定：{'、'.join(read.missing)}。", field="columns")
    return Layout(read.way, said.head, dict(said.places))


def titles_digest(sheet: Sheet) -> str:
    """What tells tables under the same titles."""
    return sm3("|".join(sheet.head_row).encode())


def what_to_point_at(missing: tuple[str, ...] | list[str]) -> str:
    """What is asked of who handed the table in."""
    return f"认不出这几列：{'、'.join(missing)}。在下面指出各列是什么，同样的表头下次自动对应。"
