"""When clocks are due and looked at again: reads of what runs, without a change."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import BigIntegerField, QuerySet

from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock, ClockKind, ClockRule
from intake.models import Case, Handling
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Unit, WorkCalendar
from zhongzhi.rows.statements import Given, PreparedRows


def due_of(clock: Clock, *, pauses: list[tuple[datetime, datetime]], calendar: WorkCalendar | None = None) -> datetime:
    """When a clock is due, from its start, its length and the times it stood still."""
    calendar = calendar or deadlines_queries.work_calendar()
    return worktime.due(calendar, clock.started_at, clock.amount, Unit(clock.unit), pauses=pauses)


def first_look(clock: Clock, rule: ClockRule, now: datetime, calendar: WorkCalendar | None = None) -> datetime:
    if not rule.warn_amount:
        return clock.due_at
    calendar = calendar or deadlines_queries.work_calendar()
    warn_at = calendar.office_hours_before(clock.due_at, rule.warn_amount)
    return max(warn_at, now) if warn_at < clock.due_at else clock.due_at


def next_look(clock: Clock, now: datetime) -> datetime | None:
    if clock.breached_at:
        return None
    return clock.due_at if clock.warned_at else first_look(clock, clock.rule, now)


def running_clocks_of(case: Case, kinds: Iterable[ClockKind], handling: Handling | None) -> list[Clock]:
    """The limits of a case that run or rest, locked, of these kinds and of this piece of work where they are named."""
    case.__dict__.pop("running", None)  # what was known of them before
    if not kinds and handling is None:
        return _RUNNING.read(case=case.pk)
    rows = _running().filter(case=case)
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    if handling is not None:
        rows = rows.filter(handling=handling)
    return list(rows)


def _running() -> QuerySet[Clock]:
    rows = Clock.objects.select_for_update(of=("self",)).filter(stopped_at=None)
    return rows.select_related("case", "rule", "organisation", "handling").order_by("pk")


_RUNNING = PreparedRows(_running().filter(case=Given("case", BigIntegerField())))


def pauses_of(clock: Clock) -> list[tuple[datetime, datetime]]:
    return [(p.paused_at, p.resumed_at) for p in clock.pauses.all() if p.resumed_at is not None]
