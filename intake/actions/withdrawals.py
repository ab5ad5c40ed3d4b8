"""An applicant takes the case back."""

from django.db import transaction

from intake.actions.dispatch import close_handlings
from intake.actions.suspension import end_suspension
from intake.coordination.actions.joint_tasks import release_tasks
from intake.deadlines.actions.clocks import stop_clocks
from intake.lifecycle import Event
from intake.models import Case, CloseReason
from intake.permissions import may_withdraw
from intake.transitions import locked, move, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import require


@transaction.atomic
def withdraw_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """The applicant takes the case back: all clocks and handlings end."""
    case = locked(case, version=version)
    require(may_withdraw(actor, case), "撤回由负责中心的窗口办理。")
    reason = reason_given(reason)
    move(case, Event.WITHDRAW, actor=actor, reason=reason)
    stop_clocks(case)
    release_tasks(case, "案件撤回", actor)
    close_handlings(case, CloseReason.WITHDRAWN)
    end_suspension(case)
    record(actor, Verb.WITHDRAWN, case)
    return case
