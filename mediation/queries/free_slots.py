"""When a session can be held: in office hours, the mediators and the room of the case free."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from intake.deadlines.queries import work_calendar
from mediation.models import Booking, Mediation
from mediation.queries.visibility import rooms_for

USUAL = timedelta(hours=2)
NOTICE = timedelta(hours=1)
"""What lies nearer is not proposed: people have to come."""
STEP = timedelta(minutes=30)
AHEAD = timedelta(days=30)
SHOWN = 4


def free_slots(mediation: Mediation, *, now: datetime, length: timedelta = USUAL) -> list[datetime]:
    """The first starts at which all of a session lies in office hours and nobody who is needed is booked."""
    return list(islice(_free(mediation, now, length), SHOWN))


def _free(mediation: Mediation, now: datetime, length: timedelta) -> Iterator[datetime]:
    calendar, taken = work_calendar(), _taken(mediation, now)
    start = _next_step(timezone.localtime(now + NOTICE))
    while start < now + AHEAD:
        opens = timezone.localtime(calendar.next_office_moment(start))
        if opens > start:
            start = _next_step(opens)
            continue
        end = start + length
        if calendar.office_time_between(start, end) == length and not any(a < end and start < b for a, b in taken):
            yield start
        start += STEP


def _next_step(moment: datetime) -> datetime:
    """The next full or half hour."""
    plain = moment.replace(second=0, microsecond=0)
    plain += timedelta(minutes=1) if plain < moment else timedelta()
    return plain + timedelta(minutes=-plain.minute % 30)


def _taken(mediation: Mediation, now: datetime) -> list[tuple[datetime, datetime]]:
    """What is booked of the mediators and of the first room of the house."""
    room = rooms_for(mediation).values_list("pk", flat=True).first()
    needed = Q(mediator__in=mediation.mediators.values("pk")) | Q(room=room, room__isnull=False)
    rows = Booking.objects.filter(needed, period__overlap=(now, now + AHEAD + USUAL))
    return [(period.lower, period.upper) for period in rows.values_list("period", flat=True)]
