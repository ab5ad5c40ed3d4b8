"""The session engine: Django's database engine over `UserSession`.

When and from where a person signed in is kept inside the session; the row's columns are copied from there
at every save, so that a session's list entry survives a change of its key.
"""

from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import InterfaceError, OperationalError
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from zhongzhi.accounts.models import User, UserSession
from zhongzhi.accounts.origin import Origin
from zhongzhi.rows.remembered import remember_for, version_there
from zhongzhi.rows.statements import Given, PreparedRows

SIGN_IN = "_sign_in"


class SignIn(TypedDict):
    """The facts of one sign-in; times are ISO 8601 with offset."""

    ip: str | None
    user_agent: str
    since: str
    seen: str
    confirmed: NotRequired[str]
    factor: NotRequired[str]
    enrol: NotRequired[bool]


class SessionStore(db.SessionStore):
    """Reads and writes `UserSession` rows."""

    owner: User | None = None
    """The person of the row as it was read with it; for who asks in the same request who is signed in."""

    def save(self, must_create: bool = False) -> None:
        """Keep it. Where the database went away Django would say that the session was deleted, which is answered with
        400 although what was asked for may be saved: the fault itself is raised instead."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        """The rows of this engine."""
        return UserSession

    def _get_session_from_db(self) -> UserSession | None:
        """The row that is still in force, with its person: one statement for both."""
        row = next(iter(_in_force().read(key=self.session_key, now=timezone.now())), None)
        if row is None:
            self._session_key = None
        self.owner = row.user if row is not None else None
        remember_for(getattr(row, "remembered", ""))
        return row

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        """The row for `data`, with the columns its owner sees."""
        row: UserSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.public_id = public_id_of(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        if facts := data.get(SIGN_IN):
            row.ip, row.user_agent = facts["ip"], facts["user_agent"]
            row.created_at = datetime.fromisoformat(facts["since"])
            row.last_seen_at = datetime.fromisoformat(facts["seen"])
        return row


@cache
def _in_force() -> PreparedRows[UserSession]:
    key, now = Given("key", CharField()), Given("now", DateTimeField())
    rows = UserSession.objects.select_related("user").filter(session_key=key, expire_date__gt=now)
    return PreparedRows(rows.annotate(remembered=version_there()))


def public_id_of(session_key: str) -> UUID:
    """A name for a session that can stand in an address: it does not lead back to the key."""
    return UUID(bytes=sha256(session_key.encode()).digest()[:16])


def begin(session: SessionBase, origin: Origin, factor: str = "password", *, enrol: bool = False) -> None:
    """Note in the session that a person signs in now, from `origin`; `enrol`: a second factor is to be set up first."""
    now = timezone.now().isoformat()
    session[SIGN_IN] = SignIn(
        ip=origin.ip, user_agent=origin.user_agent, since=now, seen=now, factor=factor, enrol=enrol
    )


def must_enrol(session: SessionBase) -> bool:
    """Whether a second factor has to be set up before anything else."""
    return bool(session[SIGN_IN].get("enrol"))


def set_enrol(session: SessionBase, due: bool) -> None:
    """Note whether it has to be."""
    session[SIGN_IN]["enrol"] = due
    session.modified = True


def signed_in_since(session: SessionBase) -> datetime:
    """When the person signed in."""
    return datetime.fromisoformat(session[SIGN_IN]["since"])


def confirmed_at(session: SessionBase) -> datetime:
    """When the person last showed who they are: at signing in, or when asked again since."""
    facts = session[SIGN_IN]
    return datetime.fromisoformat(facts.get("confirmed") or facts["since"])


def confirm(session: SessionBase) -> None:
    """Note in the session that the person showed again who they are."""
    session[SIGN_IN]["confirmed"] = timezone.now().isoformat()
    session.modified = True


def last_seen(session: SessionBase) -> datetime:
    """When the session was last used, at most a minute behind."""
    return datetime.fromisoformat(session[SIGN_IN]["seen"])


def touch(session: SessionBase, origin: Origin, now: datetime) -> None:
    """Note that the session is in use, and from where now."""
    session[SIGN_IN] |= SignIn(
        ip=origin.ip,
        user_agent=origin.user_agent,
        since=session[SIGN_IN]["since"],
        seen=now.isoformat(),
    )
    session.modified = True
