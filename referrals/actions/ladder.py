"""The supervision ladder, climbed by the sweep: lapses are taken up, rungs are taken, each exactly once.

What was breached is asked of intake; a letter made here is a draft for a signature, unless its kind issues by
itself. Locks: the case first, then the rung, then the document.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.actions import take_breaches
from intake.models import Clock, ClockKind
from referrals.actions import patterns, rungs
from referrals.actions._moves import locked
from referrals.actions.drafting import Draft, write_drafts
from referrals.actions.signing import seal, send_out
from referrals.actions.steps import plan_steps_of_lapses, put_off
from referrals.actions.verbs import Verb
from referrals.lifecycle import State
from referrals.models import Document, Does, LadderStep, Lapse, StepOutcome
from referrals.queries import lock_cases_with_due_steps, quarter_of, rules_for, watched_handlings
from zhongzhi.audit.actions import Happening, record_all

RELATED = (
    "rule",
    "case__centre__territory",
    "case__category",
    "case__territory",
    "lapse__clock",
    "lapse__organisation",
    "lapse__handling__organisation",
    "lapse__case",
    "document__kind",
    "document__addressee",
    "document__issuer__territory",
    "document__handling__organisation",
    "document__case",
)
KEPT = (ClockKind.TRIAGE, ClockKind.SIGN, ClockKind.HANDLE, ClockKind.TIER)


@transaction.atomic
def take_up_lapses(*, limit: int = 50) -> int:
    """One batch: every breached limit becomes a lapse of who owed the step, with the rungs that follow; how many."""
    clocks = take_breaches(limit=limit)
    lapses = _take_up([clock for clock in clocks if clock.kind in KEPT])
    plan_steps_of_lapses([lapse for lapse in lapses if lapse.clock.stopped_at is None])
    if lapses:
        facts = [(lapse.case, {"lapse": lapse.pk, "clock": lapse.clock_id}) for lapse in lapses]
        record_all([Happening(None, Verb.LAPSE_TAKEN, case, known) for case, known in facts])
    patterns.count_for_organisations(lapses)
    return len(clocks)


@transaction.atomic
def take_due_steps(now: datetime, *, limit: int = 50) -> int:
    """One batch: the rungs that are due, of cases that nobody holds; how many were looked at."""
    cases = lock_cases_with_due_steps(now, limit=limit)
    rows = LadderStep.objects.select_for_update(of=("self",)).filter(
        case__in=cases, due_at__lt=now, taken_at__isnull=True
    )
    steps = list(rows.select_related(*RELATED).order_by("due_at", "pk"))
    _take(steps, now)
    return len(steps)


@transaction.atomic
def take_due_steps_without_case(now: datetime, *, limit: int = 50) -> int:
    """The same for letters that are about no single case."""
    due = LadderStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=True)
    rows = due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")
    steps = list(rows.select_related(*RELATED)[:limit])
    _take(steps, now)
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


def _take_up(clocks: Sequence[Clock]) -> list[Lapse]:
    """The lapses of clocks that were just taken; a clock that had one already gives none."""
    now = timezone.now()
    known = set(Lapse.objects.filter(clock__in=clocks).values_list("clock_id", flat=True))
    return Lapse.objects.bulk_create(
        Lapse(
            clock=clock,
            case=clock.case,
            handling=clock.handling,
            organisation=clock.organisation,
            kind=clock.kind,
            due_at=clock.due_at,
            taken_at=now,
            quarter=quarter_of(timezone.localdate(clock.due_at)),
        )
        for clock in clocks
        if clock.pk not in known
    )


def _take(steps: Sequence[LadderStep], now: datetime) -> None:
    """Take locked rungs: moot where it was done meanwhile, put off where the clock stands still; letters together."""
    desk, outcomes, letters = rungs.Desk(), dict[int, StepOutcome](), list[tuple[LadderStep, Draft]]()
    for step in steps:
        if rungs.is_moot(step):
            outcomes[step.pk] = StepOutcome.MOOT
        elif rungs.stands_still(step):
            put_off(step, now)
        elif rungs.answers_red(step):
            outcomes[step.pk] = rungs.tell_leader(step)
        elif step.rule.does in rungs.OTHERS:
            outcomes[step.pk] = rungs.OTHERS[step.rule.does](step)
        elif draft := rungs.LETTERS[step.rule.does](step, desk):
            letters.append((step, draft))
        else:
            outcomes[step.pk] = StepOutcome.MOOT
    outcomes |= _write(letters)
    _settle([step for step in steps if step.pk in outcomes], outcomes, now)


def _write(letters: list[tuple[LadderStep, Draft]]) -> dict[int, StepOutcome]:
    """Draft the letters of a batch, in the order of their occasions, and lay them before who signs."""
    letters.sort(key=lambda pair: pair[1].occasion or "")
    documents = write_drafts([draft for _, draft in letters], None)
    rungs.lay_before(*(document for document in documents if document is not None))
    for step, _ in letters:
        if step.rule.does == Does.SUPERVISE_RED:
            rungs.after_red(step)
    return {
        step.pk: StepOutcome.COVERED if document is None else StepOutcome.DONE
        for (step, _), document in zip(letters, documents, strict=True)
    }


def _settle(steps: Sequence[LadderStep], outcomes: dict[int, StepOutcome], now: datetime) -> None:
    """Mark rungs as taken, and write those that did something into the trail."""
    for outcome in StepOutcome:
        keys = [pk for pk, found in outcomes.items() if found == outcome]
        LadderStep.objects.filter(pk__in=keys).update(taken_at=now, outcome=outcome)
    happened = [_happening(step, outcomes[step.pk]) for step in steps if outcomes[step.pk] != StepOutcome.MOOT]
    if happened:
        record_all(happened)


def _happening(step: LadderStep, outcome: StepOutcome) -> Happening:
    subject = step.case if step.case is not None else step.document
    assert subject is not None
    facts = {"step": step.pk, "does": step.rule.does, "trigger": step.rule.trigger, "outcome": outcome}
    return Happening(None, Verb.RUNG_TAKEN, subject, facts)
