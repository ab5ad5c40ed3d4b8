"""How the meeting hands a case out: with its slips, by one place for page and bulk decision."""

from collections.abc import Sequence

from grids.models import Organisation
from intake.models import Case
from referrals.actions import dispatch_with_slip
from zhongzhi.accounts.models import User


def hand_out(
    case: Case, *, actor: User, lead: Organisation | None, co_handlers: Sequence[Organisation], instruction: str
) -> Case:
    """Hand the case to its lead and co-handlers, each with a 交办单, in the caller's transaction."""
    return dispatch_with_slip(
        case, actor=actor, organisation=lead, instruction=instruction, co_handlers=tuple(co_handlers)
    )
