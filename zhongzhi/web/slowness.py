"""What the database gave up for lack of time, or left in the middle, as a refusal that says to come again."""

from django.db import Error, InterfaceError, OperationalError

from zhongzhi.core.errors import Busy, DomainError, Lost, TooSlow

WAIT = 5
LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"
GONE = ("57P", "08")
"""How the codes begin of a server that shuts down, crashed or starts, and of a connection that broke."""


def refusal_for(error: BaseException | None) -> DomainError | None:
    """The refusal itself, or what a time limit or the absence of the database means; None for faults of ours."""
    if isinstance(error, DomainError):
        return error
    code = getattr(error.__cause__, "pgcode", None) if isinstance(error, Error) else None
    if code == LOCK_NOT_AVAILABLE:
        return Busy(wait=WAIT)
    if code == QUERY_CANCELED:
        return TooSlow(wait=WAIT)
    return Lost(wait=WAIT) if _is_gone(error, code) else None


def _is_gone(error: BaseException | None, code: str | None) -> bool:
    """Broken connections have no code of the server's."""
    return isinstance(error, OperationalError | InterfaceError) and (code is None or code.startswith(GONE))
