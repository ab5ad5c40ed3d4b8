"""Quarters of a year as numbers: 20264 is October to December 2026."""

from datetime import date


def quarter_of(day: date) -> int:
    """The quarter of a day."""
    return day.year * 10 + (day.month - 1) // 3 + 1


def quarter_starts(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 10, (quarter % 10 - 1) * 3 + 1, 1)


def quarter_words(quarter: int) -> str:
    """How a quarter reads: 2026年第四季度."""
    return f"{quarter // 10}年第{'一二三四'[quarter % 10 - 1]}季度"


def quarter_before(quarter: int) -> int:
    """The quarter before one."""
    return quarter - 1 if quarter % 10 > 1 else quarter - 7
