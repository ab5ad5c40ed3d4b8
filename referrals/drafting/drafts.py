"""Write drafts: what a document is to be about, its words by the templates of its kind, and its row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from grids.models import Organisation
from intake.models import Case, Handling
from referrals.documents import written
from referrals.drafting._bulk import write_rows
from referrals.drafting.facts import facts_of_case, facts_of_kind
from referrals.models import Document, DocumentKind, Trigger
from referrals.queries import issuer_of
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all


@dataclass(frozen=True)
class Draft:
    """What a document is to be about. `facts` fill the kind's templates, unless `words` give subject and body;
    `occasion` makes a second time impossible."""

    kind: DocumentKind
    centre: Organisation
    addressee: Organisation | None = None
    party_name: str = ""
    case: Case | None = None
    handling: Handling | None = None
    follows: Document | None = None
    level: str = ""
    trigger: Trigger = Trigger.MANUAL
    occasion: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, str] | None = None
    copied_to: str = ""


def write_draft(draft: Draft, actor: User | None) -> Document | None:
    """Write one draft, by a person or (actor None) by the clock; None where its occasion had one already."""
    return write_drafts([draft], actor)[0]


def write_drafts(drafts: Sequence[Draft], actor: User | None) -> list[Document | None]:
    """Write several at the cost of one: the documents in order, None for each whose occasion had one already.

    Give them in the order of their occasions: who writes the same occasion at the same moment is waited for.
    """
    issuers, now = cache(issuer_of), timezone.now()
    documents = [_document(draft, actor, issuers, now) for draft in drafts]
    made = write_rows(documents)
    record_all([AuditEvent(actor, Verb.DRAFTED, document, _facts_of(document)) for document in made])
    return [None if document.pk is None else document for document in documents]


def _document(draft: Draft, actor: User | None, issuers: Callable[..., Organisation], now: datetime) -> Document:
    """The row of a draft, its words written by the templates of its kind."""
    issuer = issuers(draft.kind, draft.centre, draft.handling.organisation if draft.handling else None)
    subject, body = draft.words or _words(draft, issuer)
    same = (
        "kind",
        "case",
        "handling",
        "follows",
        "addressee",
        "party_name",
        "level",
        "trigger",
        "occasion",
        "copied_to",
    )
    return Document(
        **{name: getattr(draft, name) for name in same},
        issuer=issuer,
        by_system=actor is None,
        drafted_by=actor,
        drafted_at=now,
        subject=subject[:200],
        body=body,
    )


def _words(draft: Draft, issuer: Organisation) -> tuple[str, str]:
    """Subject and body by the templates of the kind."""
    facts = {
        **(facts_of_case(draft.case) if draft.case else {}),
        **facts_of_kind(draft.kind, draft.level),
        "addressee": draft.addressee.name if draft.addressee else draft.party_name,
        **draft.facts,
        "issuer": issuer.name,
        "issuer_phone": issuer.phone,
    }
    return written(draft.kind.subject_template, facts), written(draft.kind.body_template, facts)


def _facts_of(document: Document) -> dict[str, object]:
    return {
        "kind": document.kind.code,
        "case": document.case_id,
        "trigger": document.trigger,
        "level": document.level,
    }
