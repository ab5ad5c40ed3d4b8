"""What is added to a moment: hours as spans, days and months as whole numbers."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

Amount: TypeAlias = int | float | Decimal


def months_after(day: date, n: int) -> date:
    """The same day n months later, or the last of that month (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def span_of(hours: Amount) -> timedelta:
    """Hours, parts of them too, as a span; ValueError when negative."""
    if hours < 0:
        raise ValueError("hours cannot be negative")
    return timedelta(microseconds=round(Decimal(str(hours)) * 3_600_000_000))


def whole(amount: Amount) -> int:
    """A number of days or months; ValueError unless whole and positive."""
    if amount < 1 or amount != int(amount):
        raise ValueError("days and months are counted in whole numbers from 1")
    return int(amount)
