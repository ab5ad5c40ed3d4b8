"""Acts on drafts: draft a document, change it, submit, review, send back, discard."""

from django.db import transaction
from django.utils import timezone

from intake.transitions import reason_given
from referrals.actions._transitions import locked, move, save_changes
from referrals.drafting import Draft, write_draft
from referrals.lifecycle import UNSIGNED, Event, State
from referrals.models import Document, Level
from referrals.notifications import notify, notify_issuer, notify_signers
from referrals.permissions import may_draft_for, may_edit, may_review
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text


@transaction.atomic
def draft_document(draft: Draft, *, actor: User) -> Document:
    """A person drafts a document about a case, for the centre that answers for it or for one over it.

    Raises RuleViolation at `addressee` for none, at `level` for a supervision without one.
    """
    if draft.case is not None:
        require(may_draft_for(actor, draft.case, draft.centre), "这份公文由负责本案的综治中心拟制。")
    if draft.addressee is None and not draft.party_name:
        raise RuleViolation("请选择主送单位。", field="addressee")
    document = write_draft(draft, actor)
    assert document is not None
    if not document.kind.reviewed:
        notify_signers(document)
    return document


@transaction.atomic
def edit_draft(
    document: Document,
    *,
    actor: User,
    subject: str,
    body: str,
    copied_to: str | None = None,
    version: int | None = None,
) -> Document:
    """Change the words of a draft. Once it is signed nothing changes any more: a correction is a new document."""
    document = locked(document, version=version)
    _require_unsigned(document)
    require(may_edit(actor, document), "草稿由拟制人和发文机关修改。")
    subject = clean_text(subject, field="subject", max_length=200)
    body = clean_text(body, field="body", max_length=10_000, multiline=True)
    if not subject or not body:
        raise RuleViolation("标题和正文不能为空。", field="body" if subject else "subject")
    if document.status == State.READY:
        raise InvalidTransition("已审核待签发的公文不能修改；请先退回修改。")
    copies = document.copied_to if copied_to is None else clean_text(copied_to, field="copied_to", max_length=300)
    save_changes(document, subject=subject, body=body, copied_to=copies)
    record(actor, Verb.EDITED, document)
    return document


@transaction.atomic
def submit_document(document: Document, *, actor: User, note: str = "", version: int | None = None) -> Document:
    """Submit a draft for review by another person."""
    document = locked(document, version=version)
    require(may_edit(actor, document))
    move(document, Event.SUBMIT, actor=actor, note=note)
    record(actor, Verb.SUBMITTED, document)
    notify_issuer(document, "document_to_review", "待审核")
    return document


@transaction.atomic
def review_document(document: Document, *, actor: User, note: str = "", version: int | None = None) -> Document:
    """Another person than the drafter passes the draft, unless nobody else issues there; it waits for signature now."""
    document = locked(document, version=version)
    require(may_review(actor, document), "须由拟制人以外的人员审核。")
    move(document, Event.APPROVE, actor=actor, note=note, reviewed_by=actor, reviewed_at=timezone.now())
    own = {"own_draft": True} if document.drafted_by_id == actor.pk else {}
    record(actor, Verb.REVIEWED, document, **own)
    notify_signers(document)
    return document


@transaction.atomic
def send_back_draft(document: Document, *, actor: User, reason: str, version: int | None = None) -> Document:
    """Review or signatory finds the draft wanting: it goes back to be changed, with a reason."""
    document = locked(document, version=version)
    require(may_review(actor, document), "须由拟制人以外的人员退回。")
    reason = reason_given(reason)
    move(document, Event.SEND_BACK, actor=actor, note=reason, reviewed_by=None, reviewed_at=None)
    record(actor, Verb.SENT_BACK, document)
    if document.drafted_by is not None:
        notify([document.drafted_by], document, "document_sent_back", "被退回修改")
    return document


@transaction.atomic
def discard_draft(document: Document, *, actor: User, reason: str, version: int | None = None) -> Document:
    """Drop a draft with a reason; it stays on record, so that the clock does not make it again."""
    document = locked(document, version=version)
    require(may_edit(actor, document), "草稿由拟制人和发文机关弃用。")
    reason = reason_given(reason)
    move(document, Event.DISCARD, actor=actor, note=reason, ended_at=timezone.now())
    record(actor, Verb.DISCARDED, document)
    return document


def check_level(kind_name: str, level: str) -> str:
    """A level of supervision; RuleViolation at `level` for another word."""
    if level not in Level.values:
        raise RuleViolation(f"请选择{kind_name}的级别：黄或红。", field="level")
    return level


def _require_unsigned(document: Document) -> None:
    if document.status not in UNSIGNED:
        raise InvalidTransition("公文签发后不能修改；需要更正的，请作废后另发。")
