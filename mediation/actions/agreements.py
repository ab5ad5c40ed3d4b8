"""Agreements: drafted with their obligations, signed and sealed, in force; changed for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.actions import Report
from intake.actions.mediations import conclude_by_mediation, open_mediation_handling
from intake.deadlines.models import ClockKind
from intake.models import Outcome
from intake.notifications import notify_handlers
from intake.numbering import next_number
from intake.permissions import may_sort
from mediation.actions._locking import (
    acting_guardian,
    done,
    locked_for,
    move,
    not_in_future,
    require_open,
    text_of,
)
from mediation.actions.agreement_bars import why_no_force, why_not_draft, why_not_revise, why_not_rewrite
from mediation.actions.closing_down import close_down, move_agreement
from mediation.actions.mediation_sessions import hold_written_sessions
from mediation.actions.obligations import ObligationDraft, write_obligations
from mediation.documents import WRITER, kept_words, signed_agreement, stamps_of_agreement
from mediation.lifecycle import AgreementEvent, AgreementState, Event
from mediation.models import Agreement, AgreementForm, Instalment, Mediation, Mode, Signing, SigningKind
from mediation.permissions import leads_at_window
from mediation.queries.dates import confirm_by, next_confirm_reminder, next_look
from mediation.queries.signatures import missing_signatures
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation, VersionConflict, refuse_for
from zhongzhi.core.numbering import document_number
from zhongzhi.core.text import clean_text
from zhongzhi.files.actions import keep_prepared
from zhongzhi.files.preparing import PreparedFile
from zhongzhi.printing.actions import keep_signed_words

OUTCOMES = {
    Mode.PEOPLES: Outcome.PEOPLES_MEDIATION,
    Mode.BRANDED: Outcome.PEOPLES_MEDIATION,
    Mode.MASS: Outcome.PEOPLES_MEDIATION,
    Mode.ADMINISTRATIVE: Outcome.ADMINISTRATIVE_MEDIATION,
    Mode.JUDICIAL: Outcome.JUDICIAL_MEDIATION,
    Mode.INDUSTRY: Outcome.INDUSTRY_MEDIATION,
    Mode.LAWYER: Outcome.LAWYER_MEDIATION,
}


@dataclass(frozen=True)
class AgreementDraft:
    """An agreement as typed. `about_status` says whether it settles marriage, adoption or another status."""

    facts: str
    terms: str
    reached_on: date
    form: str = AgreementForm.WRITTEN
    manner: str = ""
    about_status: bool = False
    obligations: Sequence[ObligationDraft] = field(default_factory=tuple)


@dataclass(frozen=True)
class Signed:
    """One signature: by a party or mediator (their number), or the seal (none). What a party drew on a screen comes
    with the device and the end of the number that its code was sent to."""

    kind: str
    signed_on: date
    by: int | None = None
    how: str = ""
    drawn: PreparedFile | None = None
    device: str = ""
    sent_to: str = ""


@transaction.atomic
def draft_agreement(
    mediation: Mediation, draft: AgreementDraft, *, actor: User, version: int | None = None
) -> Agreement:
    """Write the agreement, or write it again while nobody has signed.

    Raises RuleViolation for instalments that do not add up, an obligation without a date, a party that is not of the
    case, a case with one side only; InvalidTransition before all agreed to be mediated or once somebody has signed.
    """
    mediation = locked_for(mediation, actor)
    refuse_for(why_not_draft(mediation))
    _check_day(mediation, draft.reached_on)
    values = {
        "form": draft.form,
        "facts": text_of(draft.facts, field="facts", what="纠纷主要事实"),
        "terms": text_of(draft.terms, field="terms", what="协议内容"),
        "manner": clean_text(draft.manner, field="manner", max_length=1000, multiline=True),
        "about_status": draft.about_status,
        "reached_on": draft.reached_on,
    }
    agreement = _current(mediation, version)
    if agreement is None:
        agreement = Agreement.objects.create(mediation=mediation, created_by=actor, **values)
    else:
        _rewrite(agreement, values)
    write_obligations(agreement, mediation.case, draft.obligations)
    done(mediation, actor, Verb.AGREEMENT_DRAFTED, agreement=agreement.pk, obligations=len(draft.obligations))
    return agreement


@transaction.atomic
def sign_agreement(agreement: Agreement, signatures: Sequence[Signed], *, actor: User) -> Agreement:
    """Record signatures and the seal; with the last of them the agreement is in force, on the latest of their days.

    人民调解法 art. 29: parties sign, seal or print, the mediator signs, the committee seals. An oral agreement needs
    none: `take_oral_force`. Raises RuleViolation for a day before the agreement was reached or in the future.
    """
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    require_open(mediation)
    if agreement.status != AgreementState.DRAFT or agreement.form != AgreementForm.WRITTEN:
        raise InvalidTransition("只有起草中的书面协议可以签署。")
    missing = missing_signatures(agreement)
    for signed in signatures:
        _check_signature(agreement, signed, missing)
        party = mediation.case.parties.get(pk=signed.by) if signed.kind == SigningKind.PARTY and signed.by else None
        Signing.objects.create(
            agreement=agreement,
            kind=signed.kind,
            party=party,
            guardian=acting_guardian(party, field="signatures") if party else None,
            mediator_id=signed.by if signed.kind == SigningKind.MEDIATOR else None,
            signed_on=signed.signed_on,
            how=signed.how[:40] or ("盖章" if signed.kind == SigningKind.SEAL else "签名"),
            **_drawn(signed, actor),
        )
    if not missing_signatures(agreement):
        days = agreement.signings.values_list("signed_on", flat=True)
        _take_force(agreement, mediation, max(days), actor)
    done(mediation, actor, Verb.AGREEMENT_SIGNED, agreement=agreement.pk, signatures=len(signatures))
    return agreement


def _drawn(signed: Signed, actor: User) -> dict[str, Any]:
    if signed.drawn is None:
        return {}
    file = keep_prepared(signed.drawn, actor=actor)
    return {"drawing": file, "drawn_at": timezone.now(), "device": signed.device, "code_sent_to": signed.sent_to}


@transaction.atomic
def take_oral_force(agreement: Agreement, *, actor: User) -> Agreement:
    """An oral agreement is in force on the day it was reached (人民调解法 art. 30), with its register form."""
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    require_open(mediation)
    if agreement.status != AgreementState.DRAFT or agreement.form != AgreementForm.ORAL:
        raise InvalidTransition("只有起草中的口头协议可以直接登记生效。")
    _take_force(agreement, mediation, agreement.reached_on, actor)
    done(mediation, actor, Verb.AGREED_ORALLY, agreement=agreement.pk)
    return agreement


@transaction.atomic
def withdraw_signatures(agreement: Agreement, *, actor: User, reason: str) -> Agreement:
    """Take the signatures of a draft back, so that it can be changed."""
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    text_of(reason, field="reason", what="理由", longest=500)
    if agreement.status != AgreementState.DRAFT:
        raise InvalidTransition("协议已经生效，不能撤回签署；需要变更的请办理“变更协议”。")
    count, _ = agreement.signings.all().delete()
    done(mediation, actor, Verb.SIGNATURES_WITHDRAWN, agreement=agreement.pk, signatures=count)
    return agreement


@transaction.atomic
def revise_agreement(agreement: Agreement, *, actor: User, reason: str) -> Mediation:
    """Put an agreement in force aside for a new one (the court refused it, or it was broken): mediation goes on.

    民事诉讼法 art. 206: after a refusal the parties may change the agreement by mediation. The case must be in
    handling again, and not be mediated otherwise meanwhile; InvalidTransition else.
    """
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    text_of(reason, field="reason", what="变更的理由", longest=500)
    refuse_for(why_not_revise(agreement))
    move_agreement(agreement, AgreementEvent.REPLACE, confirm_next_on=None)
    Instalment.objects.filter(obligation__agreement=agreement).update(next_at=None)
    move(mediation, Event.REVISE, ended_at=None)
    mediation.handling, _ = open_mediation_handling(
        mediation.case, actor=actor, organisation=mediation.body.organisation, clock=ClockKind(mediation.clock)
    )
    mediation.save(update_fields=["handling"])
    done(mediation, actor, Verb.AGREEMENT_REPLACED, agreement=agreement.pk)
    return mediation


def locked_agreement(agreement: Agreement, mediation: Mediation) -> Agreement:
    """The agreement of a locked mediation, read again and locked."""
    fresh = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    fresh.mediation = mediation
    return fresh


def _current(mediation: Mediation, version: int | None) -> Agreement | None:
    rows = Agreement.objects.select_for_update(of=("self",)).filter(mediation=mediation)
    agreement = rows.exclude(status=AgreementState.REPLACED).first()
    if agreement and version is not None and agreement.version != version:
        raise VersionConflict("您打开之后，这份协议已有人更新过。您填写的内容仍在，请核对后再提交。")
    return agreement


def _rewrite(agreement: Agreement, values: dict[str, object]) -> None:
    refuse_for(why_not_rewrite(agreement))
    agreement.version += 1
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=["version", *values])


def _check_day(mediation: Mediation, day: date) -> None:
    not_in_future(day, field="reached_on")
    if day < timezone.localdate(mediation.opened_at):
        raise RuleViolation("达成日期不能早于调解受理日期。", field="reached_on")


def _check_signature(agreement: Agreement, signed: Signed, missing: list[tuple[str, int | None, str]]) -> None:
    if (signed.kind, signed.by) not in {(kind, pk) for kind, pk, _ in missing}:
        raise RuleViolation("签署人应是本协议的当事人或本次调解的调解员，且只签一次。", field="signatures")
    not_in_future(signed.signed_on, field="signatures")
    if signed.signed_on < agreement.reached_on:
        raise RuleViolation("签署日期不能早于协议达成日期。", field="signatures")


def _take_force(agreement: Agreement, mediation: Mediation, day: date, actor: User) -> None:
    """In force: numbered and dated, its obligations watched; the mediation ends, the case where nobody else works."""
    refuse_for(why_no_force(agreement))
    now, body = timezone.now(), mediation.body
    last = confirm_by(day)
    serial = next_number(f"agreement:{body.pk}:{day.year}")
    columns = {
        "in_force_on": day,
        "number": document_number(body.doc_mark, day.year, serial),
        "confirm_by": last,
        "confirm_next_on": None if agreement.about_status else next_confirm_reminder(last, timezone.localdate()),
    }
    move_agreement(agreement, AgreementEvent.TAKE_FORCE, **columns)
    for row in Instalment.objects.filter(obligation__agreement=agreement, performed_on=None):
        row.next_at = next_look(row.due_on, now)
        row.save(update_fields=["next_at"])
    move(mediation, Event.AGREE, ended_at=now)
    hold_written_sessions(mediation)
    close_down(mediation)
    _keep_paper(agreement, mediation)
    _conclude(agreement, mediation, actor)


def _keep_paper(agreement: Agreement, mediation: Mediation) -> None:
    """What the agreement says at this moment, with its signatures, stays what is printed of it."""
    paper = signed_agreement(mediation)
    words = kept_words(paper)
    title = f"{paper.title} {agreement.number}"
    agreement.paper = keep_signed_words(
        title, words, timezone.now(), writer=WRITER, stamps=stamps_of_agreement(agreement)
    )
    agreement.save(update_fields=["paper"])


def _conclude(agreement: Agreement, mediation: Mediation, actor: User) -> None:
    how = f"{mediation.get_mode_display()}，达成{agreement.get_form_display()}"
    note = f"{mediation.body}主持{how}（{agreement.number}）。"
    report = Report(OUTCOMES[Mode(mediation.mode)], f"{note}\n{agreement.terms}"[:5000])
    case, by = mediation.case, mediation.body.organisation
    at_once = leads_at_window(actor, mediation) and not may_sort(actor, case)
    if not conclude_by_mediation(case, report, actor=actor, by=by, fast_track=at_once) and case.holder:
        notify_handlers(case, case.holder, f"mediation_agreed_{agreement.pk}", "调解已达成协议，请反馈办理结果")
