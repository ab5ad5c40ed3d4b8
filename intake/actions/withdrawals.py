"""An applicant takes the case back."""

from django.db import transaction

from intake.extension_points import Way
from intake.lifecycle import Event
from intake.models import Case
from intake.notifications import announce
from intake.permissions import may_withdraw
from intake.transitions import come_to_rest, locked_with_merged, move, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import require


@transaction.atomic
def withdraw_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """The applicant takes the case back; all that hangs on it ends, and what was merged into it goes on by itself."""
    case = locked_with_merged(case, version=version)
    require(may_withdraw(actor, case), "撤回由负责中心的窗口办理。")
    reason = reason_given(reason)
    move(case, Event.WITHDRAW, actor=actor, reason=reason)
    announce(case, "case_withdrawn", "当事人已撤回", actor=actor)
    come_to_rest(case, Way.WITHDRAW, actor=actor, reason="案件撤回")
    record(actor, Verb.WITHDRAWN, case)
    return case
