"""Clocks: started, paused, resumed, extended and stopped by the acts on a case; marked by the sweep when due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from grids.models import Organisation
from grids.queries import members_of
from grids.roles import Capability
from intake.bulk_copy import copy_rows
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock, ClockKind, ClockPause, ClockRule, ExtensionRequest
from intake.models import Case, Handling, Risk
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record, record_all
from zhongzhi.core import worktime
from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.worktime import Unit
from zhongzhi.notices.actions import Announcement, post_all
from zhongzhi.set_aside import CLOCKS, Sweep

WRITTEN_AS = {"warned": Verb.CLOCK_WARNED, "breached": Verb.CLOCK_BREACHED}


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
    rule = deadlines_queries.rule_for(case, kind, on=timezone.localdate(now))
    if rule is None:
        return None
    clock = _new_clock(case, kind, rule, organisation, now)
    clock.handling = handling
    clock.save(force_insert=True)
    return clock


def start_clocks(cases: Sequence[Case], kind: ClockKind, *, at: datetime) -> None:
    """Start the same time limit of many new cases at once, each for its centre; due times are computed once a rule."""
    rules: dict[tuple[str, str, str], ClockRule | None] = {}
    first: dict[int, Clock] = {}
    clocks = []
    for case in cases:
        key = (case.complexity, case.tier, case.channel)
        if key not in rules:
            rules[key] = deadlines_queries.rule_for(case, kind, on=timezone.localdate(at))
        if (rule := rules[key]) is None:
            continue
        assert case.centre is not None
        known = first.get(rule.pk) or first.setdefault(rule.pk, _new_clock(case, kind, rule, case.centre, at))
        clocks.append(_like(known, case))
    copy_rows(clocks)


def _new_clock(case: Case, kind: ClockKind, rule: ClockRule, organisation: Organisation, at: datetime) -> Clock:
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
    clock.due_at = due_of(clock, pauses=[])
    clock.next_at = _first_look(clock, rule, at)
    return clock


def _like(clock: Clock, case: Case) -> Clock:
    same = ("kind", "rule", "amount", "unit", "started_at", "due_at", "next_at")
    return Clock(case=case, organisation=case.centre, **{name: getattr(clock, name) for name in same})


def stop_clocks(case: Case, *kinds: ClockKind, handling: Handling | None = None) -> None:
    """Stop the running clocks of these kinds; one that is past due is marked as breached first."""
    now = timezone.now()
    for clock in _running(case, kinds, handling):
        _close_pause(clock, now)
        if clock.paused_at is None and clock.breached_at is None and now > clock.due_at:
            _breach([clock], now)
        clock.stopped_at = now
        clock.paused_at = None
        clock.next_at = None
        clock.save(update_fields=["stopped_at", "paused_at", "next_at", "due_at"])
        lapse(ExtensionRequest.objects.filter(clock=clock), now)


def lapse(requests: QuerySet[Any], now: datetime, *, note: str = "承办已结束，申请自动失效。") -> None:
    """End those of these requests that nobody decided: what they were asked for is over."""
    requests.filter(granted__isnull=True).update(granted=False, decided_at=now, decision_note=note)


def pause_clocks(case: Case, *, reason: str) -> None:
    """Let every running clock of a locked case stand still."""
    now = timezone.now()
    for clock in _running(case, (), None):
        if clock.breached_at is None and now > clock.due_at:
            _breach([clock], now)
        ClockPause.objects.create(clock=clock, paused_at=now, reason=reason[:200])
        clock.paused_at = now
        clock.next_at = None
        clock.save(update_fields=["paused_at", "next_at"])


def resume_clocks(case: Case) -> None:
    """Let the clocks of a locked case run on; each is due later by the time it stood still."""
    now = timezone.now()
    for clock in _running(case, (), None):
        if clock.paused_at is None:
            continue
        _close_pause(clock, now)
        clock.paused_at = None
        clock.next_at = _next_look(clock, now)
        clock.save(update_fields=["paused_at", "due_at", "next_at"])


def extend_clock(clock: Clock) -> Clock:
    """Add one extension of the clock's rule. It was asked for in time, so a breach that came while nobody decided is
    lifted (the trail keeps both).

    Raises RuleViolation when the rule knows no extension, or all of them are used.
    """
    rule = clock.rule
    if not rule.extension_amount or clock.extended >= rule.max_extensions:
        raise RuleViolation("这一时限不能再延长。", field="clock")
    clock.amount += rule.extension_amount
    clock.extended += 1
    clock.due_at = due_of(clock, pauses=_pauses(clock))
    clock.warned_at = clock.breached_at = None
    clock.next_at = None if clock.paused_at else _next_look(clock, timezone.now())
    clock.save(update_fields=["amount", "extended", "due_at", "warned_at", "breached_at", "next_at"])
    return clock


def due_of(clock: Clock, *, pauses: list[tuple[datetime, datetime]]) -> datetime:
    """When a clock is due, from its start, its length and the times it stood still."""
    calendar = deadlines_queries.work_calendar()
    return worktime.due(calendar, clock.started_at, clock.amount, Unit(clock.unit), pauses=pauses)


def mark_due_clocks(now: datetime, *, limit: int = 50) -> int:
    """One batch of the sweep: warn or breach what is due, in one transaction; how many cases were taken.

    Cases that another worker or a person holds are passed over and met again by the next sweep. A clock that
    was marked is not due any more, so a second sweep, worker or beat finds nothing to do. A case at which this fails
    is set aside; the others of its batch go on.
    """

    @transaction.atomic
    def batch(but_not: Sequence[int]) -> int:
        return _mark(deadlines_queries.lock_cases_with_due_clocks(now, limit=limit, but_not=but_not), now)

    @transaction.atomic
    def one(case_id: int) -> int:
        return _mark(deadlines_queries.lock_cases_with_due_clocks(now, limit=limit, only=case_id), now)

    def due(but_not: Sequence[int]) -> list[int]:
        return deadlines_queries.cases_with_due_clocks(now, limit=limit, but_not=but_not)

    return Sweep(CLOCKS, batch, due, one).run(now)


def _mark(cases: Sequence[Case], now: datetime) -> int:
    """Warn or breach what is due of locked cases."""
    rows = Clock.objects.select_for_update(of=("self",)).select_related("case", "organisation", "rule")
    clocks = list(rows.filter(case__in=cases, next_at__lt=now).order_by("pk"))
    _breach([clock for clock in clocks if now > clock.due_at], now)
    _warn([clock for clock in clocks if now <= clock.due_at], now)
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
    running = [c for c in _running(case, (), None) if c.paused_at is None and c.breached_at is None]
    return sum(_recompute(clock, now) for clock in running)


def _recompute(clock: Clock, now: datetime) -> bool:
    due = due_of(clock, pauses=_pauses(clock))
    if due == clock.due_at or due <= now:
        return False
    record(None, Verb.CLOCK_RECOMPUTED, clock.case, clock=clock.pk, old=clock.due_at, new=due)
    clock.due_at = due
    clock.next_at = _next_look(clock, now)
    clock.save(update_fields=["due_at", "next_at"])
    return True


def _warn(clocks: Sequence[Clock], now: datetime) -> None:
    """Mark locked clocks as near their end, and tell those who owe the step."""
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(warned_at=now, next_at=F("due_at"))
    _write(clocks, "warned", now)


def _breach(clocks: Sequence[Clock], now: datetime) -> None:
    """Mark locked clocks as breached, and tell those who owe the step and the centre's manager."""
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(breached_at=now, next_at=None)
    for clock in clocks:
        clock.breached_at, clock.next_at = now, None
    _write(clocks, "breached", now)


def _write(clocks: Sequence[Clock], what: str, now: datetime) -> None:
    """Trail and messages of clocks that were marked; a fixed number of queries but for whom to tell."""
    if not clocks:
        return
    record_all(
        [
            AuditEvent(None, WRITTEN_AS[what], c.case, {"clock": c.pk, "kind": c.kind, "due_at": c.due_at})
            for c in clocks
        ]
    )
    members, managers = cache(_members), cache(_managers)
    opens = deadlines_queries.work_calendar().next_office_moment(now)
    told = []
    for clock in clocks:
        people = members(clock.organisation_id)
        if what == "breached" and clock.case.centre_id:
            people = people | managers(clock.case.centre_id)
        told.append(_announcement(clock, what, people, opens))
    post_all(told)


def _members(organisation_id: int) -> frozenset[User]:
    return frozenset(members_of(organisation_id, Capability.HANDLE))


def _managers(organisation_id: int) -> frozenset[User]:
    return frozenset(members_of(organisation_id, Capability.NOTIFIED_OF_BREACHES))


def _announcement(clock: Clock, what: str, people: frozenset[User], opens: datetime) -> Announcement:
    """How it reads; messages of the clock go out in office hours, but for red risk."""
    case = clock.case
    when = timezone.localtime(clock.due_at).strftime("%m月%d日 %H:%M")
    ending = f"将于 {when} 到期" if what == "warned" else f"已于 {when} 超期"
    return Announcement(
        users=people,
        kind=f"clock_{what}",
        title=f"{case.code} {clock.get_kind_display()}{ending}",
        body=case.title,
        link=f"/cases/{case.code}/",
        key=f"clock:{clock.pk}:{what}:{clock.extended}",
        not_before=None if case.risk == Risk.RED else opens,
    )


def _first_look(clock: Clock, rule: ClockRule, now: datetime) -> datetime:
    if not rule.warn_amount:
        return clock.due_at
    warn_at = deadlines_queries.work_calendar().office_hours_before(clock.due_at, rule.warn_amount)
    return max(warn_at, now) if warn_at < clock.due_at else clock.due_at


def _next_look(clock: Clock, now: datetime) -> datetime | None:
    if clock.breached_at:
        return None
    return clock.due_at if clock.warned_at else _first_look(clock, clock.rule, now)


def _running(case: Case, kinds: Iterable[ClockKind], handling: Handling | None) -> list[Clock]:
    rows = Clock.objects.select_for_update(of=("self",)).filter(case=case, stopped_at=None)
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    if handling is not None:
        rows = rows.filter(handling=handling)
    return list(rows.select_related("case", "rule", "organisation").order_by("pk"))


def _close_pause(clock: Clock, now: datetime) -> None:
    """End the pause. Where the calendar changed meanwhile, a clock that was in time keeps what was left of it."""
    if not ClockPause.objects.filter(clock=clock, resumed_at=None).update(resumed_at=now):
        return
    assert clock.paused_at is not None
    before, clock.due_at = clock.due_at, due_of(clock, pauses=_pauses(clock))
    if clock.breached_at is None and clock.due_at <= now:
        clock.due_at = max(clock.due_at, before + (now - clock.paused_at))


def _pauses(clock: Clock) -> list[tuple[datetime, datetime]]:
    return [(p.paused_at, p.resumed_at) for p in clock.pauses.all() if p.resumed_at is not None]
