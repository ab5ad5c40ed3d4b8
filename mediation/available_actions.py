"""The acts of mediation as a person calls them: name, label, on what, who may now, and the action behind it.

One table for pages and API, as `intake.available_actions` is for the case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mediation import actions
from mediation.lifecycle import (
    AGREEMENTS,
    CONFIRMATIONS,
    LIFECYCLE,
    AgreementEvent,
    AgreementState,
    ConfirmationEvent,
    Event,
    State,
)
from mediation.lifecycle import ConfirmationState as C
from mediation.models import (
    Agreement,
    AgreementForm,
    Confirmation,
    Instalment,
    Mediation,
    Session,
    SessionState,
)
from mediation.permissions import may_mediate, may_record_performance
from mediation.queries.signatures import missing_signatures
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

Subject = Mediation | Session | Agreement | Instalment | Confirmation
STANDING = (AgreementState.IN_FORCE, AgreementState.BREACHED)


@dataclass(frozen=True)
class Act:
    """One act. `kind` says on what it is done; `allowed` joins permission and state."""

    name: str
    kind: str
    label: str
    icon: str
    allowed: Callable[[User, Any], bool]
    run: Callable[..., Any]
    danger: bool = False


def mediation_of(subject: Subject) -> Mediation:
    """The mediation that something belongs to."""
    if isinstance(subject, Mediation):
        return subject
    if isinstance(subject, Instalment):
        return subject.obligation.agreement.mediation
    if isinstance(subject, Confirmation):
        return subject.agreement.mediation
    return subject.mediation


def available_acts(user: User, subject: Subject) -> list[Act]:
    """What this person may do with it now, the usual next step first."""
    kind = type(subject).__name__.lower()
    return [act for act in ACTS if act.kind == kind and act.allowed(user, subject)]


def act_named(kind: str, name: str) -> Act:
    """An act by its address; NotFound for none."""
    for act in ACTS:
        if (act.kind, act.name) == (kind, name):
            return act
    raise NotFound("没有这项操作。")


def _leads(event: Event) -> Callable[[User, Mediation], bool]:
    def allowed(user: User, mediation: Mediation) -> bool:
        is_open = mediation.is_open and mediation.handling.closed_at is None
        return is_open and LIFECYCLE.allows(State(mediation.status), event) and may_mediate(user, mediation)

    return allowed


def _goes_on(user: User, mediation: Mediation) -> bool:
    return mediation.is_open and mediation.handling.closed_at is None and may_mediate(user, mediation)


def _consents(user: User, mediation: Mediation) -> bool:
    return mediation.status == State.OPENED and _goes_on(user, mediation)


def _planned(user: User, session: Session) -> bool:
    return session.status == SessionState.PLANNED and _goes_on(user, session.mediation)


def _is_draft(agreement: Agreement, form: str) -> bool:
    return agreement.status == AgreementState.DRAFT and agreement.form == form


def _signs(user: User, agreement: Agreement) -> bool:
    written = _is_draft(agreement, AgreementForm.WRITTEN) and bool(missing_signatures(agreement))
    return written and _goes_on(user, agreement.mediation)


def _takes_force(user: User, agreement: Agreement) -> bool:
    return _is_draft(agreement, AgreementForm.ORAL) and _goes_on(user, agreement.mediation)


def _unsigns(user: User, agreement: Agreement) -> bool:
    return _is_draft(agreement, AgreementForm.WRITTEN) and agreement.signings.exists() and _leads_it(user, agreement)


def _leads_it(user: User, agreement: Agreement) -> bool:
    return may_mediate(user, agreement.mediation)


def _applies(user: User, agreement: Agreement) -> bool:
    fits = agreement.in_force_on is not None and not agreement.confirmed and not agreement.about_status
    is_open = agreement.confirmations.filter(status__in=[C.APPLIED, C.ACCEPTED]).exists()
    return fits and agreement.status != AgreementState.REPLACED and not is_open and _leads_it(user, agreement)


def _leads_on(user: User, agreement: Agreement) -> bool:
    return agreement.status == AgreementState.BREACHED and not agreement.road and _leads_it(user, agreement)


def _revises(user: User, agreement: Agreement) -> bool:
    fits = AGREEMENTS.allows(AgreementState(agreement.status), AgreementEvent.REPLACE)
    return fits and agreement.in_force_on is not None and _leads_it(user, agreement)


def _performs(user: User, row: Instalment) -> bool:
    agreement = row.obligation.agreement
    fits = agreement.status in STANDING and row.performed_on is None and row.released_at is None
    return fits and may_record_performance(user, agreement.mediation)


def _court(event: ConfirmationEvent) -> Callable[[User, Confirmation], bool]:
    def allowed(user: User, confirmation: Confirmation) -> bool:
        return CONFIRMATIONS.allows(C(confirmation.status), event) and _leads_it(user, confirmation.agreement)

    return allowed


def _extends_ruling(user: User, confirmation: Confirmation) -> bool:
    return _court(ConfirmationEvent.CONFIRM)(user, confirmation) and not confirmation.is_extended


ACTS: tuple[Act, ...] = (
    Act("consent", "mediation", "记录各方意愿", "users", _consents, actions.record_consent),
    Act("plan", "mediation", "安排调解", "calendar-plus", _goes_on, actions.plan_session),
    Act("extend", "mediation", "延长期限", "hourglass", _goes_on, actions.extend_mediation),
    Act("recuse", "mediation", "回避", "user-off", _goes_on, actions.recuse_mediator),
    Act("fail", "mediation", "终结（未达成协议）", "route", _leads(Event.FAIL), actions.end_without_agreement),
    Act("cancel", "mediation", "取消调解", "x", _leads(Event.CANCEL), actions.cancel_mediation, danger=True),
    Act("adjourn", "session", "改期", "calendar-plus", _planned, actions.adjourn_session),
    Act("cancel", "session", "取消会期", "x", _planned, actions.cancel_session, danger=True),
    Act("sign", "agreement", "记录签署", "signature", _signs, actions.sign_agreement),
    Act("take-force", "agreement", "登记生效", "check", _takes_force, actions.take_oral_force),
    Act("confirm", "agreement", "申请司法确认", "gavel", _applies, actions.apply_for_confirmation),
    Act("lead-on", "agreement", "转入其他途径", "route", _leads_on, actions.lead_on),
    Act("revise", "agreement", "变更协议", "edit", _revises, actions.revise_agreement),
    Act("unsign", "agreement", "撤回签署", "arrow-back-up", _unsigns, actions.withdraw_signatures, danger=True),
    Act("perform", "instalment", "记录履行", "cash", _performs, actions.perform),
    Act("acceptance", "confirmation", "法院答复", "gavel", _court(ConfirmationEvent.ACCEPT), actions.record_acceptance),
    Act("ruling", "confirmation", "记录裁定", "gavel", _court(ConfirmationEvent.CONFIRM), actions.record_ruling),
    Act("extend", "confirmation", "延长十日", "hourglass", _extends_ruling, actions.extend_ruling),
)
