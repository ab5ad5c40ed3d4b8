"""What the database gave up for lack of time, as a refusal that says to come again."""

from django.db import Error

from zhongzhi.core.errors import Busy, DomainError, TooSlow

WAIT = 5
LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"


def refusal_for(error: BaseException | None) -> DomainError | None:
    """The refusal itself, or the one that a time limit of the database means; None for faults of ours."""
    if isinstance(error, DomainError):
        return error
    code = getattr(error.__cause__, "pgcode", None) if isinstance(error, Error) else None
    if code == LOCK_NOT_AVAILABLE:
        return Busy(wait=WAIT)
    return TooSlow(wait=WAIT) if code == QUERY_CANCELED else None
