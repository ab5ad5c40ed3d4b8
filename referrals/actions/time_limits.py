"""By when a document must be signed for and answered: the one home of these time limits.

Time during which the case is suspended does not count. When the case goes on, the limits of its documents are set
anew; until then they are later by the time it has been suspended so far. A dispatch slip has those of its handling.
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
    """The time limits that start when a document is issued; those of a dispatch slip are the limits of its handling."""
    if document.handling is not None and document.kind.purpose == Purpose.DISPATCH:
        clocks = {clock.kind: clock.due_at for clock in document.handling.clocks.filter(stopped_at=None)}
        return {"receipt_due_at": clocks.get("sign"), "answer_due_at": clocks.get("handle")}
    return {"receipt_due_at": _receipt_due(document, now, ()), "answer_due_at": _answer_due(document, now, ())}


def answer_due(document: Document) -> datetime | None:
    """When the answer to an issued document is due: from the start of its present limit, without suspensions."""
    return _answer_due(document, _start(document), _suspensions(document))


def answer_due_now(document: Document) -> datetime | None:
    """When the answer is due at this moment: of a suspended case, later by the time it has been suspended so far."""
    running = open_suspension(document.case) if document.case is not None else None
    if running is None or document.answer_due_at is None:
        return document.answer_due_at
    return _answer_due(document, _start(document), [*_suspensions(document), (running.since, timezone.now())])


def move_limits(case: Case) -> None:
    """Set the limits of the documents of a locked case anew after its suspension; each change is recorded."""
    for document in lock_waiting_documents(case):
        limits: Limits = {"answer_due_at": answer_due(document)}
        if document.received_at is None and document.issued_at is not None:
            limits["receipt_due_at"] = _receipt_due(document, document.issued_at, _suspensions(document))
        moved = {name: due for name, due in limits.items() if due != getattr(document, name)}
        if moved:
            save_changes(document, **moved)
            record(None, Verb.LIMITS_MOVED, document, **moved)


def _start(document: Document) -> datetime:
    """The start of the present limit of the answer: the last refusal of an answer, else the issue."""
    start = last_refusal_at(document) or document.issued_at
    assert start is not None
    return start


def _suspensions(document: Document) -> list[Span]:
    """When the case was suspended; a suspension that still runs is not among them."""
    return rests_of([document.case_id]).get(document.case_id, []) if document.case_id is not None else []


def _answer_due(document: Document, start: datetime, suspensions: Sequence[Span]) -> datetime | None:
    """When the answer is due, counted from `start`; a red one has its own limit."""
    kind = document.kind
    amount, unit = kind.answer_amount, kind.answer_unit
    if document.level == Level.RED and kind.red_amount:
        amount, unit = kind.red_amount, kind.red_unit
    amount += kind.extension_amount * document.extended
    wanted = kind.answer in (AnswerKind.REPORT, AnswerKind.ADOPTION)
    return _due(start, amount, unit, suspensions) if wanted else None


def _receipt_due(document: Document, start: datetime, suspensions: Sequence[Span]) -> datetime | None:
    return _due(start, document.kind.receipt_amount, document.kind.receipt_unit, suspensions)


def _due(start: datetime, amount: int, unit: str, suspensions: Sequence[Span]) -> datetime | None:
    return worktime.due(work_calendar(), start, amount, Unit(unit), pauses=suspensions) if amount else None
