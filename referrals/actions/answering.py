"""What the receiver does with a document: sign for it, return it, ask for time, answer; and what the issuer decides.

A dispatch slip is signed for, returned and answered as the case itself is: its acts are those of the handling.
"""

from django.db import transaction
from django.utils import timezone

from intake import actions as cases
from intake.coordination import actions as coordination_actions
from intake.models import HandlingPart
from intake.transitions import reason_given
from referrals.actions._transitions import add_step, locked, move, save_changes
from referrals.actions.time_limits import answer_due, answer_due_now
from referrals.escalation import cancel_steps_of_document, plan_steps_of_document
from referrals.lifecycle import Event, State
from referrals.models import Adoption, AnswerKind, Document, DocumentAnswer, DocumentExtension, Purpose
from referrals.notifications import notify_addressee, notify_issuer
from referrals.permissions import (
    is_own_letter,
    may_answer,
    may_decide,
    may_note_service,
    needs_another_receiver,
    needs_another_to_decide,
)
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation, refuse_for, require
from zhongzhi.core.text import clean_text

RECEIVER = "由主送单位办理。"


@transaction.atomic
def receive_document(document: Document, *, actor: User, version: int | None = None) -> Document:
    """Sign for (签收) a document. One that asks for no more than that is done with it; a dispatch slip is signed for
    as the case is."""
    document = locked(document, version=version)
    require(may_answer(actor, document), RECEIVER)
    if _is_slip(document):
        return _sign_for_slip(document, actor)
    refuse_for(why_not_receive(document, actor))
    _receive(document, actor)
    if document.kind.answer in (AnswerKind.RECEIPT, AnswerKind.NONE):
        move(document, Event.FINISH, actor=actor, ended_at=timezone.now())
        cancel_steps_of_document(document)
    return document


@transaction.atomic
def return_document(document: Document, *, actor: User, reason: str, version: int | None = None) -> Document:
    """Give a document back to its issuer, with a reason."""
    document = locked(document, version=version)
    require(may_answer(actor, document), RECEIVER)
    reason = reason_given(reason)
    if _is_slip(document):
        return _return_slip(document, actor, reason)
    refuse_for(why_not_receive(document, actor))
    move(document, Event.RETURN, actor=actor, note=reason, ended_at=timezone.now())
    cancel_steps_of_document(document)
    record(actor, Verb.RETURNED, document, **_own_letter(document, actor))
    notify_issuer(document, "document_returned", "被退回")
    return document


@transaction.atomic
def answer_document(
    document: Document, *, actor: User, text: str, adoption: str = "", version: int | None = None
) -> DocumentAnswer:
    """Answer a document; the issuing side accepts or refuses it. Who answers has also signed for it.

    Raises RuleViolation at `adoption` where the kind asks whether the advice is taken, at `text` for too little.
    """
    document = locked(document, version=version)
    require(may_answer(actor, document), RECEIVER)
    if _is_slip(document):
        raise InvalidTransition("交办单以反馈办理结果作为答复，请在案件中办理。")
    refuse_for(why_not_receive(document, actor))
    text, adoption = _checked(document, text, adoption)
    now = timezone.now()
    if document.received_at is None:
        _receive(document, actor)
    due = answer_due_now(document)
    late = due is not None and now > due
    move(document, Event.ANSWER, actor=actor, answered_at=now)
    answer = DocumentAnswer.objects.create(
        document=document, text=text, adoption=adoption, late=late, answered_by=actor, answered_at=now
    )
    cancel_steps_of_document(document)
    facts = {"answer": answer.pk, "adoption": adoption, "late": late} | _own_letter(document, actor)
    record(actor, Verb.ANSWERED, document, **facts)
    notify_issuer(document, f"document_answered_{answer.pk}", "已答复，请审阅")
    return answer


@transaction.atomic
def decide_answer(
    document: Document, *, actor: User, accepted: bool, note: str = "", version: int | None = None
) -> Document:
    """The issuing side accepts the answer, or refuses it with a reason; then the answer limit starts again."""
    document = locked(document, version=version)
    require(may_decide(actor, document), "答复由发文机关审阅。")
    answer = DocumentAnswer.objects.select_for_update(of=("self",)).filter(document=document, accepted=None).first()
    if answer is None:
        raise InvalidTransition("没有等待审阅的答复。")
    refuse_for(why_not_decide(document, answer.answered_by_id, actor))
    own = {"own_answer": True} if answer.answered_by_id == actor.pk else {}
    now = timezone.now()
    answer.accepted, answer.decided_by, answer.decided_at = accepted, actor, now
    answer.decision_note = note.strip() if accepted else reason_given(note, field="note")
    answer.save(update_fields=["accepted", "decided_by", "decided_at", "decision_note"])
    if accepted:
        move(document, Event.ACCEPT, actor=actor, note=answer.decision_note, ended_at=now)
        record(actor, Verb.ANSWER_ACCEPTED, document, answer=answer.pk, **own)
        notify_addressee(document, f"answer_decided_{answer.pk}", "答复已认可")
        return document
    move(document, Event.REFUSE, actor=actor, note=answer.decision_note, answered_at=None)
    save_changes(document, answer_due_at=answer_due(document))
    plan_steps_of_document(document)
    record(actor, Verb.ANSWER_REFUSED, document, answer=answer.pk, **own)
    notify_addressee(document, f"answer_decided_{answer.pk}", "答复被退回，请重新答复")
    return document


@transaction.atomic
def ask_document_extension(
    document: Document, *, actor: User, reason: str, version: int | None = None
) -> DocumentExtension:
    """Ask for more time to answer, before it is due; at most two extensions. For a slip: of the handling limit.

    Raises RuleViolation at `reason` when the time is over or none is left to grant.
    """
    document = locked(document, version=version)
    require(may_answer(actor, document), RECEIVER)
    reason = reason_given(reason)
    if _is_slip(document):
        raise InvalidTransition("交办单的办理时限在案件中申请延期。")
    refuse_for(why_no_more_time(document))
    asked = DocumentExtension.objects.create(document=document, reason=reason, asked_by=actor, asked_at=timezone.now())
    record(actor, Verb.EXTENSION_ASKED, document, extension=asked.pk)
    notify_issuer(document, f"document_extension_{asked.pk}", "申请延期，请决定")
    return asked


def why_no_more_time(document: Document) -> DomainError | None:
    """Why more time to answer cannot be asked for; None where it can."""
    due = answer_due_now(document)
    if document.status not in (State.ISSUED, State.RECEIVED) or due is None:
        return InvalidTransition("这份公文目前没有要答复的期限。")
    if timezone.now() > due:
        return RuleViolation("答复期限已过，不能再申请延期，请尽快答复。", field="reason")
    if not document.kind.extension_amount or document.extended >= document.kind.max_extensions:
        return RuleViolation("答复期限不能再延长。", field="reason")
    if document.extensions.filter(granted__isnull=True).exists():
        return InvalidTransition("已有延期申请等待决定。")
    return None


@transaction.atomic
def decide_document_extension(
    document: Document, *, actor: User, granted: bool, note: str = "", version: int | None = None
) -> Document:
    """Grant or refuse, for the issuing side, the time asked for; the steps that follow move with the limit."""
    document = locked(document, version=version)
    require(may_decide(actor, document), "延期由发文机关决定。")
    asked = DocumentExtension.objects.select_for_update(of=("self",)).filter(document=document, granted=None).first()
    if asked is None:
        raise InvalidTransition("没有待决定的延期申请。")
    refuse_for(why_not_decide(document, asked.asked_by_id, actor))
    asked.granted, asked.decided_by, asked.decided_at = granted, actor, timezone.now()
    asked.decision_note = note.strip() if granted else reason_given(note, field="note")
    asked.save()
    if granted and document.issued_at is not None and document.answered_at is None:
        save_changes(document, extended=document.extended + 1)
        save_changes(document, answer_due_at=answer_due(document))
        cancel_steps_of_document(document)
        plan_steps_of_document(document)
    own = {"own_request": True} if asked.asked_by_id == actor.pk else {}
    record(actor, Verb.EXTENSION_DECIDED, document, granted=granted, answer_due_at=document.answer_due_at, **own)
    notify_addressee(document, f"document_extension_{asked.pk}", "延期已同意" if granted else "延期未获同意")
    return document


def why_not_receive(document: Document, actor: User) -> DomainError | None:
    """Why the person may not sign for, return or answer this letter; None where they may."""
    if not needs_another_receiver(actor, document):
        return None
    return PermissionDenied(f"这份{document.kind.name}由您签发，请由{document.addressee}的其他人员签收、答复。")


def why_not_decide(document: Document, author: int, actor: User) -> DomainError | None:
    """Why the person may not decide on what this author asked or answered; None where they may."""
    if not needs_another_to_decide(actor, document, author):
        return None
    return PermissionDenied(f"由您提出的，请由{document.issuer}的其他人员决定。")


@transaction.atomic
def note_service(document: Document, *, actor: User, note: str = "", version: int | None = None) -> Document:
    """Record how a party was served (送达): signature, phone, message; the document is done with it."""
    document = locked(document, version=version)
    require(may_note_service(actor, document), "送达由发文机关窗口登记。")
    if document.kind.answer != AnswerKind.SERVICE:
        raise InvalidTransition("只有送交当事人的公文登记送达。")
    text = clean_text(note, field="note", max_length=300)
    if not text:
        raise RuleViolation("请写明送达方式和时间，如“本人签收”。", field="note")
    move(document, Event.FINISH, actor=actor, note=text, service_note=text, ended_at=timezone.now())
    record(actor, Verb.SERVED, document)
    return document


def _receive(document: Document, actor: User) -> None:
    move(document, Event.RECEIVE, actor=actor, received_at=timezone.now(), received_by=actor)
    record(actor, Verb.RECEIVED, document, number=document.number, **_own_letter(document, actor))


def _own_letter(document: Document, actor: User) -> dict[str, bool]:
    return {"own_letter": True} if is_own_letter(actor, document) else {}


def _is_slip(document: Document) -> bool:
    return document.kind.purpose == Purpose.DISPATCH and document.handling_id is not None


def _sign_for_slip(document: Document, actor: User) -> Document:
    handling = document.handling
    assert document.case is not None and handling is not None
    if handling.closed_at is not None:
        raise InvalidTransition("这份交办单的承办已经结束。")
    if handling.part == HandlingPart.LEAD:
        cases.sign_for_case(document.case, actor=actor)
    else:
        coordination_actions.sign_for_part(document.case, actor=actor)
    add_step(document, Event.RECEIVE, actor=actor)
    return document


def _return_slip(document: Document, actor: User, reason: str) -> Document:
    handling = document.handling
    assert document.case is not None and handling is not None
    if handling.closed_at is not None:
        raise InvalidTransition("这份交办单的承办已经结束。")
    if handling.part == HandlingPart.LEAD:
        cases.return_case(document.case, actor=actor, reason=reason)
    else:
        coordination_actions.return_part(document.case, actor=actor, reason=reason)
    add_step(document, Event.RETURN, actor=actor, note=reason)
    return document


def _checked(document: Document, text: str, adoption: str) -> tuple[str, str]:
    text = clean_text(text, field="text", max_length=5000, multiline=True)
    wants = document.kind.answer == AnswerKind.ADOPTION
    if wants and adoption not in Adoption.values:
        raise RuleViolation("请选择采纳、部分采纳或者不采纳。", field="adoption")
    if not text:
        raise RuleViolation("请写明答复内容。", field="text")
    return text, adoption if wants else ""
