"""By when a document must be signed for and answered: the one home of these limits.

The time its case rests does not count. When a case goes on, the limits of its documents move; until then they are
later by the time it has rested so far. Those of a dispatch slip are the clocks of its handling.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from intake.deadlines.queries import work_calendar
from intake.models import Case
from intake.queries import open_suspension, rests_of
from referrals.actions._transitions import save_changes
from referrals.models import AnswerKind, Document, Level, Purpose
from referrals.queries import last_refusal_at, lock_waiting_documents
from referrals.verbs import Verb
from zhongzhi.audit.actions import record
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Span, Unit

Limits = dict[str, datetime | None]


def limits_at_issue(document: Document, now: datetime) -> Limits:
    """The limits that start when a document is issued; the limits of a dispatch slip are those of its handling."""
    if document.handling is not None and document.kind.purpose == Purpose.DISPATCH:
        clocks = {clock.kind: clock.due_at for clock in document.handling.clocks.filter(stopped_at=None)}
        return {"receipt_due_at": clocks.get("sign"), "answer_due_at": clocks.get("handle")}
    return {"receipt_due_at": _receipt_due(document, now, ()), "answer_due_at": _answer_due(document, now, ())}


def answer_due(document: Document) -> datetime | None:
    """When the answer to an issued document is due, counted from when its present limit began."""
    return _answer_due(document, _begun(document), _rests(document))


def answer_due_now(document: Document) -> datetime | None:
    """When the answer is due as things stand: while the case rests, later by the time it has rested so far."""
    rest = open_suspension(document.case) if document.case is not None else None
    if rest is None or document.answer_due_at is None:
        return document.answer_due_at
    return _answer_due(document, _begun(document), [*_rests(document), (rest.since, timezone.now())])


def move_limits(case: Case) -> None:
    """A locked case rests no more: what its documents wait for is due later by the time it rested."""
    for document in lock_waiting_documents(case):
        limits: Limits = {"answer_due_at": answer_due(document)}
        if document.received_at is None and document.issued_at is not None:
            limits["receipt_due_at"] = _receipt_due(document, document.issued_at, _rests(document))
        moved = {name: due for name, due in limits.items() if due != getattr(document, name)}
        if moved:
            save_changes(document, **moved)
            record(None, Verb.LIMITS_MOVED, document, **moved)


def _begun(document: Document) -> datetime:
    """From when the present limit of the answer is counted: since the last answer was refused, else since the issue."""
    begun = last_refusal_at(document) or document.issued_at
    assert begun is not None
    return begun


def _rests(document: Document) -> list[Span]:
    """When the case rested that rests no more."""
    return rests_of([document.case_id]).get(document.case_id, []) if document.case_id is not None else []


def _answer_due(document: Document, start: datetime, rests: Sequence[Span]) -> datetime | None:
    """When the answer is due, counted from `start`; a red one has its own limit."""
    kind = document.kind
    amount, unit = kind.answer_amount, kind.answer_unit
    if document.level == Level.RED and kind.red_amount:
        amount, unit = kind.red_amount, kind.red_unit
    amount += kind.extension_amount * document.extended
    wanted = kind.answer in (AnswerKind.REPORT, AnswerKind.ADOPTION)
    return _due(start, amount, unit, rests) if wanted else None


def _receipt_due(document: Document, start: datetime, rests: Sequence[Span]) -> datetime | None:
    return _due(start, document.kind.receipt_amount, document.kind.receipt_unit, rests)


def _due(start: datetime, amount: int, unit: str, rests: Sequence[Span]) -> datetime | None:
    return worktime.due(work_calendar(), start, amount, Unit(unit), pauses=rests) if amount else None
