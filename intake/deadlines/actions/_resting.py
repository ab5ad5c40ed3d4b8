"""Limits that rest and limits that agree: pauses, and which of a case's clocks wait for which."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils import timezone

from intake.deadlines.actions._marking import breach
from intake.deadlines.actions._timing import due_of, next_look, pauses_of, running_clocks_of
from intake.deadlines.models import PROCEDURES, Clock, ClockKind, ClockPause
from intake.lifecycle import State
from intake.models import Case, HandlingPart

HOLDING = (ClockKind.DISPATCH, ClockKind.SIGN, ClockKind.HANDLE)
"""Limits of who has the case in hand, before which the tier's is not due."""
RESTING_STATES = (State.SUSPENDED, State.MERGED)
IN_PROCEDURE = "调解期间"


def settle_limits(case: Case, known: Sequence[Clock] | None = None) -> None:
    """Let the limits of a locked case agree with each other, those `known` where all that run were read and locked;
    nothing while the case itself rests.

    While a procedure with a limit of its own runs (a mediation) and is in time, the limits of the tier and of the lead
    rest, and that of who mediates. The tier's is never due before what its holders still have: who was in time is not
    climbed over.
    """
    if case.status in RESTING_STATES:
        return
    running, now = running_clocks_of(case, (), None) if known is None else known, timezone.now()
    busy = {clock.handling_id for clock in running if clock.kind in PROCEDURES and clock.breached_at is None}
    for clock in running:
        rests = bool(busy) and _waits_for_procedures(clock, busy)
        if rests and clock.paused_at is None:
            pause(clock, now, IN_PROCEDURE)
        elif not rests and clock.paused_at is not None:
            resume(clock, now)
    _hold_tier(running, now)


def _waits_for_procedures(clock: Clock, busy: Collection[int | None]) -> bool:
    if clock.kind == ClockKind.HANDLE and clock.handling is not None:
        return clock.handling.part == HandlingPart.LEAD or clock.handling_id in busy
    return clock.kind == ClockKind.TIER


def _hold_tier(running: Sequence[Clock], now: datetime) -> None:
    """The tier's limit is due with the last of its holders' limits, where those run longer."""
    tier = next((c for c in running if c.kind == ClockKind.TIER and c.is_running and c.breached_at is None), None)
    held = tier_floor(running)
    if tier is None or not held or max(held) <= tier.due_at:
        return
    tier.due_at, tier.warned_at = max(held), None
    tier.next_at = next_look(tier, now)
    tier.save(update_fields=["due_at", "warned_at", "next_at"])


def tier_floor(running: Sequence[Clock]) -> list[datetime]:
    """When the limits are due of who has the case in hand; co-handlers have their own."""
    of_lead = [c for c in running if c.handling is None or c.handling.part == HandlingPart.LEAD]
    return [clock.due_at for clock in of_lead if clock.kind in HOLDING]


def pause(clock: Clock, now: datetime, reason: str) -> None:
    """Let a clock stand still; one that is past due is marked as breached first."""
    if clock.breached_at is None and now > clock.due_at:
        breach([clock], now)
    ClockPause.objects.create(clock=clock, paused_at=now, reason=reason[:200])
    clock.paused_at, clock.next_at = now, None
    clock.save(update_fields=["paused_at", "next_at"])


def resume(clock: Clock, now: datetime) -> None:
    """Let it run on; it is due later by the time it stood still."""
    close_pause(clock, now)
    clock.paused_at = None
    clock.next_at = next_look(clock, now)
    clock.save(update_fields=["paused_at", "due_at", "next_at"])


def close_pause(clock: Clock, now: datetime) -> None:
    """End the pause. Where the calendar changed meanwhile, a clock that was in time keeps what was left of it."""
    if not ClockPause.objects.filter(clock=clock, resumed_at=None).update(resumed_at=now):
        return
    assert clock.paused_at is not None
    before, clock.due_at = clock.due_at, due_of(clock, pauses=pauses_of(clock))
    if clock.breached_at is None and clock.due_at <= now:
        clock.due_at = max(clock.due_at, before + (now - clock.paused_at))
