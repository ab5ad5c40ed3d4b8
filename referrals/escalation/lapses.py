"""Take up lapses: every time limit that passed counts for the organisation that should have kept it."""

from collections.abc import Sequence

from django.utils import timezone

from intake.deadlines.actions import take_breaches
from intake.deadlines.models import Clock
from intake.deadlines.queries import breaches_not_taken_up
from intake.models import Case
from referrals.escalation.patterns import recommend_for_repeated_lapses
from referrals.escalation.quarters import quarter_of
from referrals.escalation.queries import clocks_with_lapse
from referrals.escalation.rules import TRIGGER_OF_CLOCK
from referrals.escalation.schedule import plan_steps_of_lapses
from referrals.models import Lapse
from referrals.verbs import Verb
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.audit.chain import chain_of_row
from zhongzhi.set_aside import Share, Sweep


def take_up_lapses(*, limit: int = 50) -> int:
    """Take up one batch of time limits that passed and plan the steps that follow; how many were looked at.

    Where the work was done meanwhile, the lapse counts and no step follows. A case at which this fails is set aside.
    """

    def take(share: Share) -> int:
        return _take_up(take_breaches(share, limit=limit))

    return Sweep("lapses", breaches_not_taken_up, take, limit, key="case_id").run(timezone.now())


def _take_up(clocks: Sequence[Clock]) -> int:
    lapses = _write_lapses([clock for clock in clocks if clock.kind in TRIGGER_OF_CLOCK])
    plan_steps_of_lapses([lapse for lapse in lapses if lapse.clock.stopped_at is None])
    record_all([_event(lapse) for lapse in lapses])
    recommend_for_repeated_lapses(lapses)
    return len(clocks)


def _write_lapses(clocks: Sequence[Clock]) -> list[Lapse]:
    """Write the lapses of these clocks; a clock that has one already gets no second."""
    now, known = timezone.now(), clocks_with_lapse(clock.pk for clock in clocks)
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


def _event(lapse: Lapse) -> AuditEvent:
    facts = {"lapse": lapse.pk, "clock": lapse.clock_id}
    return AuditEvent(None, Verb.LAPSE_TAKEN_UP, chain_of_row(Case, lapse.case_id), facts)
