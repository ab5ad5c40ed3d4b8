"""Attention by risk: a leader in charge of what is red, warnings to those concerned by what is high; and urging."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from grids.models import Level, Organisation
from grids.queries import centres_over, leaders_over, members_with
from grids.roles import Capability
from intake.deadlines.queries import work_calendar
from intake.lifecycle import INACTIVE_STATES, State
from intake.models import Case, LeaderInCharge, Risk
from intake.models.attention import Urging
from intake.notifications import notify, notify_handlers
from intake.permissions import may_sort, may_urge
from intake.transitions import locked, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, refuse_for, require
from zhongzhi.core.worktime.calendar import ONE_DAY

HIGH = (Risk.RED, Risk.ORANGE)
IN_HAND = (State.DISPATCHED, State.HANDLING)


@transaction.atomic
def name_leader_in_charge(
    case: Case, *, actor: User, leader: User | None, reason: str, version: int | None = None
) -> Case:
    """Put a leader over the place in charge of a red case (领导包案); the one before is kept with the dates.

    Raises RuleViolation at `leader` for none, or one whose territory does not hold the place.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    if case.status in INACTIVE_STATES:
        raise InvalidTransition(f"案件{State(case.status).label}，不再指定包案领导。")
    reason = reason_given(reason)
    assert case.territory is not None
    if leader is None or not leaders_over(case.territory).filter(pk=leader.pk).exists():
        raise RuleViolation("请选择发生地所在旗县、乡镇的领导。", field="leader")
    if not leaders_to_name(case).filter(pk=leader.pk).exists():
        raise RuleViolation(f"{leader} 已经是本案的包案领导。", field="leader")
    LeaderInCharge.objects.filter(case=case, until__isnull=True).update(until=timezone.now())
    put_in_charge(case, leader, actor, reason)
    touch(case)
    return case


def leaders_to_name(case: Case) -> QuerySet[User]:
    """Leaders over the place of a case who are not in charge of it already."""
    if case.territory is None:
        return User.objects.none()
    in_charge = LeaderInCharge.objects.filter(case=case, until__isnull=True)
    return leaders_over(case.territory).exclude(pk__in=in_charge.values("leader"))


def why_not_urge(case: Case) -> DomainError | None:
    """Why nobody is reminded now; None where it may be done."""
    if case.status not in IN_HAND:
        return InvalidTransition(f"案件{State(case.status).label}，目前没有承办单位可以催办。")
    if case.urgings.filter(working_day=_working_day()).exists():
        return RuleViolation("这件案件本工作日已催办过，请下一个工作日再催办。", field="reason")
    return None


def _working_day() -> date:
    """Today, or the working day before."""
    return next(work_calendar().workdays_from(timezone.localdate(), -ONE_DAY))


@transaction.atomic
def urge_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Urging:
    """Remind the organisation in charge of a case that was handed out (催办); its people are told, nothing moves.

    Raises RuleViolation at `reason` for a second one before the next working day, InvalidTransition for a case that
    nobody has in hand.
    """
    case = locked(case, version=version)
    require(may_urge(actor, case), "催办由负责中心或其上级中心的研判分流人员、负责人办理，不能催办本单位。")
    reason = reason_given(reason)
    refuse_for(why_not_urge(case))
    assert case.holder is not None
    row = Urging.objects.create(
        case=case,
        organisation=case.holder,
        reason=reason,
        working_day=_working_day(),
        urged_by=actor,
        urged_at=timezone.now(),
    )
    touch(case)
    record(actor, Verb.URGED, case, urging=row.pk, organisation=case.holder.pk)
    notify_handlers(case, case.holder, f"urged_{row.pk}", "催办：请抓紧办理")
    return row


def attend_to_risk(case: Case, *, actor: User) -> None:
    """What a risk that was just set asks for, in the transaction that set it.

    High risk (red, orange) is told to the organisations concerned: who handles the case, and the centres over its
    place. Red also goes to the county and its leaders at once, and gets a leader in charge if it has none.
    """
    if case.risk not in HIGH:
        return
    concerned = _concerned(case)
    people = {person for org in concerned for person in members_with(org, Capability.NOTIFIED_OF_RISK)}
    notify(people - {actor}, case, f"risk_{case.risk}", f"{case.get_risk_display()}色风险预警，请关注并做好稳控")
    record(actor, Verb.RISK_WARNED, case, risk=case.risk, organisations=sorted(org.pk for org in concerned))
    if case.risk == Risk.RED:
        _lead_from_the_county(case, actor)


def _lead_from_the_county(case: Case, actor: User) -> None:
    assert case.territory is not None
    leaders = list(leaders_over(case.territory))
    notify(leaders, case, "risk_red_leader", "红色风险，请领导包案")
    if leaders and not LeaderInCharge.objects.filter(case=case, until__isnull=True).exists():
        put_in_charge(case, leaders[0], actor, "红色风险，按分工自动确定，可调整")


def put_in_charge(case: Case, leader: User, actor: User, reason: str) -> None:
    """Put a leader in charge of a locked case that has none; the leader is told."""
    row = LeaderInCharge.objects.create(case=case, leader=leader, reason=reason, named_by=actor, since=timezone.now())
    record(actor, Verb.LEADER_NAMED, case, leader=leader.pk)
    notify([leader], case, f"leader_in_charge_{row.pk}", f"{case.get_risk_display()}色风险案件，由您包案")


def _concerned(case: Case) -> list[Organisation]:
    """Those who handle it and the centres of the place up to the county, each once."""
    assert case.territory is not None
    handling = [row.organisation for row in case.handlings.filter(closed_at=None).select_related("organisation")]
    lowest = Level.COUNTY if case.risk == Risk.RED else Level.TOWN
    centres = [org for org in centres_over(case.territory) if org.territory.level >= lowest]
    own = [case.centre] if case.centre else []
    return list({org.pk: org for org in [*handling, *centres, *own]}.values())
