"""Documents as their readers see them: with names for both sides and those who handle the case, masked for others."""

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from intake.queries.veiling import hidden_names, masked_text
from referrals.models import Document, DocumentAnswer, DocumentStep
from referrals.permissions import may_read_whole
from zhongzhi.accounts.models import User

TEXTS = ("subject", "body", "party_name")


def documents_as_seen(user: User, documents: Iterable[Document]) -> Sequence[Document]:
    """A page of a list of documents; the names to mask are read for all of them at once."""
    rows = list(documents)
    cases = [row.case for row in rows if row.case is not None]
    prefetch_related_objects(cases, "handlings", "parties")
    return [as_seen(user, row) for row in rows]


def as_seen(user: User, document: Document) -> Document:
    """A document to be shown, not to be saved."""
    document.names_masked = []  # type: ignore[attr-defined]
    if document.case is None or may_read_whole(user, document):
        return document
    hidden = hidden_names(document.case)
    document.names_masked = hidden  # type: ignore[attr-defined]
    for name in TEXTS:
        setattr(document, name, masked_text(getattr(document, name) or "", hidden))
    document.case.title = masked_text(document.case.title, hidden)
    return document


def masked_for(document: Document, text: str) -> str:
    """A text that hangs on a document that was read by `as_seen`."""
    return masked_text(text, getattr(document, "names_masked", ()))


def answers_as_seen(document: Document, answers: Iterable[DocumentAnswer]) -> list[DocumentAnswer]:
    """The answers to it."""
    rows = list(answers)
    for row in rows:
        row.text, row.decision_note = masked_for(document, row.text), masked_for(document, row.decision_note)
    return rows


def steps_as_seen(document: Document, steps: Iterable[DocumentStep]) -> list[DocumentStep]:
    """What happened to it."""
    rows = list(steps)
    for row in rows:
        row.reason = masked_for(document, row.reason)
    return rows
