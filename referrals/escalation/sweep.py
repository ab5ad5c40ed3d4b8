"""Take the steps that are due, one locked batch at a time: each step exactly once.

A batch drops what is obsolete, puts off what has to wait, takes the rest and records what became of each step. Letters
come before moves: they are written by the centre that answered when the time limit passed. Who loses the case to the
tier above for a lapse is not reminded of that lapse as well.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from intake.deadlines.queries import work_calendar
from intake.lifecycle import INACTIVE_STATES, State
from referrals.drafting import Draft
from referrals.escalation import effects
from referrals.escalation.batch import BatchContext
from referrals.escalation.intervals import Intervals
from referrals.escalation.letters import draft_letters, letter_of
from referrals.escalation.queries import (
    due_steps,
    due_steps_without_case,
    lock_due_steps,
    lock_due_steps_without_case,
)
from referrals.lifecycle import WAITING
from referrals.models import EscalationStep, RuleAction, StepOutcome
from referrals.verbs import Verb
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.set_aside import Share, Sweep

Outcomes = dict[int, StepOutcome]


def take_due_steps(now: datetime, *, limit: int = 50) -> int:
    """Take the steps that are due of at most `limit` cases that nobody else holds; how many were looked at. A case at
    which this fails is set aside."""

    def take(share: Share) -> int:
        return _take(lock_due_steps(now, share, limit=limit), now)

    return Sweep("steps", partial(due_steps, now), take, limit, key="case_id").run(now)


def take_due_steps_without_case(now: datetime, *, limit: int = 50) -> int:
    """Take the steps that are due of letters about no single case; how many were looked at."""

    def take(share: Share) -> int:
        return _take(lock_due_steps_without_case(now, share, limit=limit), now)

    return Sweep("steps-of-letters", partial(due_steps_without_case, now), take, limit).run(now)


def is_obsolete(step: EscalationStep) -> bool:
    """Whether the work was done or the answer came meanwhile, or the case has ended."""
    case = step.case
    if case is not None and case.status in INACTIVE_STATES:
        return True
    if step.lapse is not None:
        return step.clock_stopped_at is not None
    assert step.document is not None
    return step.document.status not in WAITING


def is_suspended(step: EscalationStep) -> bool:
    """Whether the case is suspended: its steps wait as its time limits do."""
    return step.case is not None and step.case.status == State.SUSPENDED


def _take(steps: Sequence[EscalationStep], now: datetime) -> int:
    """Settle a batch of locked steps: what is obsolete, what waits, what is done now; how many."""
    obsolete = {step.pk for step in steps if is_obsolete(step)}
    suspended = [step for step in steps if step.pk not in obsolete and is_suspended(step)]
    running = [step for step in steps if step.pk not in obsolete and not is_suspended(step)]
    intervals = Intervals(running)
    due, early = intervals.split(running, now)
    outcomes = dict.fromkeys(obsolete, StepOutcome.OBSOLETE) | _carry_out(due)
    for step in due:
        if step.drafts_letter and outcomes[step.pk] == StepOutcome.DONE:
            intervals.add_letter(step, now)
    _put_off(suspended, early, intervals, now)
    _record([step for step in steps if step.pk in outcomes], outcomes, now)
    return len(steps)


def _put_off(
    suspended: Sequence[EscalationStep], early: Sequence[EscalationStep], intervals: Intervals, now: datetime
) -> None:
    """Look again at steps that came too early at their earliest moment, which counts the letters drafted just now; at
    those of a suspended case when the office closes on the next working day."""
    closing = work_calendar().add_working_days(now, 1)
    for step in suspended:
        step.due_at = closing
    for step in early:
        step.due_at = intervals.earliest(step)
    EscalationStep.objects.bulk_update([*suspended, *early], ["due_at"])


def _carry_out(due: Sequence[EscalationStep]) -> Outcomes:
    """Do what the rules of these steps say: draft the letters, notify, then move cases up; what became of each."""
    escalating = {step.pk for step in due if effects.escalates(step)}
    spared = _spared_reminders(due, escalating)
    written = _draft([step for step in due if step.pk not in spared])
    red = {step.pk for step in due if step.rule.does == RuleAction.SUPERVISE_RED and step.pk in written}
    effects.notify_leaders_of_unanswered([step for step in due if step.only_notifies_leaders or step.pk in red])
    effects.warn_addressees([step for step in due if step.rule.does == RuleAction.WARN])
    effects.escalate_cases(
        [step for step in due if step.pk in escalating],
        [step for step in due if step.pk in red],
    )
    done = {step.pk: StepOutcome.DONE for step in due if step.pk in escalating or effects.only_notifies(step)}
    nothing_to_do = {step.pk: StepOutcome.OBSOLETE for step in due}
    return nothing_to_do | done | written | dict.fromkeys(spared, StepOutcome.COVERED)


def _spared_reminders(due: Sequence[EscalationStep], escalating: set[int]) -> set[int]:
    """The reminders of lapses for which the case is moved up in this batch."""
    lapses = {step.lapse_id for step in due if step.pk in escalating}
    return {step.pk for step in due if step.rule.does == RuleAction.REMIND and step.lapse_id in lapses}


def _draft(steps: Sequence[EscalationStep]) -> Outcomes:
    """Draft the letters of these steps; a step is covered where another letter about the same matter came first."""
    context = BatchContext(steps)
    pairs: list[tuple[EscalationStep, Draft]] = []
    for step in steps:
        if (letter := letter_of(step, context)) is not None:
            pairs.append((step, letter))
    documents = draft_letters([letter for _, letter in pairs])
    return {
        step.pk: StepOutcome.COVERED if document is None else StepOutcome.DONE
        for (step, _), document in zip(pairs, documents, strict=True)
    }


def _record(steps: Sequence[EscalationStep], outcomes: Mapping[int, StepOutcome], now: datetime) -> None:
    """Mark steps as taken; write those that did something into the trail."""
    for outcome in StepOutcome:
        keys = [pk for pk, found in outcomes.items() if found == outcome]
        if keys:
            EscalationStep.objects.filter(pk__in=keys).update(taken_at=now, outcome=outcome)
    record_all([_event(step, outcomes[step.pk]) for step in steps if outcomes[step.pk] != StepOutcome.OBSOLETE])


def _event(step: EscalationStep, outcome: StepOutcome) -> AuditEvent:
    subject = step.case if step.case is not None else step.document
    assert subject is not None
    facts = {"step": step.pk, "does": step.rule.does, "trigger": step.rule.trigger, "outcome": outcome}
    return AuditEvent(None, Verb.STEP_TAKEN, subject, facts)
