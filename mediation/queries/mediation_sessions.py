"""What hangs on one session."""

from mediation.models import Attendee, Material, Session


def people_of(session: Session) -> list[Attendee]:
    """Those asked to a session, in the order they were asked."""
    return list(session.attendees.select_related("party").order_by("pk"))


def photos_of(session: Session) -> list[Material]:
    """The photographs of a session that were not taken off."""
    rows = session.materials.filter(attachment__removed_at__isnull=True)
    return list(rows.select_related("attachment__file").order_by("pk"))
