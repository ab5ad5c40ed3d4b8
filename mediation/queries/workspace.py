"""The workspace of a mediator and the calendar of a week."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, DateTimeField, F, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from grids.list_heads import heads_of
from grids.scope import scope_of
from intake.deadlines.models import Clock
from mediation.lifecycle import State
from mediation.models import (
    OF_COURTS,
    Agreement,
    Body,
    Confirmation,
    Instalment,
    Mediation,
    Mediator,
    Session,
    SessionState,
)
from mediation.queries.visibility import (
    agreements_to_confirm,
    as_seen_by,
    bookings_between,
    confirmations_for_list,
    instalments_for_list,
    mediations_for_list,
    mediations_in_sight,
    my_mediations,
    my_open_mediations,
    with_agreement,
    with_court,
    with_line,
    with_terms,
)
from zhongzhi.accounts.models import User
from zhongzhi.rows.arrays import THESE_KEYS, among, rows_of_keys
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given, PreparedRows

SHOWN = 12
DUE_NEAR, CONFIRM_NEAR = timedelta(days=7), timedelta(days=10)
WEEK, TOMORROW = Given("week", DateTimeField()), Given("tomorrow", DateTimeField())
TODAY, DUE, ENDING = (Given(name, DateField()) for name in ("today", "due_near", "confirm_near"))


def with_due(rows: QuerySet[Mediation]) -> QuerySet[Mediation]:
    """Mediations with the due time of their own limit."""
    running = Clock.objects.filter(handling=OuterRef("handling"), kind=OuterRef("clock"), stopped_at=None)
    return rows.annotate(due_at=Subquery(running.values("handling").annotate(due=Min("due_at")).values("due")))


MEDIATIONS = PreparedRows(with_due(with_line(Mediation.objects.filter(among("pk", THESE_KEYS)))))
SESSIONS = PreparedRows(
    Session.objects.filter(among("pk", THESE_KEYS)).select_related(
        "room", "mediation__case", "mediation__body__organisation"
    )
)
INSTALMENTS = PreparedRows(with_agreement(Instalment.objects.filter(among("pk", THESE_KEYS))))
AGREEMENTS = PreparedRows(with_terms(Agreement.objects.filter(among("pk", THESE_KEYS))))
CONFIRMATIONS = PreparedRows(with_court(Confirmation.objects.filter(among("pk", THESE_KEYS))))
"""Rows of lists in sight by the keys that their heads named."""


@dataclass(frozen=True)
class Workspace:
    """What waits: mediations in hand by their limit, sessions of the next days, dates of agreements near."""

    mediations: list[Mediation]
    sessions: list[Session]
    obligations: list[Instalment]
    to_confirm: list[Agreement]
    at_court: list[Confirmation]
    to_return: list[Mediation]


@dataclass(frozen=True)
class Today:
    """What the day brings one's own bodies and mediations: sessions, dates of agreements, ends of the time to apply."""

    sessions: list[Session]
    obligations: list[Instalment]
    confirmations: list[Agreement]


@dataclass
class Entry:
    """One session in the calendar."""

    session: Session
    mediators: list[Mediator] = field(default_factory=list)


@dataclass(frozen=True)
class Week:
    """Seven days with their sessions, and the mediators one may choose from."""

    days: list[tuple[date, list[Entry]]]
    mediators: list[Mediator]


def workspace_of(user: User, now: datetime) -> Workspace:
    """The lists of the workspace. One statement says what stands in them, and each that is not empty is read."""
    lists = (_open, _near, _owed, _in_time, _at_court, mediations_to_return)
    opened, sessions, owed, in_time, at_court, to_return = heads_of(user, lists, shown=SHOWN, **_times(now))
    found = Workspace(
        mediations=rows_of_keys(MEDIATIONS, opened.keys),
        sessions=rows_of_keys(SESSIONS, sessions.keys),
        obligations=rows_of_keys(INSTALMENTS, owed.keys),
        to_confirm=rows_of_keys(AGREEMENTS, in_time.keys),
        at_court=rows_of_keys(CONFIRMATIONS, at_court.keys),
        to_return=rows_of_keys(MEDIATIONS, to_return.keys),
    )
    as_seen_by(user, [row.obligation for row in found.obligations], "what")
    as_seen_by(user, [*found.mediations, *found.sessions, *found.to_confirm, *found.at_court, *found.to_return])
    return found


_AS_MEDIATOR = RememberedRows(
    Mediator.objects.filter(user=Given("user", BigIntegerField()), ends_on=None).order_by().values_list("pk", flat=True)
)
_BODIES_OF = RememberedRows(
    Body.objects.filter(among("organisation_id", Given("organisations", ArrayField(BigIntegerField()))), ends_on=None)
    .order_by()
    .values_list("pk", flat=True)
)


def today_of(user: User, now: datetime) -> Today | None:
    """The day of a mediator, or of who works at a mediating body; None for others."""
    own = sorted(scope_of(user).organisation_ids)
    if not _AS_MEDIATOR.read(user=user.pk) and not _BODIES_OF.read(organisations=own):
        return None
    sessions, owed, near = heads_of(user, (_mine_today, _mine_owed, _mine_ending), shown=SHOWN, **_times(now))
    found = Today(
        sessions=rows_of_keys(SESSIONS, sessions.keys),
        obligations=rows_of_keys(INSTALMENTS, owed.keys),
        confirmations=rows_of_keys(AGREEMENTS, near.keys),
    )
    as_seen_by(user, [row.obligation for row in found.obligations], "what")
    as_seen_by(user, [*found.sessions, *found.confirmations])
    return found


def _times(now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), time()))
    days = {"today": today, "due_near": today + DUE_NEAR, "confirm_near": today + CONFIRM_NEAR}
    return {"week": now + timedelta(days=7), "tomorrow": tomorrow, **days}


def _open(user: User) -> QuerySet[Mediation]:
    return with_due(my_open_mediations(user)).order_by(F("due_at").asc(nulls_last=True), "pk")


def _near(user: User) -> QuerySet[Session]:
    """Planned sessions that have not been written up, those past first, up to a week ahead."""
    planned = Session.objects.filter(mediation__in=mediations_in_sight(user), status=SessionState.PLANNED)
    return planned.filter(starts_at__lt=WEEK).order_by("starts_at", "pk")


def _owed(user: User) -> QuerySet[Instalment]:
    """What is not performed yet, the nearest date first."""
    rows = instalments_for_list(user).filter(performed_on=None, released_at=None, due_on__lte=DUE)
    return rows.order_by("due_on", "pk")


def _in_time(user: User) -> QuerySet[Agreement]:
    return agreements_to_confirm(user, TODAY).order_by("confirm_by", "pk")


def _at_court(user: User) -> QuerySet[Confirmation]:
    return confirmations_for_list(user).filter(status__in=["applied", "accepted"])


def mediations_to_return(user: User) -> QuerySet[Mediation]:
    """One's own that a court entrusted, that ended and whose result is not with the court yet; the oldest first."""
    mine = mediations_for_list(user).filter(pk__in=my_mediations(user).values("pk"), court_return=None)
    ended = mine.filter(status__in=[State.AGREED, State.FAILED], origin__in=OF_COURTS)
    return ended.order_by("ended_at", "pk")


def _mine_today(user: User) -> QuerySet[Session]:
    return _near(user).filter(mediation__in=my_mediations(user).values("pk"), starts_at__lt=TOMORROW)


def _mine_owed(user: User) -> QuerySet[Instalment]:
    return _owed(user).filter(obligation__agreement__mediation__in=my_mediations(user).values("pk"))


def _mine_ending(user: User) -> QuerySet[Agreement]:
    return _in_time(user).filter(mediation__in=my_mediations(user).values("pk"), confirm_by__lte=ENDING)


def week_of(user: User, starts: datetime, *, mediator: int | None) -> Week:
    """The sessions of seven days from a moment. A fixed number of queries."""
    entries: dict[int, Entry] = {}
    mediators: dict[int, Mediator] = {}
    for booking in as_seen_by(user, bookings_between(user, starts, starts + timedelta(days=7))):
        if booking.mediator is None:
            continue
        mediators[booking.mediator.pk] = booking.mediator
        entries.setdefault(booking.session_id, Entry(booking.session)).mediators.append(booking.mediator)
    chosen = [e for e in entries.values() if mediator is None or mediator in {m.pk for m in e.mediators}]
    first = timezone.localdate(starts)
    days = [first + timedelta(days=n) for n in range(7)]
    by_day = [(day, [e for e in chosen if timezone.localdate(e.session.starts_at) == day]) for day in days]
    return Week(by_day, sorted(mediators.values(), key=lambda m: m.name))
