"""The rows of a past agreement: signed, in force, performed part by part, confirmed by the court."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Model

from devkit.demo.mediations.deals import Deal
from devkit.demo.mediations.past import Past
from grids.models import Organisation, OrganisationKind
from intake.models import PartySide
from mediation.actions.confirming import ACCEPT_DAYS, DECIDE_DAYS
from mediation.lifecycle import AgreementState, ConfirmationState
from mediation.models import (
    Agreement,
    AgreementForm,
    Confirmation,
    Instalment,
    Mediation,
    Obligation,
    Performance,
    Signing,
    SigningKind,
)
from mediation.queries.dates import breach_moment, confirm_by, natural_days_after, next_confirm_reminder, next_look
from zhongzhi.core.numbering import document_number
from zhongzhi.core.worktime import SHANGHAI

Rows = Iterator[tuple[type[Model], list[Model]]]


@dataclass
class Agreed:
    """A mediation that came to an agreement, with what was agreed and the rows made of it."""

    past: Past
    mediation: Mediation
    deal: Deal
    serial: int = 0
    agreement: Agreement = field(init=False)
    obligation: Obligation = field(init=False)
    instalments: list[Instalment] = field(default_factory=list)


def agreed_rows(agreed: list[Agreed], now: datetime) -> Rows:
    """All rows, those first that others point to; each list is written before the next one is made."""
    today = now.astimezone(SHANGHAI).date()
    for one in agreed:
        one.agreement = _agreement(one, today)
    yield Agreement, [one.agreement for one in agreed]
    yield Signing, [signing for one in agreed for signing in _signings(one)]
    for one in agreed:
        one.obligation = _obligation(one)
    yield Obligation, [one.obligation for one in agreed]
    for one in agreed:
        one.instalments = list(_instalments(one, now, today))
    yield Instalment, [row for one in agreed for row in one.instalments]
    yield Performance, [row for one in agreed for row in _performances(one)]
    yield from _confirmations([one for one in agreed if one.deal.is_confirmed])


def _agreement(one: Agreed, today: date) -> Agreement:
    deal, body = one.deal, one.past.body
    last, is_broken = confirm_by(deal.reached_on), deal.is_broken(today)
    still_open = today <= last and not deal.is_confirmed
    status = AgreementState.BREACHED if is_broken else AgreementState.IN_FORCE
    return Agreement(
        mediation=one.mediation, form=deal.form, status=AgreementState.PERFORMED if deal.is_kept else status,
        number=document_number(body.doc_mark, deal.reached_on.year, one.serial), facts=one.past.case.narrative,
        terms=f"一、{one.past.case.outcome_note}\n二、{deal.what}。", manner="当面履行，由调解员见证。",
        reached_on=deal.reached_on, in_force_on=deal.reached_on, confirm_by=last, confirmed=deal.is_confirmed,
        confirm_next_on=next_confirm_reminder(last, today) if still_open else None, created_by=one.mediation.opened_by,
    )  # fmt: skip


def _signings(one: Agreed) -> Iterator[Signing]:
    if one.deal.form == AgreementForm.ORAL:
        return
    day = one.deal.reached_on
    for party in one.past.case.parties.all():
        yield Signing(agreement=one.agreement, kind=SigningKind.PARTY, party=party, signed_on=day)
    yield Signing(agreement=one.agreement, kind=SigningKind.MEDIATOR, mediator=one.past.mediator, signed_on=day)
    yield Signing(agreement=one.agreement, kind=SigningKind.SEAL, signed_on=day, how="盖章")


def _obligation(one: Agreed) -> Obligation:
    return Obligation(
        agreement=one.agreement, ordinal=1, debtor=one.past.party(PartySide.RESPONDENT),
        creditor=one.past.party(PartySide.APPLICANT), kind=one.deal.kind, what=one.deal.what[:300],
        amount=one.deal.amount,
    )  # fmt: skip


def _instalments(one: Agreed, now: datetime, today: date) -> Iterator[Instalment]:
    """What is kept was done on its day, or before today where the day lies ahead."""
    parts = one.deal.parts
    for n, (day, amount) in enumerate(parts, start=1):
        row = Instalment(obligation=one.obligation, ordinal=n, due_on=day, amount=amount)
        if n <= len(parts) - one.deal.open_parts:
            row.performed_on = min(day, max(one.deal.reached_on, today - timedelta(days=1)))
        elif day < today:
            row.breached_at = breach_moment(day)
        else:
            row.next_at = next_look(day, now)
        yield row


def _performances(one: Agreed) -> Iterator[Performance]:
    note = "当面给付，权利人出具收条。" if one.deal.amount else "当面履行完毕，双方认可。"
    for row in one.instalments:
        if row.performed_on:
            yield Performance(
                instalment=row, on=row.performed_on, amount=row.amount, note=note, recorded_by=one.mediation.opened_by
            )


def _confirmations(agreed: list[Agreed]) -> Rows:
    if not agreed:
        return
    court = Organisation.objects.filter(kind=OrganisationKind.COURT).order_by("territory__code", "pk").first()
    assert court is not None
    rows = [(one, _confirmation(one, court, n)) for n, one in enumerate(agreed, start=1)]
    yield Confirmation, [row for _, row in rows]
    through = Confirmation.applicants.through
    sides = (PartySide.APPLICANT, PartySide.RESPONDENT)
    yield through, [through(confirmation=row, party=one.past.party(side)) for one, row in rows for side in sides]


def _confirmation(one: Agreed, court: Organisation, number: int) -> Confirmation:
    applied = one.deal.reached_on + timedelta(days=one.past.random.randint(2, 9))
    accepted = applied + timedelta(days=2)
    return Confirmation(
        agreement=one.agreement, court=court, status=ConfirmationState.CONFIRMED, applied_on=applied,
        accept_by=natural_days_after(applied, ACCEPT_DAYS), accepted_on=accepted,
        case_number=f"（{accepted.year}）内0526调确{number}号", decide_by=natural_days_after(accepted, DECIDE_DAYS),
        ruled_on=accepted + timedelta(days=one.past.random.randint(5, 12)),
    )  # fmt: skip
