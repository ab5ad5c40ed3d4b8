"""The supervision ladder, climbed by the sweep: lapses are taken up, rungs are taken, each exactly once.

What was breached is asked of intake; a letter made here is a draft for a signature, unless its kind issues by
itself. Locks: the case first, then the rung, then the document.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.actions import take_breaches
from intake.models import Clock, ClockKind
from referrals.actions import patterns, rungs
from referrals.actions._moves import locked
from referrals.actions.signing import seal, send_out
from referrals.actions.steps import plan_steps_of_lapse, put_off, settle
from referrals.actions.verbs import Verb
from referrals.lifecycle import State
from referrals.models import Document, Does, LadderStep, Lapse, StepOutcome
from referrals.queries import lock_cases_with_due_steps, quarter_of, rules_for, watched_handlings
from zhongzhi.audit.actions import Happening, record_all

KEPT = (ClockKind.TRIAGE, ClockKind.SIGN, ClockKind.HANDLE, ClockKind.TIER)


@transaction.atomic
def take_up_lapses(*, limit: int = 50) -> int:
    """One batch: every breached limit becomes a lapse of who owed the step, with the rungs that follow; how many."""
    clocks = take_breaches(limit=limit)
    lapses = [lapse for clock in clocks if (lapse := _take_up(clock)) is not None]
    record_all(
        [
            Happening(None, Verb.LAPSE_TAKEN, lapse.case, {"lapse": lapse.pk, "clock": lapse.clock_id})
            for lapse in lapses
        ]
    )
    patterns.count_for_organisations(lapses)
    return len(clocks)


@transaction.atomic
def take_due_steps(now: datetime, *, limit: int = 50) -> int:
    """One batch: the rungs that are due, of cases that nobody holds; how many were looked at."""
    cases = lock_cases_with_due_steps(now, limit=limit)
    rows = LadderStep.objects.select_for_update(of=("self",)).filter(
        case__in=cases, due_at__lt=now, taken_at__isnull=True
    )
    related = ("rule", "lapse__clock", "lapse__organisation", "document__kind", "document__addressee")
    steps = list(rows.select_related(*related).order_by("due_at", "pk"))
    for step in sorted(steps, key=_turn):
        _take(step, now)
    return len(steps)


@transaction.atomic
def take_due_steps_without_case(now: datetime, *, limit: int = 50) -> int:
    """The same for letters that are about no single case."""
    due = LadderStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=True)
    rows = due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")
    steps = list(rows.select_related("rule", "document__kind", "document__addressee")[:limit])
    for step in steps:
        _take(step, now)
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
        rules = rules_for(trigger, on=timezone.localdate())
        for handling in rows[:limit] if rules else []:
            taken += rungs.supervise_handling(handling, trigger)
    return taken


def _turn(step: LadderStep) -> tuple[bool, int, int]:
    """Advice comes last, in the order of the organisations' keys: workers never wait for each other in a ring."""
    advises = step.rule.does == Does.RECOMMEND and step.document is not None
    return (advises, step.document.addressee_id or 0 if advises and step.document else 0, step.pk)


def _take_up(clock: Clock) -> Lapse | None:
    if clock.kind not in KEPT:
        return None
    now = timezone.now()
    lapse, is_new = Lapse.objects.get_or_create(
        clock=clock,
        defaults={
            "case": clock.case,
            "handling": clock.handling,
            "organisation": clock.organisation,
            "kind": clock.kind,
            "due_at": clock.due_at,
            "taken_at": now,
            "quarter": quarter_of(timezone.localdate(clock.due_at)),
        },
    )
    if not is_new:
        return None
    if clock.stopped_at is None:
        plan_steps_of_lapse(lapse)
    return lapse


def _take(step: LadderStep, now: datetime) -> None:
    """Take one locked rung: moot where it was done meanwhile, put off where the clock stands still."""
    if rungs.is_moot(step):
        settle(step, StepOutcome.MOOT, now)
        return
    if rungs.stands_still(step):
        put_off(step, now)
        return
    outcome = rungs.TAKE[step.rule.does](step)
    settle(step, outcome, now)
    subject = step.case if step.case is not None else step.document
    assert subject is not None
    facts = {"step": step.pk, "does": step.rule.does, "trigger": step.rule.trigger, "outcome": outcome}
    record_all([Happening(None, Verb.RUNG_TAKEN, subject, facts)])
