"""What the tests of the core share: hypothesis without deadlines, and the real calendar of 2024 to 2026."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import settings

from zhongzhi.core.worktime import WorkCalendar

settings.register_profile("core", deadline=None, database=None)
settings.load_profile("core")

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 12, 31)


@pytest.fixture(scope="session")
def announced() -> WorkCalendar:
    """The days as the State Council announced them, make-up days included."""
    days = (FIRST_DAY + timedelta(days=k) for k in range((LAST_DAY - FIRST_DAY).days + 1))
    return WorkCalendar({day: chinese_calendar.is_workday(day) for day in days})
