"""Lines of the security log."""

from zhongzhi.accounts.models import SecurityEvent, SecurityKind, User
from zhongzhi.accounts.origin import NOWHERE, Origin

USERNAME_LENGTH = 150
DETAIL_LENGTH = 200


def note(
    kind: SecurityKind, user: User | None, *, origin: Origin = NOWHERE, username: str = "", detail: str = ""
) -> None:
    """Write one line; the user name is the user's own unless another was typed."""
    typed = username or (user.username if user else "")
    SecurityEvent.objects.create(
        kind=kind,
        user=user,
        username=typed[:USERNAME_LENGTH],
        ip=origin.ip,
        detail=detail[:DETAIL_LENGTH],
    )


def note_failed_login(username: str, origin: Origin) -> None:
    """Someone typed a wrong user name or password; the password is never kept."""
    note(SecurityKind.LOGIN_FAILED, None, origin=origin, username=username.lower())


def note_lockout(username: str, origin: Origin) -> None:
    """A try was turned away (or was the last one allowed) after too many wrong ones."""
    note(SecurityKind.LOCKED_OUT, None, origin=origin, username=username)


def note_refused_single_sign_on(detail: str, origin: Origin) -> None:
    """Single sign-on vouched for nobody, or for somebody without an account of ours."""
    note(SecurityKind.SSO_REFUSED, None, origin=origin, detail=detail)
