"""The tiers (村、镇、县): a case goes up by decision, clock, red risk or category, and down by decision.

One tier at a time, but for red risk, which goes to the county at once. The former holder stays as co-handler
(属地配合); every move is kept.
"""

from django.db import transaction
from django.utils import timezone

from grids.models import Level, Organisation
from grids.queries import centre_above, centres_over
from intake.actions.attention import attend_to_risk
from intake.actions.places import lead_from
from intake.actions.restricting import open_to_organisation
from intake.deadlines.actions.clocks import NewLimit, exchange_clocks
from intake.deadlines.models import ClockKind
from intake.deadlines.queries import in_procedure
from intake.extension_points import Way
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import (
    Case,
    CloseReason,
    Handling,
    HandlingKind,
    HandlingPart,
    MoveCause,
    PartyRole,
    Risk,
    Tier,
    TierMove,
)
from intake.models.place import other_places_of
from intake.notifications import announce, notify_handlers
from intake.permissions import centre_to_pull_up_to, may_sort
from intake.queries.complaints import organisations_concerned
from intake.transitions import come_to_rest, locked, move, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, refuse_for, require

TIERS = {Level.VILLAGE: Tier.VILLAGE, Level.TOWN: Tier.TOWN}
BELOW = {Tier.COUNTY: Tier.TOWN, Tier.TOWN: Tier.VILLAGE}


def tier_of(centre: Organisation) -> Tier:
    """The tier a centre stands on: the level of its territory."""
    return TIERS.get(Level(len(centre.territory.code)), Tier.COUNTY)


@transaction.atomic
def escalate_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Bring a case one tier up, by decision of the centre that answers for it, with a reason."""
    case = locked(case, version=version)
    require(may_sort(actor, case))
    _bring_up(case, MoveCause.DECISION, actor, reason_given(reason))
    return case


@transaction.atomic
def pull_up_case(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """Take a case over from a centre below (提级办理), by decision of the centre over it, with a reason: it goes up one
    tier after the other, and every move is kept."""
    case = locked(case, version=version)
    centre = centre_to_pull_up_to(actor, case)
    require(centre is not None, "由上级综治中心的负责人、研判分流员提级。")
    reason = reason_given(reason)
    while case.centre != centre:
        _bring_up(case, MoveCause.DECISION, actor, reason)
    return case


@transaction.atomic
def escalate_by_clock(case: Case, *, reason: str, cause: MoveCause = MoveCause.CLOCK) -> bool:
    """The system brings a case one tier up; False where it cannot go (at the county, concluded, suspended)."""
    case = locked(case)
    if not may_go_up(case):
        return False
    _bring_up(case, cause, None, reason)
    return True


@transaction.atomic
def hand_down_case(
    case: Case, *, actor: User, centre: Organisation | None, reason: str, version: int | None = None
) -> Case:
    """Hand a case down to the centre one tier below that its place belongs to; a new tier limit starts there. Where
    it concerns several places the centre of any of them may answer; that place leads from then on.

    Raises RuleViolation at `centre` for another one, and for a case of red risk or of a category beyond the tier.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    LIFECYCLE.target(State(case.status), Event.HAND_DOWN)
    reason = reason_given(reason)
    assert case.centre is not None
    _check_receiver(case, centre)
    assert centre is not None
    former = case.centre
    led_from = case.territory
    lead_from(case, centre, at=timezone.now())
    _move_to(case, centre, Event.HAND_DOWN, MoveCause.HAND_DOWN, actor, reason)
    moved = {} if case.territory == led_from else {"from_place": led_from, "to_place": case.territory}
    places = {name: place.code for name, place in moved.items() if place is not None}
    record(actor, Verb.HANDED_DOWN, case, from_centre=former.pk, to_centre=centre.pk, **places)
    announce(case, "case_handed_down", "由上级交下，请办理", actor=actor)
    return case


def settle_tier(case: Case, actor: User | None) -> None:
    """Bring a locked case to where its risk or category belongs: red to the county at once, 13-16 tier by tier."""
    if case.risk == Risk.RED:
        _to_the_county(case, actor)
    while _beyond_the_tier(case) and may_go_up(case):
        assert case.category is not None
        _bring_up(case, MoveCause.CATEGORY, actor, f"“{case.category.name}”不属民间纠纷，由上级中心办理")


def follow_risk(case: Case, *, actor: User) -> None:
    """What the risk of a case that is registered asks for, at the window and from a table: those it concerns are told
    of high risk, and red goes to the county at once. Its category waits for who sorts."""
    attend_to_risk(case, actor=actor)
    if case.risk == Risk.RED:
        settle_tier(case, actor)


def may_go_up(case: Case) -> bool:
    """Whether a locked case can go up: its state allows it and there is a centre above."""
    if case.centre is None or case.tier == Tier.COUNTY:
        return False
    return LIFECYCLE.allows(State(case.status), Event.ESCALATE) and centre_above(case.centre) is not None


def _bring_up(case: Case, cause: MoveCause, actor: User | None, reason: str) -> None:
    assert case.centre is not None
    above = centre_above(case.centre)
    if case.tier == Tier.COUNTY or above is None:
        raise InvalidTransition("案件已在县级办理，不能再上提。")
    _up_to(case, above, cause, actor, reason)


def _to_the_county(case: Case, actor: User | None) -> None:
    assert case.centre is not None
    county = centre_above(case.centre, county=True)
    if county is None or case.tier == Tier.COUNTY or not LIFECYCLE.allows(State(case.status), Event.ESCALATE):
        return
    _up_to(case, county, MoveCause.RISK, actor, "红色风险，直接提级到县级办理")


def _up_to(case: Case, centre: Organisation, cause: MoveCause, actor: User | None, reason: str) -> None:
    assert case.centre is not None
    former, lead = case.centre, case.handlings.filter(closed_at=None, part=HandlingPart.LEAD).first()
    _move_to(case, centre, Event.ESCALATE, cause, actor, reason)
    record(actor, Verb.ESCALATED, case, from_centre=former.pk, to_centre=centre.pk, cause=cause)
    talks = "；调解仍由原调解组织主持，请决定继续或收回" if in_procedure(case) else ""
    words = f"由{former.short_name}上提到{centre.short_name}{talks}"
    led = lead.organisation if lead else None
    announce(case, "case_escalated", words, actor=actor, former=led, by_clock=actor is None)
    notify_handlers(case, former, "case_left", "已提到上级中心，请做好属地配合", by_clock=actor is None)


def _move_to(case: Case, centre: Organisation, event: Event, cause: MoveCause, actor: User | None, reason: str) -> None:
    """Change the centre of a locked case: the former holder stays as co-handler, the clocks begin anew."""
    assert case.centre is not None
    former, tier, now, lead = case.centre, Tier(case.tier), timezone.now(), _leave_lead(case)
    columns = {"centre": centre, "holder": centre, "tier": tier_of(centre), "territory": case.territory}
    move(case, event, actor=actor, organisation=former, reason=reason, columns=columns)
    TierMove.objects.create(
        case=case,
        cause=cause,
        from_tier=tier,
        to_tier=case.tier,
        from_centre=former,
        to_centre=centre,
        reason=reason,
        actor=actor,
        at=now,
    )
    _end_support(case, centre)
    open_to_organisation(case, centre, actor)
    concerned = set(Organisation.objects.filter(organisations_concerned(case)).values_list("pk", flat=True))
    for holder in {former.pk: former, **({} if lead is None else {lead.organisation_id: lead.organisation})}.values():
        if holder.pk not in concerned:
            _keep_as_support(case, holder, actor, reason)
    come_to_rest(case, Way.ESCALATE, actor=actor, reason="案件转其他层级办理", handling=lead)
    is_new = case.status == State.REGISTERED
    kinds = (ClockKind.TRIAGE,) if is_new else (ClockKind.TIER, ClockKind.DISPATCH)
    exchange_clocks(case, start=[NewLimit(kind, centre) for kind in kinds], at=now)


def _leave_lead(case: Case) -> Handling | None:
    """End the lead of a case that moves; what hangs on it follows."""
    rows = case.handlings.filter(closed_at__isnull=True, part=HandlingPart.LEAD).select_related("organisation")
    lead = rows.first()
    if lead is not None:
        lead.closed_at, lead.close_reason = timezone.now(), CloseReason.MOVED
        lead.save(update_fields=["closed_at", "close_reason"])
    return lead


def _keep_as_support(case: Case, organisation: Organisation, actor: User | None, reason: str) -> None:
    """Let a former holder stay, unless it helps already by a slip of its own."""
    if case.handlings.filter(organisation=organisation, closed_at__isnull=True).exists():
        return
    now = timezone.now()
    Handling.objects.create(
        case=case,
        kind=HandlingKind.SUPPORT,
        part=HandlingPart.CO,
        organisation=organisation,
        instruction=f"属地配合：{reason}",
        opened_at=now,
        opened_by=actor,
        signed_at=now,
        signed_by=actor,
    )


def _end_support(case: Case, centre: Organisation) -> None:
    """A centre that answers for the case again does not merely support it."""
    rows = case.handlings.filter(organisation=centre, kind=HandlingKind.SUPPORT, closed_at__isnull=True)
    rows.update(closed_at=timezone.now(), close_reason=CloseReason.MOVED)


def _beyond_the_tier(case: Case) -> bool:
    return case.category is not None and not case.category.people_mediable and case.tier != Tier.COUNTY


def why_not_down(case: Case) -> DomainError | None:
    """Why a case stays on its tier; None where it may be handed down."""
    if case.risk == Risk.RED:
        return RuleViolation("红色风险案件由县级办理，不能交由下级；风险降低后再交。", field="centre")
    if case.category is not None and not case.category.people_mediable:
        return RuleViolation(f"“{case.category.name}”类事项由县级办理，不能交由下级。", field="centre")
    if any(party.role == PartyRole.ACCUSED for party in case.parties.all()):
        return RuleViolation("反映干部或单位的案件不能交由下级办理。", field="centre")
    below = BELOW.get(Tier(case.tier)) if case.tier else None
    if below is None:
        return InvalidTransition("案件已在村级办理，没有下级可以交办。")
    if not centres_below(case):
        return RuleViolation(
            f"案件发生地没有{below.label}综治中心，不能交由下级；请自办或交办承办单位。", field="centre"
        )
    return None


def centres_below(case: Case) -> list[Organisation]:
    """Centres in force, one tier down, of the place where it happened and of those it concerns: of two towns at a
    boundary the county decides which one answers. For a case that was read to be shown they are asked once."""
    if not hasattr(case, "hanging"):
        return _centres_below(case)
    known: list[Organisation] | None = case.__dict__.get("centres_below")
    if known is None:
        known = case.__dict__["centres_below"] = _centres_below(case)
    return known


def _centres_below(case: Case) -> list[Organisation]:
    below = BELOW.get(Tier(case.tier)) if case.tier else None
    if below is None or case.territory is None:
        return []
    places = [case.territory, *other_places_of(case)]
    over = {centre.pk: centre for place in places for centre in centres_over(place)}
    return [centre for centre in over.values() if tier_of(centre) == below and _is_over(case.centre, centre)]


def _is_over(centre: Organisation | None, other: Organisation) -> bool:
    """Whether a centre may hand down to another: it lies over it, and is not the same."""
    code, below = centre.territory.current_code if centre else "", other.territory.current_code
    return centre is not None and below != code and below.startswith(code)


def _check_receiver(case: Case, centre: Organisation | None) -> None:
    refuse_for(why_not_down(case))
    if centre not in centres_below(case):
        label = BELOW[Tier(case.tier)].label
        raise RuleViolation(f"请选择案件发生地所属的{label}综治中心。", field="centre")
