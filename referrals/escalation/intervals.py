"""The interval between letters: when a step that is due may be taken.

Time during which the case was suspended does not count. Between two letters of one cause (a lapse, or a document that
waits for its answer) lie as many working days as between their rules, one at least, counted from the day on which the
first was drafted. So no two of them are drafted on one day, not after a suspension and not after a pause of the sweep.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from intake.deadlines.queries import work_calendar
from intake.queries import rests_of
from referrals.escalation.queries import letters_of_same_causes
from referrals.escalation.rules import due_by_rule, triggers_of_document
from referrals.models import EscalationRule, EscalationStep, Trigger
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Span, Unit

Cause = tuple[str, int | None]


class Intervals:
    """The suspensions of the cases of one batch and the letters its causes have had, looked up once."""

    def __init__(self, steps: Sequence[EscalationStep]) -> None:
        """Look up what these steps depend on."""
        self._calendar = work_calendar()
        self._suspensions = rests_of({step.case_id for step in steps if step.case_id is not None})
        self._letters: dict[Cause, list[tuple[EscalationRule, datetime]]] = defaultdict(list)
        for step in letters_of_same_causes(steps):
            if step.taken_at is not None:
                self.add_letter(step, step.taken_at)

    def add_letter(self, step: EscalationStep, drafted_at: datetime) -> None:
        """Note that a step drafted its letter: the later letters of its cause count their interval from then."""
        self._letters[_cause(step)].append((step.rule, drafted_at))

    def split(
        self, steps: Sequence[EscalationStep], now: datetime
    ) -> tuple[list[EscalationStep], list[EscalationStep]]:
        """Part steps, in their order, into those that may be taken now and those that have to wait.

        A step waits until its earliest moment, and behind another letter of its cause in the same batch.
        """
        ready, waiting, causes = [], [], set()
        for step in steps:
            if self.earliest(step) > now or (step.drafts_letter and _cause(step) in causes):
                waiting.append(step)
                continue
            ready.append(step)
            if step.drafts_letter:
                causes.add(_cause(step))
        return ready, waiting

    def earliest(self, step: EscalationStep) -> datetime:
        """When a step may be taken: not before it was planned, nor before suspensions and earlier letters allow it."""
        suspensions, moments = self._suspensions_of(step), [step.due_at]
        if suspensions:
            moments.append(due_by_rule(step.rule, self._start(step), self._calendar, suspensions))
        if step.drafts_letter:
            letters = self._letters[_cause(step)]
            moments += [self._after_letter(step, rule, drafted_at, suspensions) for rule, drafted_at in letters]
        return max(moments)

    def _after_letter(
        self, step: EscalationStep, rule: EscalationRule, drafted_at: datetime, suspensions: Sequence[Span]
    ) -> datetime:
        """Count the working days between the two rules, one at least, from the day the letter of `rule` was drafted."""
        start = self._start(step)
        first, then = (due_by_rule(one, start, self._calendar).date() for one in (rule, step.rule))
        days = max(self._calendar.working_days_between(first, then), 1)
        return worktime.due(self._calendar, drafted_at, days, Unit.WORKING_DAY, pauses=suspensions)

    def _suspensions_of(self, step: EscalationStep) -> Sequence[Span]:
        return () if step.case_id is None else self._suspensions.get(step.case_id, ())

    def _start(self, step: EscalationStep) -> datetime:
        """From when a step is counted; the time limit of an answer has been moved by suspensions already."""
        if step.lapse is not None:
            return self._calendar.local(step.lapse.due_at)
        assert step.document is not None
        return self._calendar.local(triggers_of_document(step.document)[Trigger(step.rule.trigger)])


def _cause(step: EscalationStep) -> Cause:
    return ("lapse", step.lapse_id) if step.lapse_id is not None else ("document", step.document_id)
