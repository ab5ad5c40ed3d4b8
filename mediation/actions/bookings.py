"""Time that sessions take from mediators and rooms. The database refuses what overlaps; here it is put in words."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone

from mediation.models import Booking, Mediation, Mediator, Room, Session, SessionState
from zhongzhi.core.errors import RuleViolation

NO_TIME = DateTimeTZRange(empty=True)
"""Overlaps nothing."""


class AlreadyBooked(RuleViolation):
    """A mediator or a room has something else at that time."""

    code = "already_booked"
    status = 409


def book(session: Session, mediators: Sequence[Mediator]) -> None:
    """Take the time of the session's mediators and its room.

    Mediators and room are locked first, in one order, so that of two who book at once one waits and is then told
    who is taken and when (AlreadyBooked); the exclusion constraints hold whatever happens.
    """
    list(Mediator.objects.select_for_update().filter(pk__in=[m.pk for m in mediators]).order_by("pk"))
    if session.room_id:
        room = Room.objects.select_for_update().get(pk=session.room_id)
        if not room.is_active:
            raise RuleViolation(f"{room}已停用，请另选调解室。", field="room")
    _refuse_taken(session, mediators)
    period = (session.starts_at, session.ends_at)
    rows = [Booking(session=session, mediator=mediator, period=period) for mediator in mediators]
    if session.room_id:
        rows.append(Booking(session=session, room_id=session.room_id, period=period))
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AlreadyBooked("这一时段刚刚被占用，请换个时间。", field="starts_at") from error


def free(session: Session) -> None:
    """Give the time of a session back."""
    session.bookings.all().delete()


def release_rest(session: Session, now: datetime) -> None:
    """The session is held: what is left of the time of its mediators and room is free for others.

    Who mediated stays.
    """
    ends = min(session.ends_at, now)
    took_its_time = session.planned_for is None and ends > session.starts_at
    session.bookings.update(period=(session.starts_at, ends) if took_its_time else NO_TIME)


def note_mediators(session: Session, mediators: Sequence[Mediator]) -> None:
    """Who mediated a session that was entered afterwards; it takes no time any more."""
    Booking.objects.bulk_create(Booking(session=session, mediator=row, period=NO_TIME) for row in mediators)


def free_sessions(mediation: Mediation) -> list[Session]:
    """Cancel the planned sessions of a locked mediation that is over; their bookings go. Those that were planned."""
    planned = list(mediation.sessions.filter(status=SessionState.PLANNED).select_related("room"))
    Booking.objects.filter(session__in=planned).delete()
    for session in planned:
        session.status, session.mediation = SessionState.CANCELLED, mediation
        session.save(update_fields=["status"])
    return planned


def hand_over(mediation: Mediation, mediator: Mediator, replacement: Mediator | None) -> None:
    """Give what is booked for one mediator in this mediation to another, or free it."""
    planned = mediation.sessions.filter(status=SessionState.PLANNED)
    for session in planned.filter(bookings__mediator=mediator).distinct().order_by("pk"):
        others = [b.mediator for b in session.bookings.filter(mediator__isnull=False).exclude(mediator=mediator)]
        free(session)
        book(session, [m for m in (*others, replacement) if m is not None])


def _refuse_taken(session: Session, mediators: Sequence[Mediator]) -> None:
    taken = Q(mediator__in=[m.pk for m in mediators]) | Q(room=session.room_id, room__isnull=False)
    rows = Booking.objects.filter(taken, period__overlap=(session.starts_at, session.ends_at))
    found = rows.exclude(session=session).select_related("mediator", "room", "session").order_by("pk").first()
    if found is None:
        return
    who = found.mediator or found.room
    field = "mediators" if found.mediator else "room"
    raise AlreadyBooked(
        f"{who} {_span(found.session.starts_at, found.session.ends_at)} 已有安排"
        f"（{found.session.get_kind_display()}），请换个时间或另行选择。",
        field=field,
    )


def _span(starts: datetime, ends: datetime) -> str:
    a, b = timezone.localtime(starts), timezone.localtime(ends)
    return f"{a:%m月%d日 %H:%M}—{b:%H:%M}"
