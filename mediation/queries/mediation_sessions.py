"""What hangs on one session."""

from mediation.models import Attendee, Material, Session
from zhongzhi.notices.queries import texts_taken


def text_key(session: Session, attendee: Attendee, what: str = "") -> str:
    """The occasion of a text message: the invitation, or what became of the session."""
    return f"session:{session.pk}:{what or 'invite'}:{attendee.party_id}"


def people_of(session: Session) -> list[Attendee]:
    """Those asked to a session, in the order they were asked; `told` says how far the word to a party has come."""
    people = list(session.attendees.select_related("party").order_by("pk"))
    keys = {attendee.pk: text_key(session, attendee) for attendee in people if attendee.invited_at}
    taken = texts_taken(keys.values())
    for attendee in people:
        if attendee.party_id is None:
            attendee.told = ""  # type: ignore[attr-defined]
        elif attendee.invited_at is None:
            attendee.told = "请电话告知"  # type: ignore[attr-defined]
        else:
            attendee.told = "已通知" if keys[attendee.pk] in taken else "短信待发出"  # type: ignore[attr-defined]
    return people


def photos_of(session: Session) -> list[Material]:
    """The photographs of a session that were not taken off."""
    rows = session.materials.filter(attachment__removed_at__isnull=True)
    return list(rows.select_related("attachment__file").order_by("pk"))
