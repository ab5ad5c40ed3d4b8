"""The day and the time of the office, for what asks hundreds of times a page: its time zone never changes, and
Django looks each time whether somebody set another."""

from datetime import date, datetime

from zhongzhi.core.worktime.calendar import SHANGHAI


def today() -> date:
    """The day it is in the office."""
    return datetime.now(SHANGHAI).date()  # noqa: TID251  Django's asks for the zone in use


def moment_here(moment: datetime) -> datetime:
    """A moment by the clock of the office."""
    return moment.astimezone(SHANGHAI)
