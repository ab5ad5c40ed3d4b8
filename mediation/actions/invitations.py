"""Text messages to the parties that are asked to a session: that it is on, and that it is off."""

from collections.abc import Sequence

from django.utils import timezone

from mediation.actions._locking import tell_mediators
from mediation.models import Attendee, Session
from mediation.queries.mediation_sessions import text_key
from zhongzhi.notices.actions import post_text_message


def tell_invited(session: Session, what: str) -> None:
    """Tell the parties that were asked to a session what became of it."""
    tell_parties(session, list(session.attendees.filter(party__isnull=False).select_related("party")), what)


def tell_parties(session: Session, attendees: Sequence[Attendee], what: str) -> None:
    """Word to the parties by text message; the mediators hear whom they have to phone."""
    to_phone = [a for a in attendees if not _send(session, a, what)]
    if to_phone:
        sides = "、".join(dict.fromkeys(a.capacity for a in to_phone))
        words = f"{session.get_kind_display()}{what or '会期'}没有短信可发，请电话告知：{sides}"
        key = f"session:{session.pk}:{what or 'invite'}:phone"
        link = f"/mediation/sessions/{session.uid}/"
        tell_mediators(session.mediation, "session_to_phone", words, key=key, link=link)


def _send(session: Session, attendee: Attendee, what: str) -> bool:
    """An invitation by text message (outbox), or word that it is off; whether there is a number that takes one. Names
    and numbers stay sealed."""
    party = attendee.party
    if party is None or not party.phone_sealed:
        return False
    when = timezone.localtime(session.starts_at)
    head = f"【{session.mediation.body.organisation.short_name}】"
    text = f"{head}{when:%m月%d日 %H:%M} {session.get_kind_display()}{what}，地点：{session.where}。"
    text += "" if what else "请携带身份证件准时到场，不能到场请提前告知。"
    ends = session.ends_at
    if not post_text_message(party.phone, text, key=text_key(session, attendee, what), not_after=ends):
        return False
    attendee.invited_at = timezone.now()
    attendee.save(update_fields=["invited_at"])
    return True
