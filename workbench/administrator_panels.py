"""What waits for the security administrator and the auditor, on the home page."""

from workbench.auditing.permissions import may_audit
from workbench.auditing.queries import waiting_for
from workbench.security.queries import Count, counts_for
from zhongzhi.accounts.models import User
from zhongzhi.accounts.permissions import keeps_security


def administration_today(user: User) -> list[Count]:
    """The figures of the person's desk; none for whoever keeps none."""
    if keeps_security(user):
        return counts_for(user)
    return _for_auditor(user) if may_audit(user) else []


def _for_auditor(user: User) -> list[Count]:
    unseen, unexplained, last = waiting_for(user)
    checked = "上次核对发现的问题" if last else "还没有核对过留痕"
    return [
        Count("未阅预警", unseen, "workbench:auditing_alerts"),
        Count("待说明预警", unexplained, "workbench:auditing_alerts"),
        Count(checked, last.fault_count if last else 0, "workbench:auditing_checks"),
    ]
