"""Why an agreement cannot be written, take force or be changed now: offers, acts and pages ask here."""

from intake.lifecycle import State as CaseState
from intake.queries.groups import why_group_cannot_act, why_members_do_not_settle, why_members_have_no_sums
from intake.queries.guardians import why_guardian_is_missing
from mediation.actions._locking import sides, why_not_beside, why_one_sided, why_over
from mediation.lifecycle import AgreementState, State
from mediation.models import Agreement, Mediation, Obligation
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation


def why_not_revise(agreement: Agreement) -> DomainError | None:
    """Why an agreement in force cannot be put aside now; None where it can."""
    mediation = agreement.mediation
    if mediation.case.status != CaseState.HANDLING:
        return InvalidTransition("变更协议须先由综治中心对案件办理“重办”或“审核退回”。")
    return why_not_beside(mediation.case, mode=mediation.mode, body=mediation.body)


def why_not_draft(mediation: Mediation) -> DomainError | None:
    """Why no agreement is written now: the mediation is over, not all agreed to it, or there is nobody on the other
    side. None where one may be."""
    if why := why_over(mediation):
        return why
    if mediation.status != State.RUNNING:
        return InvalidTransition("还有当事人没有表示同意调解，不能起草协议。")
    return why_one_sided(mediation.case)


def why_not_rewrite(agreement: Agreement | None) -> DomainError | None:
    """Why an agreement cannot be written again: it is in force, or somebody has signed it; None for one that is only
    to be written."""
    if agreement is None:
        return None
    if agreement.status != AgreementState.DRAFT:
        return InvalidTransition("协议已经生效，不能再改；需要变更的请办理“变更协议”。")
    if agreement.signings.exists():
        return InvalidTransition("协议已有人签署，修改前请先撤回签署。")
    return None


def why_no_force(agreement: Agreement) -> DomainError | None:
    """Why an agreement cannot take force as it stands, whoever signs it: a guardian, a representative, an obligation or
    the consent of a member is missing. None where it can."""
    case = agreement.mediation.case
    if why := why_one_sided(case) or why_guardian_is_missing(sides(case)) or why_group_cannot_act(case):
        return why
    if not Obligation.objects.filter(agreement=agreement).exists():  # a page has read those beside the list only
        lacking = why_members_have_no_sums(case)
        by_list = f"按名册列明义务的，{lacking.message}" if lacking else "或者办理“按名册列明义务”。"
        return RuleViolation(f"协议还没有履行事项，请在协议中逐项填写，{by_list}")
    return why_members_do_not_settle(case)


def why_not_on(mediation: Mediation) -> DomainError | None:
    """What a mediation that goes on waits for before its sides can agree to it, or its agreement takes force."""
    if mediation.status == State.OPENED:
        return why_group_cannot_act(mediation.case)
    if not mediation.is_open:
        return None
    draft = mediation.agreements.filter(status=AgreementState.DRAFT).first()
    return why_no_force(draft) if draft is not None else why_one_sided(mediation.case)
