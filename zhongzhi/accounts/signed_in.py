"""Who is signed in: Django's own check of a session, without a statement of its own for the person.

The session is read together with its person (`login_sessions`). All that Django looks at, the key of the person in the
session, the backend and the hash of the password, is looked at as ever; only the row is not read twice.
"""

from contextvars import ContextVar
from typing import Any

from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from zhongzhi.accounts.login_sessions import SessionStore
from zhongzhi.accounts.models import User

_asked_for: ContextVar[SessionBase | None] = ContextVar("session whose person is asked for", default=None)


class AccountBackend(ModelBackend):
    """Accounts with a password; who is signed in was read with the session."""

    def get_user(self, user_id: Any) -> User | None:
        """The person, where they may sign in; None else."""
        session = _asked_for.get()
        if not isinstance(session, SessionStore) or session.owner is None or session.owner.pk != user_id:
            return super().get_user(user_id)
        owner, session.owner = session.owner, None  # handed over once: whoever asks again, asks the database
        return owner if self.user_can_authenticate(owner) else None


class SignedInMiddleware(AuthenticationMiddleware):
    """`request.user`, read when it is first asked for."""

    def process_request(self, request: HttpRequest) -> None:
        """As Django does it."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]


def know_who_asks(request: HttpRequest) -> None:
    """Let `request.user` be the person, not a promise of one: what is read of a promise is asked for twice over, and a
    page reads some hundred things of its person."""
    request.user = _person(request)


def _person(request: HttpRequest) -> Any:
    kept = request.__dict__
    if "_cached_user" not in kept:
        token = _asked_for.set(request.session)
        try:
            kept["_cached_user"] = auth.get_user(request)
        finally:
            _asked_for.reset(token)
    return kept["_cached_user"]
