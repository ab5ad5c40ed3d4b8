"""Mediation at the window (当场调解): a simple case, both sides and the mediator in the room, in one form."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from intake.actions import accept_case
from intake.lifecycle import State as CaseState
from intake.models import Case
from intake.permissions import may_settle_at_window
from mediation.actions._locking import done, principals
from mediation.actions.consenting import record_consent
from mediation.actions.entering import write_held
from mediation.actions.mediation_sessions import Plan, check_joint
from mediation.actions.minutes import Minutes
from mediation.actions.opening import Opening, open_mediation
from mediation.models import Mediation, Mediator, Origin, SessionKind, SessionResult
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import RuleViolation, require

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

    Every step stands in the trail. Raises what the steps raise, RuleViolation at `parties` where somebody was hurt at
    home by the other side.
    """
    require(may_settle_at_window(actor, case), NOT_SIMPLE)
    if not mediators:
        raise RuleViolation("请选择调解员。", field="mediators")
    if case.status == CaseState.REGISTERED:
        case = accept_case(case, actor=actor)
    opening = Opening(mediators[0].body, mode, Origin.APPLICATION, mediators)
    mediation = open_mediation(case, opening, actor=actor)
    today, there = timezone.localdate(), principals(mediation.case)
    check_joint(mediation, SessionKind.MEETING, there, "mediators")
    answers = {str(party.uid): True for party in there}
    mediation = record_consent(mediation, answers, actor=actor, on=today, how="当面", told_on=today)
    where = place or f"{mediation.case.centre}窗口"
    plan = Plan(mediation.opened_at, timezone.now(), place=where, mediators=mediators, parties=list(answers))
    session = write_held(mediation, plan, Minutes(record, result=SessionResult.AGREED, recorder=actor.name))
    done(mediation, actor, Verb.SESSION_HELD, session=session.pk, result=session.result)
    return mediation
