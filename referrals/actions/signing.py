"""Signing (签发): the number is given, the paper made and kept; from then on nothing changes. Issuing follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from grids.queries.impressions import hand_stamp, seal_stamp
from intake.deadlines.queries import work_calendar
from intake.numbering import next_number
from intake.transitions import reason_given
from referrals.actions._transitions import locked, move
from referrals.actions.time_limits import limits_at_issue
from referrals.documents import docx_of, sheet_of
from referrals.documents.sheet import number_of
from referrals.escalation import plan_steps_of_document, recommend_for_repeated_supervisions
from referrals.lifecycle import Event, State
from referrals.models import Document, DocumentSignature, Level, PaperForm, Purpose
from referrals.notifications import notify_addressee, notify_leaders
from referrals.permissions import may_decide, may_sign
from referrals.queries import agency_stem, drafts_to_issue_automatically
from referrals.queries.paper_signatures import statement_of
from referrals.verbs import Verb
from zhongzhi import office
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, require
from zhongzhi.core.sm2 import sign
from zhongzhi.files.actions import keep_made
from zhongzhi.files.kinds import DOCX
from zhongzhi.printing.actions import keep_signed_document
from zhongzhi.set_aside import Share, Sweep


@dataclass(frozen=True)
class SigningResult:
    """What became of one document of several: its number, or why it was not signed."""

    document: Document
    number: str = ""
    refusal: str = ""


@transaction.atomic
def sign_document(document: Document, *, actor: User, issue: bool = True, version: int | None = None) -> Document:
    """Sign a document: it gets its number (机关代字〔年〕n号, without gaps), its DOCX is kept with its digest.

    Issued at once unless told otherwise. Raises PermissionDenied for somebody not entitled, InvalidTransition for a
    draft that must be reviewed first.
    """
    document = locked(document, version=version)
    require(may_sign(actor, document), f"{document.kind.name}由{document.kind.get_signatory_display()}签发。")
    if document.kind.reviewed and document.status == State.DRAFT:
        raise InvalidTransition(f"{document.kind.name}须先审核，再签发。")
    number_and_file(document, actor)
    if issue:
        send_out(document, actor)
    return document


def sign_several(documents: Sequence[Document], *, actor: User) -> list[SigningResult]:
    """Sign several, each in a transaction of its own; one that is refused does not hold up the others."""
    found = []
    for document in documents:
        try:
            signed = sign_document(document, actor=actor)
            found.append(SigningResult(signed, number=signed.number or ""))
        except DomainError as error:
            found.append(SigningResult(document, refusal=error.message))
    return found


@transaction.atomic
def issue_document(document: Document, *, actor: User, version: int | None = None) -> Document:
    """Issue (印发) a signed document: it goes out, and its limits start."""
    document = locked(document, version=version)
    require(may_decide(actor, document))
    send_out(document, actor)
    return document


@transaction.atomic
def void_document(document: Document, *, actor: User, reason: str, version: int | None = None) -> Document:
    """Declare a signed document void, with a reason. It keeps its number, which is never given again."""
    document = locked(document, version=version)
    require(may_sign(actor, document), "公文由有权签发的人员作废。")
    reason = reason_given(reason)
    handling = document.handling
    if document.kind.purpose == Purpose.DISPATCH and handling is not None and handling.closed_at is None:
        raise InvalidTransition(
            "承办单位还在办理，交办单不能只作废；文字有误的请作废重发，"
            "否则由承办单位退回，或在案件中解除协办、撤回案件。"
        )
    move(document, Event.VOID, actor=actor, note=reason, ended_at=timezone.now())
    record(actor, Verb.VOIDED, document, number=document.number)
    notify_addressee(document, "document_voided", "已作废")
    return document


def number_and_file(document: Document, actor: User | None) -> None:
    """Give a locked draft its number and its paper. The number's row is held until the transaction ends."""
    now = timezone.now()
    year = timezone.localdate(now).year
    stem = agency_stem(document.issuer)
    series = f"doc:{document.issuer_id}:{document.kind.code}:{year}"
    serial = next_number(series)
    document.number = number_of(stem, document.kind.word, year, serial)
    if Document.objects.filter(number=document.number).exists():
        raise RuleViolation(f"文号“{document.number}”与其他机关重复，请管理员为{document.issuer}设定机关代字。")
    document.signed_at, document.signed_by = now, actor
    file = keep_made(f"{document.number}.docx", docx_of(sheet_of(document, in_clear=True)), DOCX, actor=actor)
    columns = {"number": document.number, "signed_at": now, "signed_by": actor}
    move(
        document,
        Event.SIGN,
        actor=actor,
        note=document.number,
        year=year,
        serial=serial,
        series=series,
        file=file,
        sm3=file.sm3,
        paper=keep_signed_document(f"{document.number} {document.subject}", file, now, _stamps(document, actor)),
        **columns,
    )
    _sign(document)
    record(actor, Verb.SIGNED, document, number=document.number, sm3=file.sm3, file=str(file.pk))


def _stamps(document: Document, actor: User | None) -> list[dict[str, Any]]:
    """The seal in the middle over the date (骑年盖月), the hand over the name of who signed; none without a person."""
    if actor is None:
        return []
    hand = hand_stamp(actor, at=office.HAND) if document.kind.form == PaperForm.SLIP else []
    return [*seal_stamp(document.issuer, at=office.SEAL, down=office.SEAL_OVER_DATE), *hand]


def _sign(document: Document) -> None:
    """Put the installation's signature under it, where the installation has a key."""
    if signature := sign(statement_of(document)):
        DocumentSignature.objects.create(document=document, signature=signature)


def send_out(document: Document, actor: User | None) -> None:
    """Issue a locked, signed document: its time limits start, and the steps are planned that follow if it is not
    answered."""
    now = timezone.now()
    columns: dict[str, Any] = {"issued_at": now, **limits_at_issue(document, now)}
    move(document, Event.ISSUE, actor=actor, **columns)
    record(actor, Verb.ISSUED, document, number=document.number, answer_due_at=document.answer_due_at)
    plan_steps_of_document(document)
    if document.kind.purpose == Purpose.SUPERVISE and document.addressee is not None:
        recommend_for_repeated_supervisions(document.addressee)
    notify_addressee(document, "document_issued", "请签收", not_before=_opening(document, actor, now))
    if document.level == Level.RED and document.addressee is not None:
        notify_leaders(document, what="（红色）已发出")


def issue_due_letters(now: datetime, *, limit: int = 50) -> int:
    """Issue drafts of the clock whose kind waits for no signature, a transaction for each; how many. A letter at which
    this fails is set aside."""

    def take(share: Share) -> int:
        keys = share.of(drafts_to_issue_automatically()).values_list("pk", flat=True)[:limit]
        return sum([_issue_automatically(key) for key in keys])

    return Sweep("letters", drafts_to_issue_automatically, take, limit).run_each(now)


@transaction.atomic
def _issue_automatically(document_id: int) -> bool:
    """Number and issue a draft of the clock whose kind waits for no signature; False where that was done already."""
    found = Document.objects.filter(pk=document_id).first()
    if found is None:
        return False
    document = locked(found)
    if document.status != State.DRAFT or not (document.by_system and document.kind.by_itself):
        return False
    number_and_file(document, None)
    send_out(document, None)
    return True


def _opening(document: Document, actor: User | None, now: datetime) -> datetime | None:
    if actor is not None or document.level == Level.RED:
        return None
    return work_calendar().next_office_moment(now)
