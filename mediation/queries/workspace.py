"""The workspace of a mediator and the calendar of a week."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

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
    mediations_visible_to,
    my_mediations,
    my_open_mediations,
)
from zhongzhi.accounts.models import User

SHOWN = 12
DUE_NEAR, CONFIRM_NEAR = timedelta(days=7), timedelta(days=10)


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
    """The lists of the workspace. A fixed number of queries."""
    today = timezone.localdate(now)
    found = Workspace(
        mediations=list(with_due(my_open_mediations(user)).order_by(F("due_at").asc(nulls_last=True), "pk")[:SHOWN]),
        sessions=list(sessions_near(user, now)[:SHOWN]),
        obligations=list(open_instalments(user).filter(due_on__lte=today + DUE_NEAR)[:SHOWN]),
        to_confirm=list(agreements_to_confirm(user, today).order_by("confirm_by", "pk")[:SHOWN]),
        at_court=list(confirmations_for_list(user).filter(status__in=["applied", "accepted"])[:SHOWN]),
        to_return=list(mediations_to_return(user)[:SHOWN]),
    )
    as_seen_by(user, [row.obligation for row in found.obligations], "what")
    as_seen_by(user, [*found.mediations, *found.sessions, *found.to_confirm, *found.at_court, *found.to_return])
    return found


def today_of(user: User, now: datetime) -> Today | None:
    """The day of a mediator, or of who works at a mediating body; None for others. A fixed number of queries."""
    own = sorted(scope_of(user).organisation_ids)
    if (
        not Mediator.objects.filter(user=user, ends_on=None).exists()
        and not Body.objects.filter(organisation_id__in=own, ends_on=None).exists()
    ):
        return None
    today, mine = timezone.localdate(now), my_mediations(user).values("pk")
    sessions = sessions_near(user, now).filter(mediation__in=mine, starts_at__date__lte=today)
    owed = open_instalments(user).filter(obligation__agreement__mediation__in=mine)
    near = agreements_to_confirm(user, today).filter(mediation__in=mine, confirm_by__lte=today + CONFIRM_NEAR)
    found = Today(
        sessions=list(sessions[:SHOWN]),
        obligations=list(owed.filter(due_on__lte=today + DUE_NEAR)[:SHOWN]),
        confirmations=list(near.order_by("confirm_by", "pk")[:SHOWN]),
    )
    as_seen_by(user, [row.obligation for row in found.obligations], "what")
    as_seen_by(user, [*found.sessions, *found.confirmations])
    return found


def mediations_to_return(user: User) -> QuerySet[Mediation]:
    """One's own that a court entrusted, that ended and whose result is not with the court yet; the oldest first."""
    mine = mediations_for_list(user).filter(pk__in=my_mediations(user).values("pk"), court_return=None)
    ended = mine.filter(status__in=[State.AGREED, State.FAILED], origin__in=OF_COURTS)
    return ended.order_by("ended_at", "pk")


def sessions_near(user: User, now: datetime) -> QuerySet[Session]:
    """Planned sessions that have not been written up, those past first, up to a week ahead."""
    rows = Session.objects.filter(mediation__in=mediations_visible_to(user), status=SessionState.PLANNED)
    related = rows.select_related("room", "mediation__case", "mediation__body__organisation")
    return related.filter(starts_at__lt=now + timedelta(days=7)).order_by("starts_at", "pk")


def open_instalments(user: User) -> QuerySet[Instalment]:
    """What is not performed yet, the nearest date first."""
    rows = instalments_for_list(user).filter(performed_on=None, released_at=None)
    return rows.order_by("due_on", "pk")


def with_due(rows: QuerySet[Mediation]) -> QuerySet[Mediation]:
    """Mediations with the due time of their own limit."""
    running = Clock.objects.filter(handling=OuterRef("handling"), kind=OuterRef("clock"), stopped_at=None)
    return rows.annotate(due_at=Subquery(running.values("handling").annotate(due=Min("due_at")).values("due")))


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
