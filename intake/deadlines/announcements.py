"""The State Council's yearly announcement as a table: one line a day that differs from the ordinary week.

A line is a day (or the first and last of several), 休 or 班, and the name of the holiday:
`2027-02-05 2027-02-13 休 春节`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from intake.deadlines.models import DayKind
from zhongzhi.core.errors import BadInput
from zhongzhi.web.written_days import read_day

WORDS = {"休": False, "放假": False, "0": False, "否": False, "班": True, "上班": True, "1": True, "是": True}
HEADS = ("date", "日期")
LONGEST = 15
"""Days in one line; the longest holiday so far has nine."""
NAME_LENGTH = 20


@dataclass(frozen=True)
class Day:
    """One day of an announcement."""

    date: date
    is_workday: bool
    kind: str
    name: str = ""


@dataclass
class Announcement:
    """What was read: the days, and what is wrong with which line."""

    days: list[Day] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_announcement(text: str, year: int) -> Announcement:
    """Read the lines of a year. What is wrong is said line by line; nothing is guessed."""
    found, seen = Announcement(), dict[date, int]()
    for number, line in enumerate(text.replace("\ufeff", "").splitlines(), start=1):
        cells = [cell for cell in re.split(r"[\s,，;；\t]+", line.strip()) if cell]
        if not cells or cells[0].lower() in HEADS:
            continue
        try:
            for day in _days_of(cells):
                if day.date.year != year:
                    raise BadInput(f"{day.date} 不在 {year} 年。")
                if (before := seen.setdefault(day.date, number)) != number:
                    raise BadInput(f"{day.date} 在第 {before} 行已出现过。")
                found.days.append(day)
        except BadInput as refusal:
            found.faults.append(f"第 {number} 行：{refusal.message}")
    if not found.days and not found.faults:
        found.faults.append("没有读到任何一天，请每行写一个日期和“休”或“班”。")
    return found


def whole_year(found: Announcement, year: int) -> list[Day]:
    """Every day of the year: the announced ones, the others as in any week."""
    named = {day.date: day for day in found.days}
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return [named.get(day) or Day(day, day.weekday() < 5, DayKind.ORDINARY) for day in days]


def kind_of(day: date, works: bool) -> str:
    """The kind of an announced day: a Saturday or Sunday that is worked makes up for another."""
    if works:
        return DayKind.ORDINARY if day.weekday() < 5 else DayKind.MAKE_UP
    return DayKind.STATUTORY


def _days_of(cells: list[str]) -> Iterator[Day]:
    first, rest = _date(cells[0]), cells[1:]
    last = first
    if rest and rest[0] not in WORDS and re.match(r"\d{4}", rest[0]):
        last, rest = _date(rest[0]), rest[1:]
    if not rest or rest[0] not in WORDS:
        raise BadInput("日期后面须写“休”或“班”。")
    if not 0 <= (last - first).days < LONGEST:
        raise BadInput(f"起止日期有误：应先后相接，至多 {LONGEST} 天。")
    works, name = WORDS[rest[0]], " ".join(rest[1:])[:NAME_LENGTH]
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        yield Day(day, works, kind_of(day, works), name or ("调休上班" if works and day.weekday() > 4 else ""))


def _date(text: str) -> date:
    try:
        return read_day(text)
    except BadInput as refusal:
        raise BadInput(f"“{text[:20]}”不是日期，请写成 2027-02-05。") from refusal
