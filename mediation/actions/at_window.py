"""Mediation at the window (当场调解): a simple case, both sides and the mediator in the room, in one form."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from intake.actions import accept_case
from intake.lifecycle import State as CaseState
from intake.models import Case
from intake.permissions import may_settle_at_window
from intake.queries.groups import why_group_cannot_act
from intake.queries.guardians import why_guardian_is_missing
from intake.queries.violence import why_not_joint
from mediation.actions._locking import done, principals, sides, why_one_sided
from mediation.actions.consenting import record_consent
from mediation.actions.entering import write_held
from mediation.actions.mediation_sessions import MOMENT, Plan
from mediation.actions.minutes import Minutes
from mediation.actions.opening import Opening, open_mediation
from mediation.models import Mediation, Mediator, Origin, SessionResult
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, RuleViolation, refuse_for, require

NOT_SIMPLE = "当场调解只用于“简单”案件，由负责中心的窗口办理。"


@transaction.atomic
def mediate_at_window(
    case: Case,
    *,
    actor: User,
    mediators: Sequence[Mediator],
    mode: str,
    record: str,
    place: str = "",
) -> Mediation:
    """Let a mediator settle a simple case at the window at once: accepted where it is not yet, taken up by the centre,
    all sides told their rights and agreeing there and then, the record written. What follows is the agreement.

    Every step stands in the trail. Raises what the steps raise, and RuleViolation where not all can be brought to one
    table there and then.
    """
    require(may_settle_at_window(actor, case), NOT_SIMPLE)
    refuse_for(why_not_at_window(case))
    if not mediators:
        raise RuleViolation("请选择调解员。", field="mediators")
    if case.status == CaseState.REGISTERED:
        case = accept_case(case, actor=actor)
    opening = Opening(mediators[0].body, mode, Origin.APPLICATION, mediators)
    mediation = open_mediation(case, opening, actor=actor)
    today, there = timezone.localdate(), principals(mediation.case)
    answers = {str(party.uid): True for party in there}
    mediation = record_consent(mediation, answers, actor=actor, on=today, how="当面", told_on=today)
    where = place or f"{mediation.case.centre}窗口"
    ends = max(timezone.now(), mediation.opened_at + MOMENT)
    plan = Plan(mediation.opened_at, ends, place=where, mediators=mediators, parties=list(answers))
    session = write_held(mediation, plan, Minutes(record, result=SessionResult.AGREED, recorder=actor.name))
    done(mediation, actor, Verb.SESSION_HELD, session=session.pk, result=session.result)
    return mediation


def why_not_at_window(case: Case) -> DomainError | None:
    """Why the sides of a case cannot be brought to one table at once: a guardian or a representative is missing, there
    is no other side, or somebody was hurt by it at home. None where they can."""
    there = sides(case)
    if why := why_one_sided(case) or why_guardian_is_missing(there):
        return why
    return why_group_cannot_act(case) or why_not_joint(case, there)
