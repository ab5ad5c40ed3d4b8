"""Triage: accept, grade."""

from django.db import transaction
from django.utils import timezone

from intake.actions.attention import attend_to_risk
from intake.actions.tiers import settle_tier
from intake.deadlines.actions.clocks import NewLimit, exchange_clocks
from intake.deadlines.models import ClockKind
from intake.lifecycle import INACTIVE_STATES, LIFECYCLE, Event, State
from intake.models import Case, Complexity, GradeChange, Risk
from intake.notifications import announce
from intake.permissions import may_accept, may_sort
from intake.queries import find_leaf
from intake.transitions import STEP_COLUMNS, locked, reason_given, stepped, touch, words
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require

RISKS: list[str] = list(Risk)
"""The highest first."""


@transaction.atomic
def accept_case(
    case: Case,
    *,
    actor: User,
    category: str = "",
    complexity: str = "",
    risk: str = "",
    note: str = "",
    version: int | None = None,
) -> Case:
    """Take the case on. The triage limit ends, the limits of the tier and of handing it out begin; category and grade
    may be set with it.

    Raises RuleViolation at `category` when the case has none and none is given.
    """
    case = locked(case, version=version)
    require(may_accept(actor, case))
    note = words(note)
    LIFECYCLE.target(State(case.status), Event.ACCEPT)
    leaf = find_leaf(category) if category else case.category
    if leaf is None:
        raise RuleViolation("受理前请选定纠纷类别。", field="category")
    changed = _grade(case, {"complexity": complexity, "risk": risk}, actor, note or "受理时研判")
    require(not changed or may_sort(actor, case), "难易程度和风险等级由研判分流员或中心负责人调整。")
    set_with_it = {"category": leaf, "complexity": case.complexity, "risk": case.risk}
    now = timezone.now()
    set_with_it |= {"accepted_at": now, "accepted_tier": case.tier}
    step = stepped(case, Event.ACCEPT, actor=actor, reason=note, columns=set_with_it)
    assert case.centre is not None
    begin = [NewLimit(ClockKind.TIER, case.centre), NewLimit(ClockKind.DISPATCH, case.centre)]
    exchange_clocks(
        case, stop=(ClockKind.TRIAGE, ClockKind.FALLBACK), start=begin, at=now,
        beside=[step], changed=[*STEP_COLUMNS, *set_with_it],
    )  # fmt: skip
    record(actor, Verb.ACCEPTED, case, category=case.category_id, complexity=case.complexity, risk=case.risk)
    if "risk" in changed:
        attend_to_risk(case, actor=actor)
    settle_tier(case, actor)
    return case


@transaction.atomic
def regrade_case(
    case: Case,
    *,
    actor: User,
    reason: str,
    complexity: str = "",
    risk: str = "",
    version: int | None = None,
) -> Case:
    """Change complexity or risk, with a reason. Running clocks keep the limit they were started with.

    A risk that becomes high is told to the organisations concerned, red to the county and a leader in charge at
    once; the case itself goes to the county with it.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    if case.status in INACTIVE_STATES:
        raise InvalidTransition(f"案件{State(case.status).label}，不再调整等级。")
    reason = reason_given(reason)
    before, changed = case.risk, _grade(case, {"complexity": complexity, "risk": risk}, actor, reason)
    if not changed:
        raise RuleViolation("等级没有变化。", field="risk")
    touch(case, *changed)
    record(actor, Verb.REGRADED, case, complexity=case.complexity, risk=case.risk)
    if "risk" in changed:
        if RISKS.index(case.risk) < RISKS.index(before):
            tell_of_risk(case, actor)
        attend_to_risk(case, actor=actor)
        settle_tier(case, actor)
    return case


def tell_of_risk(case: Case, actor: User) -> None:
    """Tell everybody who has to do with a case that its risk was raised."""
    announce(case, "risk_raised", f"风险等级升为{case.get_risk_display()}色", actor=actor)


def raise_risk(case: Case, risk: str, *, actor: User, reason: str) -> None:
    """Raise the risk of a locked case for a reason of another act, with all that follows from it."""
    _grade(case, {"risk": risk}, actor, reason)
    touch(case, "risk")
    record(actor, Verb.REGRADED, case, complexity=case.complexity, risk=case.risk)
    tell_of_risk(case, actor)
    attend_to_risk(case, actor=actor)
    settle_tier(case, actor)


def _grade(case: Case, wanted: dict[str, str], actor: User, reason: str) -> list[str]:
    """Set the grades that differ and keep each change with its reason; the names of what changed."""
    tables = {"complexity": Complexity, "risk": Risk}
    changed = []
    for field, value in wanted.items():
        if not value or value == getattr(case, field):
            continue
        if value not in tables[field].values:
            raise RuleViolation(f"没有“{value}”这个等级。", field=field)
        old = getattr(case, field)
        GradeChange.objects.create(
            case=case, field=field, old=old, new=value, reason=reason, actor=actor, at=timezone.now()
        )
        setattr(case, field, value)
        changed.append(field)
    return changed
