"""Who audits."""

from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User


def may_audit(actor: User) -> bool:
    """The auditor: reads the trail and the looks at personal data, asks for checks, notes what alerts came to."""
    return scope_of(actor).may(Capability.READ_TRAIL)
