"""Days and moments as papers and notices write them, with their year: what is read later, or in a file, is not 今天."""

from datetime import date, datetime

from zhongzhi.core.worktime import SHANGHAI


def paper_day(day: date | datetime | None) -> str:
    """2026年11月24日, of a moment the day it was here; nothing for none."""
    if day is None:
        return ""
    local = day.astimezone(SHANGHAI) if isinstance(day, datetime) else day
    return f"{local.year}年{local.month}月{local.day}日"


def paper_moment(moment: datetime) -> str:
    """2026年11月25日17时30分."""
    local = moment.astimezone(SHANGHAI)
    return f"{paper_day(local)}{local.hour}时{local.minute:02d}分"
