"""Days as offices write them, and as pages show them.

2026-3-5, 2026年3月5日 9时10分, 20260305, the count of days of a spreadsheet.
"""

import re
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from zhongzhi.core.days import moment_here, today
from zhongzhi.core.errors import BadInput
from zhongzhi.core.text import to_halfwidth

_PARTS: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*[日号].*|[\sT].*|(?:上午|下午|晚|早|星期|周).*)?",
    re.DOTALL,
)
_CLOSE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*\d{4}(?:\d{2})?|[\sT].*)?", re.DOTALL)
_ZONED: Final = re.compile(r"\d{4}-?\d\d-?\d\dT\d\d:?\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)")
_SERIAL: Final = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
_DASHES: Final = str.maketrans(dict.fromkeys("–—−‐‑~", "-"))
_COUNTED_FROM: Final = date(1899, 12, 30)


def read_day(text: str) -> date:
    """The day; a time after it is passed over, a moment with its zone is the day it was here.

    Raises BadInput for what is none, and for a day without its year or century: nobody guesses those.
    """
    plain = to_halfwidth(text).translate(_DASHES).strip()
    try:
        if _ZONED.fullmatch(plain):
            return timezone.localdate(datetime.fromisoformat(plain))
        if serial := _SERIAL.fullmatch(plain):
            return _COUNTED_FROM + timedelta(days=int(serial[1]))
        found = _PARTS.fullmatch(plain) or _CLOSE.fullmatch(plain)
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise BadInput("不是一个日期，请写成 2026-11-23 这样。")


def short_day(day: date) -> str:
    """As pages show a day: 11-23, with its year where that is not this one."""
    return f"{day:%m-%d}" if day.year == today().year else f"{day:%Y-%m-%d}"


def short_moment(moment: datetime) -> str:
    """As pages show a moment: 今天 08:15, 11-23 08:15, with its year where that is not this one."""
    local = moment_here(moment)
    day = "今天" if local.date() == today() else short_day(local.date())
    return f"{day} {local:%H:%M}"


def exact_moment(moment: datetime) -> str:
    """As pages show what is compared by the second, or printed: 11-23 08:15:30, with its year where that is not this
    one."""
    local = moment_here(moment)
    return f"{short_day(local.date())} {local:%H:%M:%S}"


def length_words(length: timedelta) -> str:
    """How long: 12 分钟, 3 小时, from two days on 5 天."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} 分钟"
    if minutes < 48 * 60:
        return f"{minutes // 60} 小时"
    return f"{minutes // (24 * 60)} 天"
