"""A centre supervises what a centre below holds (督办): a slip of its own to who has the case in hand."""

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake.lifecycle import OPEN_STATES, State
from intake.models import Case, HandlingPart
from intake.permissions import centre_to_pull_up_to
from intake.transitions import locked, reason_given
from referrals.actions.case_letters import facts_of_letter
from referrals.actions.drafts import check_level, draft_document
from referrals.drafting import Draft
from referrals.models import Document, DocumentKind, Purpose, Trigger
from referrals.queries import kinds_in_force
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, refuse_for, require


def supervision_kind() -> DocumentKind | None:
    """The kind of today that supervises; None where the county has switched it off."""
    return kinds_in_force(timezone.localdate()).filter(purpose=Purpose.SUPERVISE).first()


def why_not_supervise(case: Case) -> DomainError | None:
    """Why nothing is supervised now; None where it may be done."""
    if case.status not in OPEN_STATES:
        return InvalidTransition(f"案件{State(case.status).label}，不需要督办。")
    return None if supervision_kind() is not None else RuleViolation("本地没有启用督办单。")


@transaction.atomic
def supervise_from_above(
    case: Case, *, actor: User, level: str, trigger: str, instruction: str, version: int | None = None
) -> Document:
    """Draft a slip of supervision for the centre over the one that answers: to the organisation in charge, or to the
    centre below while nobody has the case in hand. It is sent when it is signed.

    Raises RuleViolation at `level` and `instruction` for what is missing, InvalidTransition for a case that has ended.
    """
    case = locked(case, version=version)
    centre = centre_to_pull_up_to(actor, case)
    require(centre is not None, "由上级综治中心的负责人、研判分流人员督办。")
    refuse_for(why_not_supervise(case))
    kind, instruction = supervision_kind(), reason_given(instruction, field="instruction")
    assert kind is not None
    assert centre is not None
    lead = case.handlings.filter(closed_at=None, part=HandlingPart.LEAD).select_related("organisation").first()
    target: Organisation | None = case.centre if lead is None else lead.organisation
    cause = Trigger(trigger) if trigger in Trigger.values else Trigger.MANUAL
    draft = Draft(
        kind=kind,
        centre=centre,
        addressee=target,
        case=case,
        handling=lead,
        level=check_level(kind.name, level),
        trigger=cause,
        facts=facts_of_letter(case, cause, instruction),
    )
    return draft_document(draft, actor=actor)
