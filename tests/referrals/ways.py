"""Ways to bring documents about, by the acts a person would use."""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.db.models import QuerySet
from django.utils import timezone

from intake.actions import resume_case, sign_for_case, suspend_case
from intake.deadlines.actions import mark_due_clocks
from intake.models import Case
from referrals import actions
from referrals.models import Document, DocumentKind, Purpose
from referrals.queries import kind_for
from referrals.tasks import run_escalation
from tests.intake import ways as cases
from tests.people import Ground
from zhongzhi.core.worktime import SHANGHAI


def kind(purpose: Purpose) -> DocumentKind:
    found = kind_for(purpose, on=timezone.localdate())
    assert found is not None
    return found


def dispatched(ground: Ground, *co_handlers: Any, **changes: Any) -> Case:
    """A case handed to the justice bureau with its slip, and to these co-handlers."""
    return actions.dispatch_with_slip(
        cases.accepted(ground, **changes),
        actor=ground.dispatcher,
        organisation=ground.justice_bureau,
        instruction="请实地丈量",
        co_handlers=co_handlers,
    )


def draft(ground: Ground, purpose: Purpose = Purpose.SUPERVISE, case: Case | None = None, **changes: Any) -> Document:
    """A draft by the dispatcher, about a case of the justice bureau."""
    case = case or dispatched(ground)
    handling = case.handlings.get(part="lead", closed_at=None)
    values: dict[str, Any] = {
        "kind": kind(purpose),
        "centre": ground.county_centre,
        "addressee": ground.justice_bureau,
        "case": case,
        "handling": handling,
        "level": "yellow" if purpose == Purpose.SUPERVISE else "",
        "facts": {"missed": "至今未反馈", "matters": ("第一项",), "subject_matter": "办理超期"},
    }
    return actions.draft_document(actions.Draft(**(values | changes)), actor=ground.dispatcher)


def signed(ground: Ground, purpose: Purpose = Purpose.SUPERVISE, **changes: Any) -> Document:
    """Signed by who is entitled, and issued."""
    signer = ground.leader if purpose == Purpose.RECOMMEND else ground.manager
    return actions.sign_document(draft(ground, purpose, **changes), actor=signer)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def on(text: str) -> time_machine.travel:
    """Everything within happens at this moment."""
    return time_machine.travel(at(text), tick=False)


def sweep(moment: str) -> None:
    """What the beats do at a moment, twice over, as two beats would."""
    with on(moment):
        for _ in range(2):
            while mark_due_clocks(at(moment)):
                pass
            run_escalation()


def suspend(ground: Ground, case: Case, since: str, until: str) -> None:
    """Suspend a case and take it up again; the sweep goes on meanwhile."""
    with on(since):
        suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    day = at(since).date()
    while day < at(until).date():  # as the beat would
        sweep(f"{day}T17:31")
        day += timedelta(days=1)
    with on(until):
        resume_case(case, actor=ground.dispatcher)


def overdue_case(ground: Ground) -> Case:
    """Due on Tuesday 4 November at 17:30; the reminder would follow on the 5th, the supervision on the 11th."""
    with on("2025-11-03T10:00"):
        case = dispatched(ground)
        sign_for_case(case, actor=ground.handler)
    sweep("2025-11-04T17:31")
    return case


def letters(case: Case) -> list[tuple[str, str, str]]:
    """Purpose, level and state of what was drafted about a case, but for its slips."""
    return [(d.kind.purpose, d.level, d.status) for d in _letters(case)]


def letter_days(case: Case) -> list[tuple[str, str]]:
    """Purpose and day of what was drafted about a case, but for its slips."""
    return [(d.kind.purpose, f"{d.drafted_at.astimezone(SHANGHAI):%m-%d}") for d in _letters(case)]


def _letters(case: Case) -> QuerySet[Document]:
    return Document.objects.filter(case=case).exclude(kind__purpose=Purpose.DISPATCH).order_by("id")
