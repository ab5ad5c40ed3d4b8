"""One batch of rungs, taken together: what is owed no more is moot, what stands still or comes too soon after another
waits, the rest is done.

Letters come before moves: they are written by the centre that answered when the limit passed. Who loses the case to
the tier above for a lapse is not reminded of that lapse any more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from intake.deadlines.queries import work_calendar
from referrals.actions import rungs
from referrals.actions.drafting import Draft, write_drafts
from referrals.actions.pace import Pace
from referrals.models import Does, LadderStep, StepOutcome
from referrals.verbs import Verb
from zhongzhi.audit.actions import AuditEvent, record_all


def take(steps: Sequence[LadderStep], now: datetime) -> None:
    """Take locked rungs, of cases that are locked; each of them once."""
    moot = {step.pk for step in steps if rungs.is_moot(step)}
    waiting = [step for step in steps if step.pk not in moot]
    still = [step for step in waiting if rungs.stands_still(step)]
    going = [step for step in waiting if not rungs.stands_still(step)]
    pace = Pace(going)
    due, early = pace.parted(going, now)
    outcomes = dict.fromkeys(moot, StepOutcome.MOOT)
    outcomes |= _done(due)
    for step in due:
        if step.writes and outcomes[step.pk] == StepOutcome.DONE:
            pace.wrote(step, now)
    for step in early:
        step.due_at = pace.hour_of(step)
    _put_off(still, early, now)
    _settle([step for step in steps if step.pk in outcomes], outcomes, now)


def _put_off(still: Sequence[LadderStep], early: Sequence[LadderStep], now: datetime) -> None:
    """Look again at rungs that came too soon at the hour they know now, which has come where the letter they waited for
    was not written; at those of a suspended case when the office closes on the next working day."""
    closing = work_calendar().add_working_days(now, 1)
    for step in still:
        step.due_at = closing
    LadderStep.objects.bulk_update([*still, *early], ["due_at"])


def _done(due: Sequence[LadderStep]) -> dict[int, StepOutcome]:
    """What became of rungs that nothing holds up: letters first, by who answered for the case when it lapsed."""
    desk = rungs.Desk(due)
    rising = {step.pk for step in due if rungs.rises(step)}
    gone = {step.lapse_id for step in due if step.pk in rising}
    late = {step.pk for step in due if step.rule.does == Does.REMIND and step.lapse_id in gone}
    drafts = [(step, rungs.letter(step, desk)) for step in due if step.pk not in late]
    written = _write([(step, draft) for step, draft in drafts if draft is not None])
    rungs.tell_leaders_of([step for step in due if step.is_for_leaders or _is_red(step, written)])
    rungs.warn([step for step in due if step.rule.does == Does.WARN])
    for step in due:
        if step.pk in rising:
            rungs.escalate(step)
        elif _is_red(step, written):
            rungs.bring_up(step)
    others = {step.pk: StepOutcome.DONE for step in due if step.pk in rising or rungs.is_message(step)}
    covered = dict.fromkeys(late, StepOutcome.COVERED)
    return {step.pk: StepOutcome.MOOT for step in due} | others | written | covered


def _is_red(step: LadderStep, written: Mapping[int, StepOutcome]) -> bool:
    return step.rule.does == Does.SUPERVISE_RED and step.pk in written


def _write(letters: list[tuple[LadderStep, Draft]]) -> dict[int, StepOutcome]:
    """Draft the letters of a batch, in the order of their occasions, and lay them before who signs."""
    letters.sort(key=lambda pair: pair[1].occasion or "")
    documents = write_drafts([draft for _, draft in letters], None)
    rungs.lay_before(*(document for document in documents if document is not None))
    return {
        step.pk: StepOutcome.COVERED if document is None else StepOutcome.DONE
        for (step, _), document in zip(letters, documents, strict=True)
    }


def _settle(steps: Sequence[LadderStep], outcomes: Mapping[int, StepOutcome], now: datetime) -> None:
    """Mark rungs as taken, and write those that did something into the trail."""
    for outcome in StepOutcome:
        keys = [pk for pk, found in outcomes.items() if found == outcome]
        if keys:
            LadderStep.objects.filter(pk__in=keys).update(taken_at=now, outcome=outcome)
    record_all([_happening(step, outcomes[step.pk]) for step in steps if outcomes[step.pk] != StepOutcome.MOOT])


def _happening(step: LadderStep, outcome: StepOutcome) -> AuditEvent:
    subject = step.case if step.case is not None else step.document
    assert subject is not None
    facts = {"step": step.pk, "does": step.rule.does, "trigger": step.rule.trigger, "outcome": outcome}
    return AuditEvent(None, Verb.RUNG_TAKEN, subject, facts)
