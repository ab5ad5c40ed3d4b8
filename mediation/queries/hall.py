"""The hall: who is there today, at which window, who is on call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet

from grids.models import Organisation, Presence
from grids.queries import centres_served_by, organisations
from mediation.models import Duty
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.periods import TODAY
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given


@dataclass(frozen=True)
class HallDay:
    """One day of the hall."""

    day: date
    duties: list[Duty]


def hall_centre_of(user: User) -> Organisation | None:
    """The centre whose hall concerns a person: the widest one served at; for others none."""
    centres = centres_served_by(user)
    return centres[0] if centres else None


def hall_organisations(centre: Organisation) -> QuerySet[Organisation]:
    """The organisations present in a centre's hall, resident ones first."""
    return organisations().filter(territory=centre.territory).exclude(presence=Presence.NONE).order_by("presence", "pk")


def on_duty(centre: Organisation, day: date) -> list[Duty]:
    """The roster of a day, windows in order."""
    return _ON_DUTY.read(centre=centre.pk, day=day)


_ON_DUTY = RememberedRows(
    Duty.objects.filter(centre=Given("centre", BigIntegerField()), day=TODAY)
    .select_related("organisation")
    .order_by("window", "pk")
)


def hall_week(centre: Organisation, first: date) -> list[HallDay]:
    """Seven days of the roster. One query."""
    last = first + timedelta(days=6)
    rows = Duty.objects.filter(centre=centre, day__range=(first, last)).select_related("organisation")
    return _by_day(rows.order_by("day", "window", "pk"), first)


def duty_of(user: User, uid: UUID) -> Duty:
    """A line of the roster of one's own centre; NotFound else."""
    centres = [centre.pk for centre in centres_served_by(user)]
    row = Duty.objects.filter(uid=uid, centre__in=centres).select_related("centre", "organisation").first()
    if row is None:
        raise NotFound
    return row


def _by_day(rows: Iterable[Duty], first: date) -> list[HallDay]:
    days = {first + timedelta(days=n): HallDay(first + timedelta(days=n), []) for n in range(7)}
    for row in rows:
        days[row.day].duties.append(row)
    return list(days.values())
