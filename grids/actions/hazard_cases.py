"""A hazard becomes a case, and comes back when that is withdrawn; called by the case's own acts."""

from django.db import transaction
from django.utils import timezone

from grids.actions._hazard_steps import NOT_THERE, locked, move_hazard
from grids.lifecycle import HAZARD_LIFECYCLE, UNSETTLED, HazardEvent, HazardState
from grids.models import Hazard
from grids.permissions import may_settle
from grids.queries import people_to_call
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, require
from zhongzhi.notices.actions import post


@transaction.atomic
def lock_to_hand_on(hazard: Hazard, *, actor: User) -> Hazard:
    """The hazard, locked.

    PermissionDenied for somebody else's, InvalidTransition when it is a case already or settled.
    """
    hazard = locked(hazard)
    require(may_settle(actor, hazard), NOT_THERE)
    if hazard.status == HazardState.HANDED_ON:
        raise InvalidTransition(f"已转为案件 {hazard.case_code}，不能再转。", case=hazard.case_code)
    HAZARD_LIFECYCLE.target(HazardState(hazard.status), HazardEvent.HAND_ON)
    return hazard


def hand_on(hazard: Hazard, *, actor: User, case_code: str) -> Hazard:
    """Note that a hazard became a case; called by the case's own act, which holds the hazard by `lock_to_hand_on`."""
    hazard.case_code, hazard.ended_at = case_code, timezone.now()
    move_hazard(hazard, HazardEvent.HAND_ON, actor, case_code, "case_code", "ended_at")
    record(actor, Verb.HAZARD_HANDED_ON, hazard, case=case_code)
    return hazard


def give_back(hazard: Hazard, *, actor: User | None, reason: str) -> Hazard:
    """The case that a hazard became was withdrawn: the danger is still there, and is settled in the field again. The
    people of its grid hear so; called by the case's own act."""
    hazard = locked(hazard)
    code, hazard.case_code, hazard.ended_at = hazard.case_code, "", None
    move_hazard(hazard, HazardEvent.GIVE_BACK, actor, reason, "case_code", "ended_at")
    record(actor, Verb.HAZARD_GIVEN_BACK, hazard, case=code)
    _tell_given_back(hazard, code)
    return hazard


def hand_on_again(hazard: Hazard, *, actor: User, case_code: str) -> None:
    """Its case is taken up again: what was not settled in the field meanwhile is with the case."""
    hazard = locked(hazard)
    if hazard.status in UNSETTLED:
        hand_on(hazard, actor=actor, case_code=case_code)


def _tell_given_back(hazard: Hazard, code: str) -> None:
    people = {user.pk: user for user in [hazard.reported_by, *people_to_call(hazard.territory)] if user.is_active}
    post(
        list(people.values()),
        "hazard_given_back",
        title=f"案件 {code} 已撤回，隐患请重新处置",
        body=f"{hazard.territory.full_name}：{hazard.narrative[:100]}",
        link=f"/field/reports/{hazard.uid}/",
        key=f"hazard_given_back:{hazard.pk}:{code}",
    )
