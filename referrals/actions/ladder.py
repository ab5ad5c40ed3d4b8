"""The supervision ladder, climbed by the sweep: lapses are taken up, rungs are taken, each exactly once.

What was breached is asked of intake; a letter made here is a draft for a signature, unless its kind issues by
itself. Locks: the case first, then the rung, then the document.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.deadlines.actions import take_breaches
from intake.deadlines.models import Clock, ClockKind
from intake.models import Case
from referrals.actions import patterns, rungs
from referrals.actions._transitions import locked
from referrals.actions.climbing import take
from referrals.actions.drafting import write_drafts
from referrals.actions.signing import seal, send_out
from referrals.actions.steps import plan_steps_of_lapses
from referrals.lifecycle import State
from referrals.models import Document, Lapse
from referrals.queries import (
    lock_due_steps,
    lock_due_steps_without_case,
    quarter_of,
    rules_for,
    watched_handlings,
)
from referrals.verbs import Verb
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.audit.chain import chain_of_row

KEPT = (ClockKind.TRIAGE, ClockKind.SIGN, ClockKind.HANDLE, ClockKind.TIER)


@transaction.atomic
def take_up_lapses(*, limit: int = 50) -> int:
    """One batch: every breached limit becomes a lapse of who owed the step, with the rungs that follow; how many."""
    clocks = take_breaches(limit=limit)
    lapses = _take_up([clock for clock in clocks if clock.kind in KEPT])
    plan_steps_of_lapses([lapse for lapse in lapses if lapse.clock.stopped_at is None])
    record_all([_taken_up(lapse) for lapse in lapses])
    patterns.count_for_organisations(lapses)
    return len(clocks)


@transaction.atomic
def take_due_steps(now: datetime, *, limit: int = 50) -> int:
    """One batch: the rungs that are due, of at most `limit` cases that nobody holds; how many were looked at."""
    steps = lock_due_steps(now, limit=limit)
    take(steps, now)
    return len(steps)


@transaction.atomic
def take_due_steps_without_case(now: datetime, *, limit: int = 50) -> int:
    """The same for letters that are about no single case."""
    steps = lock_due_steps_without_case(now, limit=limit)
    take(steps, now)
    return len(steps)


@transaction.atomic
def issue_by_itself(document_id: int) -> bool:
    """Number and issue a draft of the clock whose kind waits for no signature; False when that was done already."""
    found = Document.objects.filter(pk=document_id).first()
    if found is None:
        return False
    document = locked(found)
    if document.status != State.DRAFT or not (document.by_system and document.kind.by_itself):
        return False
    seal(document, None)
    send_out(document, None)
    return True


@transaction.atomic
def supervise_watched(*, limit: int = 50) -> int:
    """Handlings watched for more than their limits (red risk, reopened twice): a supervision is drafted once."""
    taken = 0
    for trigger, rows in watched_handlings().items():
        if rules_for(trigger, on=timezone.localdate()):
            drafts = sorted(rungs.supervisions(rows[:limit], trigger), key=lambda draft: draft.occasion or "")
            made = [document for document in write_drafts(drafts, None) if document is not None]
            rungs.lay_before(*made)
            taken += len(made)
    return taken


def _take_up(clocks: Sequence[Clock]) -> list[Lapse]:
    """The lapses of clocks that were just taken; a clock that had one already gives none."""
    now = timezone.now()
    known = set(Lapse.objects.filter(clock__in=clocks).values_list("clock_id", flat=True))
    return Lapse.objects.bulk_create(
        Lapse(
            clock=clock,
            case_id=clock.case_id,
            handling_id=clock.handling_id,
            organisation_id=clock.organisation_id,
            kind=clock.kind,
            due_at=clock.due_at,
            taken_at=now,
            quarter=quarter_of(timezone.localdate(clock.due_at)),
        )
        for clock in clocks
        if clock.pk not in known
    )


def _taken_up(lapse: Lapse) -> AuditEvent:
    facts = {"lapse": lapse.pk, "clock": lapse.clock_id}
    return AuditEvent(None, Verb.LAPSE_TAKEN, chain_of_row(Case, lapse.case_id), facts)
