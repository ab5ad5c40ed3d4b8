"""Who may sign in, whose password is due, and who may end a session."""

from datetime import datetime

from django.conf import settings

from zhongzhi.accounts.models import User, UserKind, UserSession


def may_sign_in(user: User) -> bool:
    """Only people use the login page; an outside system has its token."""
    return user.is_active and user.kind == UserKind.PERSON


def password_is_due(user: User, now: datetime) -> bool:
    """The person must choose a new password before anything else (set by someone else, or too old)."""
    return user.must_change_password or now - user.password_changed_at > settings.PASSWORD_MAX_AGE


def may_end_session(actor: User, session: UserSession) -> bool:
    """One ends one's own sessions."""
    return session.user_id == actor.pk
