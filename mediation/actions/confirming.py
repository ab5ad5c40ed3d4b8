"""Judicial confirmation: applied for by both sides within 30 natural days, taken on or not, decided."""

import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from grids.models import Organisation, OrganisationKind
from mediation.actions._locking import done, locked_for, not_in_future, parties_named, tell_mediators, text_of
from mediation.actions.agreements import locked_agreement
from mediation.lifecycle import (
    CONFIRMATIONS,
    OPEN_CONFIRMATIONS,
    AgreementState,
    ConfirmationEvent,
    ConfirmationState,
)
from mediation.models import Agreement, Confirmation
from mediation.queries.confirmations import bound_parties
from mediation.queries.dates import natural_days_after
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, refuse_for

ACCEPT_DAYS, DECIDE_DAYS, LONGER_DAYS = 3, 15, 25
CASE_NUMBER = re.compile(r"[（(〔]\d{4}[）)〕].{0,20}调确(字第)?\d{1,6}号")
IN_FORCE = (AgreementState.IN_FORCE, AgreementState.PERFORMED, AgreementState.BREACHED)
STATUS_REFUSED = (
    "协议涉及确认婚姻、收养等身份关系，可以调解，但法院不受理司法确认（法释〔2011〕5号第四条）；"
    "离婚请到婚姻登记机关办理或向法院起诉。"
)

WRITTEN_AS = {
    ConfirmationState.ACCEPTED: Verb.CONFIRMATION_ACCEPTED,
    ConfirmationState.NOT_ACCEPTED: Verb.CONFIRMATION_DECLINED,
    ConfirmationState.CONFIRMED: Verb.CONFIRMED,
    ConfirmationState.REJECTED: Verb.CONFIRMATION_REJECTED,
}


@transaction.atomic
def apply_for_confirmation(
    agreement: Agreement, *, actor: User, court: Organisation | None, applicants: Sequence[str], on: date
) -> Confirmation:
    """Both sides ask the court together to confirm the agreement, within 30 natural days of its force.

    人民调解法 art. 33; 民事诉讼法 (2023) art. 205. Raises RuleViolation past the last day, for a status relation, and
    when a side is missing.
    """
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    refuse_for(why_not_apply(agreement))
    if court is None or court.kind != OrganisationKind.COURT:
        raise RuleViolation("请选择有管辖权的人民法院（法庭）。", field="court")
    _check_day(agreement, on)
    parties = parties_named(mediation.case, applicants, field="applicants")
    absent = [party for party in bound_parties(agreement) if party not in parties]
    if absent:
        raise RuleViolation(f"须各方当事人共同申请，还缺 {len(absent)} 方。", field="applicants")
    confirmation = Confirmation.objects.create(
        agreement=agreement, court=court, applied_on=on, accept_by=natural_days_after(on, ACCEPT_DAYS)
    )
    confirmation.applicants.set(parties)
    agreement.confirm_next_on = None
    agreement.save(update_fields=["confirm_next_on"])
    done(mediation, actor, Verb.CONFIRMATION_APPLIED, confirmation=confirmation.pk, court=court.pk, applied_on=on)
    return confirmation


@transaction.atomic
def record_acceptance(
    confirmation: Confirmation, *, actor: User, accepted: bool, on: date, case_number: str = "", refusal: str = ""
) -> Confirmation:
    """What the court says to the application: taken on under a number 调确字, or not, with the reason.

    The court answers within 3 days and decides within 15 of taking it on (法释〔2011〕5号 art. 4, 5).
    """
    confirmation = _locked(confirmation, actor)
    _not_before(on, confirmation.applied_on, "申请日期")
    if accepted:
        if not CASE_NUMBER.fullmatch(case_number.strip()):
            raise RuleViolation("请填写法院的调确案号，如（2026）内0526调确字第12号。", field="case_number")
        event, columns = ConfirmationEvent.ACCEPT, {"case_number": case_number.strip()}
        columns["decide_by"] = natural_days_after(on, DECIDE_DAYS)  # type: ignore[assignment]
    else:
        event = ConfirmationEvent.DECLINE
        columns = {"refusal": text_of(refusal, field="refusal", what="不予受理的理由", longest=500)}
    return _move(confirmation, event, actor, accepted_on=on, **columns)


@transaction.atomic
def extend_ruling(confirmation: Confirmation, *, actor: User) -> Confirmation:
    """The court's president gives ten days more (法释〔2011〕5号 art. 5)."""
    confirmation = _locked(confirmation, actor)
    if confirmation.status != ConfirmationState.ACCEPTED or confirmation.is_extended or not confirmation.accepted_on:
        raise InvalidTransition("只有法院已受理、未延长过的申请可以记录延长。")
    confirmation.is_extended = True
    confirmation.decide_by = natural_days_after(confirmation.accepted_on, LONGER_DAYS)
    confirmation.save(update_fields=["is_extended", "decide_by"])
    done(confirmation.agreement.mediation, actor, Verb.CONFIRMATION_EXTENDED, confirmation=confirmation.pk)
    return confirmation


@transaction.atomic
def record_ruling(
    confirmation: Confirmation, *, actor: User, confirmed: bool, on: date, refusal: str = ""
) -> Confirmation:
    """What the court rules: confirmed, so that either side may ask for enforcement; or rejected, with the reason.

    After a rejection the parties may change the agreement by mediation, or sue (民事诉讼法 art. 206).
    """
    confirmation = _locked(confirmation, actor)
    _not_before(on, confirmation.accepted_on or confirmation.applied_on, "受理日期")
    if not confirmed:
        reason = text_of(refusal, field="refusal", what="驳回的理由", longest=500)
        return _move(confirmation, ConfirmationEvent.REJECT, actor, ruled_on=on, refusal=reason)
    confirmation = _move(confirmation, ConfirmationEvent.CONFIRM, actor, ruled_on=on)
    confirmation.agreement.confirmed = True
    confirmation.agreement.save(update_fields=["confirmed"])
    return confirmation


def why_not_apply(agreement: Agreement) -> DomainError | None:
    """Why the court is not asked to confirm this agreement; None where it may be, on one of the days left."""
    if agreement.status not in IN_FORCE or agreement.in_force_on is None or agreement.confirm_by is None:
        return InvalidTransition("协议生效后才能申请司法确认。")
    if agreement.about_status:
        return RuleViolation(STATUS_REFUSED, field="agreement")
    if agreement.confirmed or agreement.confirmations.filter(status__in=OPEN_CONFIRMATIONS).exists():
        return InvalidTransition("这份协议已经申请过司法确认。")
    return None


def _check_day(agreement: Agreement, on: date) -> None:
    not_in_future(on, field="on")
    assert agreement.in_force_on and agreement.confirm_by
    if on < agreement.in_force_on:
        raise RuleViolation(f"协议于 {agreement.in_force_on} 生效，申请日期不能更早。", field="on")
    if on > agreement.confirm_by:
        raise RuleViolation(
            f"申请司法确认须自协议生效之日起三十日内提出，已于 {agreement.confirm_by} 届满；"
            "可督促履行，或引导当事人就协议向法院起诉。",
            field="on",
        )


def _not_before(on: date, earliest: date, what: str) -> None:
    not_in_future(on, field="on")
    if on < earliest:
        raise RuleViolation(f"日期不能早于{what} {earliest}。", field="on")


def _locked(confirmation: Confirmation, actor: User) -> Confirmation:
    """The confirmation, its case, mediation and agreement locked before it."""
    mediation = locked_for(confirmation.agreement.mediation, actor)
    agreement = locked_agreement(confirmation.agreement, mediation)
    fresh = Confirmation.objects.select_for_update(of=("self",)).get(pk=confirmation.pk)
    fresh.agreement = agreement
    return fresh


def _move(confirmation: Confirmation, event: ConfirmationEvent, actor: User, **columns: object) -> Confirmation:
    confirmation.status = CONFIRMATIONS.target(ConfirmationState(confirmation.status), event)
    for name, value in columns.items():
        setattr(confirmation, name, value)
    confirmation.save(update_fields=["status", *columns])
    mediation = confirmation.agreement.mediation
    done(mediation, actor, WRITTEN_AS[ConfirmationState(confirmation.status)], confirmation=confirmation.pk)
    label = ConfirmationState(confirmation.status).label
    tell_mediators(
        mediation, "confirmation", f"司法确认：{label}", key=f"confirmation:{confirmation.pk}:{confirmation.status}"
    )
    return confirmation
