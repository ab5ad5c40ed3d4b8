"""When dates of agreements are due and when they are reminded of."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from intake.deadlines.queries import work_calendar
from mediation.models import ReminderRule
from zhongzhi.core.worktime import SHANGHAI, Unit, due

CONFIRMATION_DAYS = 30
OF = ReminderRule.Of


def confirm_by(in_force_on: date) -> date:
    """The last day to apply for judicial confirmation: 30 natural days from the agreement's force (人民调解法 art. 33,
    民事诉讼法 art. 205); a last day that is no working day moves to the next one (民事诉讼法 art. 85)."""
    return natural_days_after(in_force_on, CONFIRMATION_DAYS)


def natural_days_after(day: date, days: int) -> date:
    """The n-th day after a day, which is not counted; rolled on to a working day."""
    return due(work_calendar(), _noon(day), days, Unit.NATURAL_DAY).date()


def reminder_moments(due_on: date) -> list[datetime]:
    """When an obligation due on a day is reminded of: the opening of the office, so many days before; a day on which
    the office is closed moves back to the last working day."""
    calendar = work_calendar()
    days = ReminderRule.objects.filter(of=OF.PERFORMANCE).values_list("days_before", flat=True)
    moments = []
    for before in days:
        day = next(calendar.workdays_from(due_on - timedelta(days=before), -timedelta(days=1)))
        moments.append(calendar.next_office_moment(datetime.combine(day, time(), SHANGHAI)))
    return sorted(moments)


def telling_moment(due_on: date, now: datetime) -> datetime:
    """When a reminder of something due on a day may go out: the next opening of the office; by day right away when
    the office opens only after that day is over. A reminder that comes too late is none."""
    calendar = work_calendar()
    opens = calendar.next_office_moment(now)
    return opens if opens < breach_moment(due_on) else max(now, calendar.opening_of(timezone.localdate(now)))


def breach_moment(due_on: date) -> datetime:
    """An obligation is broken once its day is over."""
    return datetime.combine(due_on + timedelta(days=1), time(), SHANGHAI)


def next_look(due_on: date, after: datetime) -> datetime:
    """When the sweep must look at an open obligation next: its next reminder, else the end of its day."""
    ahead = [moment for moment in reminder_moments(due_on) if moment > after]
    return min([*ahead, breach_moment(due_on)])


def next_confirm_reminder(last_day: date, after: date) -> date | None:
    """The next day on which the end of the time for judicial confirmation is reminded of."""
    days = ReminderRule.objects.filter(of=OF.CONFIRMATION).values_list("days_before", flat=True)
    ahead = sorted(last_day - timedelta(days=before) for before in days)
    return next((day for day in ahead if day > after), None)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)
