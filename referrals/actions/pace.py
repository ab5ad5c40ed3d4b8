"""When a rung of the ladder may be taken: the one home of its pace.

The time a case rested does not count. Of one cause (a lapse, a document that waits for its answer) each letter keeps
its distance, in working days, from the letters drafted before it; so no two of them are ever drafted on one day, not
when a case goes on after a rest and not when the sweep itself had been away.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from intake.deadlines.queries import work_calendar
from intake.queries import rests_of
from referrals.actions.steps import moment_after, starts_of_document
from referrals.models import LadderRule, LadderStep, Trigger
from referrals.queries import letters_before
from zhongzhi.core import worktime
from zhongzhi.core.worktime import Span, Unit

Cause = tuple[str, int | None]


class Pace:
    """What one batch looks up once: when its cases rested, and which letters their causes have had."""

    def __init__(self, steps: Sequence[LadderStep]) -> None:
        """For these rungs."""
        self.calendar = work_calendar()
        self.rests = rests_of({step.case_id for step in steps if step.case_id is not None})
        self.before: dict[Cause, list[tuple[LadderRule, datetime]]] = defaultdict(list)
        for step in letters_before(steps):
            if step.taken_at is not None:
                self.wrote(step, step.taken_at)

    def parted(self, steps: Sequence[LadderStep], now: datetime) -> tuple[list[LadderStep], list[LadderStep]]:
        """Of rungs in their order, those that may be taken now and those that have to wait: the hour of some has not
        come, and of letters of one cause only the first may be written."""
        ready, waiting, causes = [], [], set()
        for step in steps:
            if self.hour_of(step) > now or (step.writes and _cause(step) in causes):
                waiting.append(step)
                continue
            ready.append(step)
            if step.writes:
                causes.add(_cause(step))
        return ready, waiting

    def wrote(self, step: LadderStep, at: datetime) -> None:
        """A letter was drafted; those that follow it keep their distance from it."""
        self.before[_cause(step)].append((step.rule, at))

    def hour_of(self, step: LadderStep) -> datetime:
        """When a rung may be taken: not before the hour it was given, nor the one that rests and letters leave it."""
        rests, hours = self.rests.get(step.case_id or 0, ()), [step.due_at]
        if rests:
            hours.append(moment_after(step.rule, self._start(step), self.calendar, rests))
        if step.writes:
            hours += [self._apart(step, rule, at, rests) for rule, at in self.before[_cause(step)]]
        return max(hours)

    def _apart(self, step: LadderStep, rule: LadderRule, at: datetime, rests: Sequence[Span]) -> datetime:
        """As many working days after a letter as the two rules are apart, one at least."""
        start = self._start(step)
        first, then = (moment_after(one, start, self.calendar).date() for one in (rule, step.rule))
        days = max(self.calendar.working_days_between(first, then), 1)
        return worktime.due(self.calendar, at, days, Unit.WORKING_DAY, pauses=rests)

    def _start(self, step: LadderStep) -> datetime:
        """From when a rung is counted; the limit of an answer has moved with the rests of the case already."""
        if step.lapse is not None:
            return self.calendar.local(step.lapse.due_at)
        assert step.document is not None
        return self.calendar.local(starts_of_document(step.document)[Trigger(step.rule.trigger)])


def _cause(step: LadderStep) -> Cause:
    return ("lapse", step.lapse_id) if step.lapse_id is not None else ("document", step.document_id)
