"""Complaints about officials and organisations: answered above those they are about, never by them.

A complaint is registered at the centre one tier above whom it is about, whoever took it in, and belongs to the place
of that centre; where it happened stands in words. Neither lists, figures nor maps of the village show it so.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from grids.queries import centre_above, dispatch_targets
from intake.actions.tiers import tier_of
from intake.lifecycle import State
from intake.models import Case, CloseReason, ComplaintDecision, HandlingKind, PartyRole, Responder
from intake.permissions import may_sort
from intake.queries.complaints import accused_of, organisations_concerned, standing_above
from intake.transitions import locked, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, refuse_for, require

OPEN_FOR_DECISION = (State.REGISTERED, State.ACCEPTED)


def raise_above_the_accused(case: Case, accused: Iterable[Organisation]) -> None:
    """Let a case that is being registered be answered above these organisations."""
    organisations = list(accused)
    if not organisations or case.centre is None:
        return
    while not _is_above(case.centre, organisations):
        above = centre_above(case.centre)
        if above is None:
            break
        case.centre, case.holder, case.tier = above, above, tier_of(above)
    if case.territory is not None and case.territory_id != case.centre.territory_id:
        case.place_detail = f"{case.territory.full_name} {case.place_detail}".strip()[:200]
        case.territory = case.centre.territory


def leave_the_accused(case: Case) -> None:
    """Of a case at work that turns out to be a complaint: whom it is about does not help with it any more.

    Raises RuleViolation where they answer for it or lead it: it goes up or is taken back first.
    """
    accused = accused_of(case)
    if not accused or case.centre is None:
        return
    concerned = Organisation.objects.filter(organisations_concerned(case))
    if not _is_above(case.centre, accused) or (case.holder and concerned.filter(pk=case.holder.pk).exists()):
        raise RuleViolation("本案现由被反映的单位办理，请先上提或收回，再登记被反映人。", field="parties")
    case.handlings.filter(kind=HandlingKind.SUPPORT, closed_at__isnull=True, organisation__in=concerned).update(
        closed_at=timezone.now(), close_reason=CloseReason.RELEASED
    )
    raise_above_the_accused(case, accused)


@transaction.atomic
def decide_responder(
    case: Case, *, actor: User, responder: str, reason: str, version: int | None = None
) -> ComplaintDecision:
    """Decide at triage who answers a complaint, with a reason: the centre above, or the county's designated unit.

    Raises InvalidTransition for a case that is no complaint or handed out already, RuleViolation at `responder` where
    no unit is designated.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case), "由负责中心的研判分流员或负责人决定。")
    if not is_complaint(case) or case.status not in OPEN_FOR_DECISION:
        raise InvalidTransition("只有未交办的、登记了被反映人的案件需要决定由谁办理。")
    assert case.centre is not None
    organisation = _designated(case) if responder == Responder.DESIGNATED else case.centre
    decision = ComplaintDecision.objects.create(
        case=case,
        responder=responder,
        organisation=organisation,
        reason=reason_given(reason),
        decided_by=actor,
        decided_at=timezone.now(),
    )
    touch(case)
    record(actor, Verb.COMPLAINT_DECIDED, case, responder=responder, organisation=organisation.pk)
    return decision


def is_complaint(case: Case) -> bool:
    """Whether the case complains of somebody."""
    return any(party.role == PartyRole.ACCUSED for party in case.parties.all())


def require_may_handle(case: Case, *organisations: Organisation, lead: bool = False) -> None:
    """Nobody handles what is about them; a complaint is led as it was decided. RuleViolation at `organisation` else."""
    refuse_for(why_may_not_handle(case, *organisations, lead=lead))


def why_may_not_handle(case: Case, *organisations: Organisation, lead: bool = False) -> DomainError | None:
    """Why these may not handle the case; None where they may, and where nobody in particular is asked for."""
    if not is_complaint(case):
        return None
    wanted = Organisation.objects.filter(pk__in=[o.pk for o in organisations])
    if wanted.filter(organisations_concerned(case)).exists():
        return RuleViolation("不能交给被反映的单位或其所在村镇办理。", field="organisation")
    decision = case.complaint_decisions.last()
    if lead and decision is None:
        return RuleViolation("反映干部或单位的案件，请先“决定由谁办理”，写明理由。", field="organisation")
    others = organisations and decision is not None and decision.organisation not in organisations
    if lead and others and decision is not None and decision.responder == Responder.DESIGNATED:
        return RuleViolation(f"已决定由{decision.organisation}办理；如需变更，请重新决定。", field="organisation")
    return None


def responders_for(case: Case) -> list[Responder]:
    """Who may be decided on to answer a complaint: the centre always, a designated unit where there is one."""
    return [responder for responder in Responder if responder != Responder.DESIGNATED or _designated_units(case)]


def _designated(case: Case) -> Organisation:
    assert case.centre is not None
    found = _designated_units(case)
    if not found:
        raise RuleViolation("还没有标明办理反映件的指定单位，请系统管理员在机构中标明。", field="responder")
    return found[0]


def _designated_units(case: Case) -> list[Organisation]:
    assert case.centre is not None
    rows = dispatch_targets(case.centre).filter(answers_complaints=True).exclude(organisations_concerned(case))
    return list(rows.order_by("pk")[:1])


def _is_above(centre: Organisation, accused: list[Organisation]) -> bool:
    return Organisation.objects.filter(standing_above(accused), pk=centre.pk).exists()
