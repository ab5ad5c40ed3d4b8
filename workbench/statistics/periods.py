"""Periods a leader asks for, each with the period before that it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.web.bounds import BETWEEN, FIRST_DAY, LAST_DAY

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Two days, both included, and the two days of the period before."""

    name: str
    label: str
    start: date
    end: date
    before_start: date
    before_end: date

    @property
    def words(self) -> str:
        """How it reads: 2025-11-25 至 2026-11-24."""
        return f"{self.start} 至 {self.end}"


def _year(today: date) -> tuple[date, date, date, date]:
    start = years_back(today, 1) + DAY
    return start, today, years_back(today, 2) + DAY, start - DAY


def _ytd(today: date) -> tuple[date, date, date, date]:
    first = today.replace(month=1, day=1)
    return first, today, first.replace(year=first.year - 1), years_back(today, 1)


def _quarter(today: date) -> tuple[date, date, date, date]:
    first = quarter_start(today)
    before = quarter_start(first - DAY)
    return first, today, before, min(before + (today - first), first - DAY)


def _last_quarter(today: date) -> tuple[date, date, date, date]:
    end = quarter_start(today) - DAY
    first = quarter_start(end)
    return first, end, quarter_start(first - DAY), first - DAY


def _month(today: date) -> tuple[date, date, date, date]:
    first = today.replace(day=1)
    before = (first - DAY).replace(day=1)
    return first, today, before, min(before + (today - first), first - DAY)


def _last_month(today: date) -> tuple[date, date, date, date]:
    end = today.replace(day=1) - DAY
    first = end.replace(day=1)
    return first, end, (first - DAY).replace(day=1), first - DAY


def _week(today: date) -> tuple[date, date, date, date]:
    first = today - timedelta(days=today.weekday())
    return first, today, first - 7 * DAY, today - 7 * DAY


def _last_week(today: date) -> tuple[date, date, date, date]:
    first = today - timedelta(days=today.weekday() + 7)
    return first, first + 6 * DAY, first - 7 * DAY, first - DAY


PRESETS: dict[str, tuple[str, Callable[[date], tuple[date, date, date, date]]]] = {
    "year": ("近 12 个月", _year),
    "ytd": ("今年以来", _ytd),
    "quarter": ("本季度", _quarter),
    "month": ("本月", _month),
    "week": ("本周", _week),
    "last_quarter": ("上季度", _last_quarter),
    "last_month": ("上月", _last_month),
    "last_week": ("上周", _last_week),
}
LONGEST = 366 * 6


def preset(name: str, today: date) -> Period:
    """One of the usual periods as of a day; BadInput at `period` for an unknown one."""
    if name not in PRESETS:
        raise BadInput(f"没有“{name[:20]}”这个统计期间。", field="period")
    label, reckon = PRESETS[name]
    return Period(name, label, *reckon(today))


def between(start: date, end: date) -> Period:
    """Any two days; compared with as many days before. RuleViolation for days in the wrong order or too far apart."""
    if end < start:
        raise RuleViolation("结束日期不能早于开始日期。", field="to")
    if (end - start).days > LONGEST:
        raise RuleViolation("统计期间最长六年。", field="from")
    length = end - start
    return Period("custom", "自定义", start, end, start - length - DAY, start - DAY)


def asked_period(today: date, *, name: str = "", start: str = "", end: str = "") -> Period:
    """What an address asks for: two days, or a preset; the last twelve months by default.

    Where one of two days is left out it is until today, or the twelve months to the last day.
    """
    if start or end:
        last = _day(end, "to") if end else today
        return between(_day(start, "from") if start else years_back(last, 1) + DAY, last)
    return preset(name or "year", today)


def quarter_start(day: date) -> date:
    """The first day of the quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def years_back(day: date, years: int) -> date:
    """The same day some years before; the 28th for a 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _day(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("日期请写成 2026-11-24 的样子。", field=field) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInput(BETWEEN, field=field)
    return day
