"""What waits for the security administrator and the auditor, on the home page."""

from workbench.security.queries import Count, counts_for
from zhongzhi.accounts.models import User
from zhongzhi.accounts.permissions import keeps_security


def administration_today(user: User) -> list[Count]:
    """The figures of the person's desk; none for whoever keeps none."""
    return counts_for(user) if keeps_security(user) else []
