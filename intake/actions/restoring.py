"""The way back: what was withdrawn, guided away or archived is taken up again by decision of the centre's manager."""

from django.db import transaction

from grids.models import Organisation
from intake.actions.guidance import limits_of_return, recall_guidance
from intake.deadlines.models import ClockKind
from intake.extension_points import Way
from intake.lifecycle import Event, State
from intake.models import Case, HandlingPart
from intake.notifications import announce
from intake.permissions import may_restore
from intake.transitions import locked, move, reason_given, take_up_again
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import require

WAYS = {State.WITHDRAWN: Way.WITHDRAW, State.GUIDED: Way.GUIDE, State.ARCHIVED: Way.ARCHIVE}


@transaction.atomic
def restore_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Take a case up again that was at rest by mistake, or because something new came: what was withdrawn is
    sorted anew at the centre, within a new limit; what was guided away stands where it stood, and its receiver hears
    so; what was archived is closed again, and may be reopened."""
    case = locked(case, version=version)
    require(may_restore(actor, case), "恢复案件由负责中心的负责人决定。")
    reason, before = reason_given(reason), State(case.status)
    if before == State.GUIDED:
        recall_guidance(case, actor=actor, reason=reason)
    back = {"holder": case.centre, "guided_to": None, "guided_outside": None}
    move(case, Event.RESTORE, actor=actor, reason=reason, columns=back)
    take_up_again(case, WAYS[before], actor=actor, reason=reason)
    if before != State.ARCHIVED:
        limits_of_return(case, ClockKind.TRIAGE)
    record(actor, Verb.RESTORED, case, was=before)
    announce(case, "case_restored", "已恢复，请重新办理", actor=actor, former=_last_lead(case))
    return case


def _last_lead(case: Case) -> Organisation | None:
    last = case.handlings.filter(part=HandlingPart.LEAD).select_related("organisation").order_by("-pk").first()
    return None if last is None else last.organisation
