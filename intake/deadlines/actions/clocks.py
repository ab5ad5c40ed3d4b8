"""Clocks: started, paused, resumed, extended and stopped by the acts on a case; marked by the sweep when due."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from grids.models import Organisation
from intake.bulk_copy import copy_alike
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.actions._marking import breach, is_limit_of_case, note_overdue, warn
from intake.deadlines.actions._resting import close_pause, pause, resume, settle_limits, tier_floor
from intake.deadlines.actions._timing import due_of, first_look, next_look, pauses_of, running_clocks_of
from intake.deadlines.models import PROCEDURES, Clock, ClockKind, ClockRule, ExtensionRequest
from intake.insert_together import Changed, insert_together
from intake.models import Case, Handling
from intake.verbs import Verb
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.worktime import WorkCalendar
from zhongzhi.set_aside import Share, Sweep

ENDED = ("stopped_at", "paused_at", "next_at")


def start_clock(
    case: Case,
    kind: ClockKind,
    *,
    organisation: Organisation,
    handling: Handling | None = None,
    at: datetime | None = None,
) -> Clock | None:
    """Start a time limit of a locked case, by the rule in force today; none where no rule sets one.

    The clock keeps its rule: a later change of the table does not touch it.
    """
    now = at or timezone.now()
    return next(iter(exchange_clocks(case, start=[NewLimit(kind, organisation, handling)], at=now)), None)


def first_clock(case: Case, *, organisation: Organisation, at: datetime) -> list[Clock]:
    """The limit for sorting that begins with a new case, not yet written; none where no rule sets one. It has no others
    to agree with."""
    return _new_clocks(case, [NewLimit(ClockKind.TRIAGE, organisation)], at)


class NewLimit(NamedTuple):
    """A time limit that begins: whose it is, and of which piece of work."""

    kind: ClockKind
    organisation: Organisation
    handling: Handling | None = None


def exchange_clocks(
    case: Case,
    *,
    stop: Collection[ClockKind] = (),
    start: Sequence[NewLimit],
    at: datetime,
    beside: Sequence[Model] = (),
    changed: Sequence[str] = (),
) -> list[Clock]:
    """Stop the running limits of some kinds of a locked case and start others, by the rules in force, and let all of
    them agree; those that have a rule. New rows of one other model, and columns of the case that the act has set, are
    written with them. The statements are the same for any number."""
    running = running_clocks_of(case, (), None)
    gone = [clock for clock in running if clock.kind in stop]
    _end(gone)
    new = _new_clocks(case, start, at)
    insert_together(beside, new, changed=[Changed(gone, ENDED), Changed([case] if changed else [], changed)])
    note_overdue([clock for clock in new if is_limit_of_case(clock)], late=False)
    settle_limits(case, [*(clock for clock in running if clock not in gone), *new])
    return new


def _new_clocks(case: Case, limits: Sequence[NewLimit], at: datetime) -> list[Clock]:
    """What starts by the rules in force, not yet written."""
    rules = deadlines_queries.rules_for(case, [limit.kind for limit in limits], on=timezone.localdate(at))
    version = next((rule.calendar_version for rule in rules.values()), None)  # type: ignore[attr-defined]
    calendar, new = deadlines_queries.work_calendar(version) if rules else None, []
    for limit in limits:
        if rule := rules.get(limit.kind):
            clock = _new_clock(case, limit.kind, rule, limit.organisation, at, calendar)
            clock.handling = limit.handling
            new.append(clock)
    return new


def start_clocks(cases: Sequence[Case], kind: ClockKind, *, at: datetime) -> None:
    """Start the same time limit of many new cases at once, each for its centre; due times are computed once a rule."""
    rules: dict[tuple[str, str, str], ClockRule | None] = {}
    first: dict[int, Clock] = {}
    alike: dict[int, list[dict[str, Any]]] = {}
    for case in cases:
        key = (case.complexity, case.tier, case.channel)
        if key not in rules:
            rules[key] = deadlines_queries.rule_for(case, kind, on=timezone.localdate(at))
        if (rule := rules[key]) is None:
            continue
        assert case.centre is not None
        if rule.pk not in first:
            first[rule.pk] = _new_clock(case, kind, rule, case.centre, at)
        alike.setdefault(rule.pk, []).append({"case_id": case.pk, "organisation_id": case.centre_id})
    for pk, clock in first.items():
        copy_alike(clock, alike[pk])


def _new_clock(
    case: Case,
    kind: ClockKind,
    rule: ClockRule,
    organisation: Organisation,
    at: datetime,
    calendar: WorkCalendar | None = None,
) -> Clock:
    """A clock that starts at `at` by this rule, not yet written."""
    clock = Clock(
        case=case,
        organisation=organisation,
        kind=kind,
        rule=rule,
        amount=rule.amount,
        unit=rule.unit,
        started_at=at,
    )
    clock.due_at = due_of(clock, pauses=[], calendar=calendar)
    clock.next_at = first_look(clock, rule, at, calendar)
    return clock


def stop_clocks(case: Case, *kinds: ClockKind, handling: Handling | None = None) -> None:
    """Stop the running clocks of these kinds; one that is past due is marked as breached first."""
    running = running_clocks_of(case, (), None)
    of_work = [clock for clock in running if handling is None or clock.handling_id == handling.pk]
    gone = [clock for clock in of_work if not kinds or clock.kind in kinds]
    _end(gone)
    insert_together(changed=[Changed(gone, ENDED)])
    settle_limits(case, [clock for clock in running if clock not in gone])


def _end(clocks: Sequence[Clock]) -> None:
    """Let locked clocks have stopped (`ENDED`, not yet written); what was asked for of those that can be extended is
    over with them."""
    now = timezone.now()
    for clock in clocks:
        if clock.paused_at is not None:
            close_pause(clock, now)
            clock.save(update_fields=["due_at"])
        elif clock.breached_at is None and now > clock.due_at:
            breach([clock], now)
        clock.stopped_at, clock.paused_at, clock.next_at = now, None, None
    if extended := [clock.pk for clock in clocks if clock.kind == ClockKind.HANDLE]:
        lapse(ExtensionRequest.objects.filter(clock__in=extended), now)


def lapse(requests: QuerySet[Any], now: datetime, *, note: str = "承办已结束，申请自动失效。") -> None:
    """End those of these requests that nobody decided: what they were asked for is over."""
    requests.filter(granted__isnull=True).update(granted=False, decided_at=now, decision_note=note)


def pause_clocks(case: Case, *, reason: str) -> None:
    """Let every running clock of a locked case stand still."""
    now = timezone.now()
    for clock in running_clocks_of(case, (), None):
        if clock.paused_at is None:
            pause(clock, now, reason)


def resume_clocks(case: Case) -> None:
    """Let the clocks of a locked case run on; each is due later by the time it stood still."""
    now = timezone.now()
    for clock in running_clocks_of(case, (), None):
        if clock.paused_at is not None:
            resume(clock, now)
    settle_limits(case)


def extend_clock(clock: Clock) -> Clock:
    """Add one extension of the clock's rule. It was asked for in time, so a breach that came while nobody decided is
    lifted (the trail keeps both).

    Raises RuleViolation when the rule knows no extension, or all of them are used.
    """
    rule = clock.rule
    if not may_be_extended(clock):
        raise RuleViolation("这一时限不能再延长。", field="clock")
    clock.amount += rule.extension_amount
    clock.extended += 1
    clock.due_at = due_of(clock, pauses=pauses_of(clock))
    clock.warned_at = clock.breached_at = None
    clock.next_at = None if clock.paused_at else next_look(clock, timezone.now())
    clock.save(update_fields=["amount", "extended", "due_at", "warned_at", "breached_at", "next_at"])
    if is_limit_of_case(clock):
        note_overdue([clock], late=False)
    settle_limits(clock.case)
    return clock


def take_nearer_limit(case: Case, other: Clock) -> None:
    """Let a limit of a locked case end when that of another case does, where that is earlier: it goes on from there."""
    rows = Clock.objects.select_for_update(of=("self",)).filter(case=case, kind=other.kind, handling=None)
    clock = rows.filter(stopped_at=None, paused_at=None, due_at__gt=other.due_at).select_related("rule").first()
    if clock is None:
        return
    for name in ("started_at", "amount", "unit", "due_at"):
        setattr(clock, name, getattr(other, name))
    clock.next_at = next_look(clock, timezone.now())
    clock.save(update_fields=["started_at", "amount", "unit", "due_at", "next_at"])
    record(None, Verb.CLOCK_RECOMPUTED, case, clock=clock.pk, new=clock.due_at, of=other.case_id)


def may_be_extended(clock: Clock) -> bool:
    """Whether the clock's rule knows an extension that is not used up."""
    return bool(clock.rule.extension_amount) and clock.extended < clock.rule.max_extensions


def mark_due_clocks(now: datetime, *, limit: int = 50) -> int:
    """One batch of the sweep: warn or breach what is due, in one transaction; how many cases were taken.

    Cases that another worker or a person holds are passed over and met again by the next sweep. A clock that
    was marked is not due any more, so a second sweep, worker or beat finds nothing to do. A case at which this fails
    is set aside; the others of its batch go on.
    """

    def take(share: Share) -> int:
        return _mark(deadlines_queries.lock_cases_with_due_clocks(now, share, limit=limit), now)

    due = partial(deadlines_queries.due_clocks, now)
    return Sweep("clocks", due, take, limit, key="case_id").run(now)


def _mark(cases: Sequence[Case], now: datetime) -> int:
    """Warn or breach what is due of locked cases."""
    rows = Clock.objects.select_for_update(of=("self",)).select_related("case", "organisation", "rule", "handling")
    clocks = list(rows.filter(case__in=cases, next_at__lt=now).order_by("pk"))
    late = [clock for clock in clocks if now > clock.due_at]
    breach(late, now)
    for case in {clock.case_id: clock.case for clock in late if clock.kind in PROCEDURES}.values():
        settle_limits(case)
    warn([clock for clock in clocks if now <= clock.due_at], now)
    return len(cases)


def recompute_running_clocks() -> int:
    """Compute the due times of running clocks again after a change of the calendar; how many moved.

    A clock that was in time is never turned into a breach: where the new due time has already passed, the old
    one stays. Each move is recorded on its case. A transaction for each case, so that nobody waits long.
    """
    running = Clock.objects.filter(stopped_at=None, breached_at=None, paused_at=None)
    case_ids = running.order_by("case_id").values_list("case_id", flat=True).distinct()
    return sum(_recompute_case(case_id) for case_id in list(case_ids))


@transaction.atomic
def _recompute_case(case_id: int) -> int:
    case, now = Case.objects.select_for_update(of=("self",)).get(pk=case_id), timezone.now()
    running = [c for c in running_clocks_of(case, (), None) if c.paused_at is None and c.breached_at is None]
    running.sort(key=lambda clock: clock.kind == ClockKind.TIER)  # it follows the others
    return sum(_recompute(clock, now, running) for clock in running)


def _recompute(clock: Clock, now: datetime, running: Sequence[Clock]) -> bool:
    due = due_of(clock, pauses=pauses_of(clock))
    if clock.kind == ClockKind.TIER:
        due = max([due, *tier_floor(running)])
    if due == clock.due_at or due <= now:
        return False
    record(None, Verb.CLOCK_RECOMPUTED, clock.case, clock=clock.pk, old=clock.due_at, new=due)
    clock.due_at = due
    clock.next_at = next_look(clock, now)
    clock.save(update_fields=["due_at", "next_at"])
    return True
