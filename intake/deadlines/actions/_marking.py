"""Marking clocks that are near their end or past it: the mark, the line in the trail, and who is told."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.db.models import F

from grids.queries import members_with
from grids.roles import Capability
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock, ClockKind
from intake.models import Case, HandlingPart, Risk
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.paper_dates import paper_moment
from zhongzhi.notices.actions import Announcement, post_all

WRITTEN_AS = {"warned": Verb.CLOCK_WARNED, "breached": Verb.CLOCK_BREACHED}


def warn(clocks: Sequence[Clock], now: datetime) -> None:
    """Mark locked clocks as near their end, and tell those who owe the step."""
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(warned_at=now, next_at=F("due_at"))
    _write(clocks, "warned", now)


def breach(clocks: Sequence[Clock], now: datetime) -> None:
    """Mark locked clocks as breached, and tell those who owe the step and the centre's manager."""
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(breached_at=now, next_at=None)
    for clock in clocks:
        clock.breached_at, clock.next_at = now, None
    note_overdue([clock for clock in clocks if is_limit_of_case(clock)], late=True)
    _write(clocks, "breached", now)


def is_limit_of_case(clock: Clock) -> bool:
    """Whether it is the handling limit of who leads the case."""
    return clock.kind == ClockKind.HANDLE and clock.handling is not None and clock.handling.part == HandlingPart.LEAD


def note_overdue(clocks: Sequence[Clock], *, late: bool) -> None:
    """Whether the locked cases of these clocks are past their handling limit now; figures read it from the case."""
    if clocks:
        Case.objects.filter(pk__in={clock.case_id for clock in clocks}).exclude(is_past_limit=late).update(
            is_past_limit=late
        )


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
    return frozenset(members_with(organisation_id, Capability.HANDLE))


def _managers(organisation_id: int) -> frozenset[User]:
    return frozenset(members_with(organisation_id, Capability.NOTIFIED_OF_BREACHES))


def _announcement(clock: Clock, what: str, people: frozenset[User], opens: datetime) -> Announcement:
    """How it reads; messages of the clock go out in office hours, but for red risk."""
    case = clock.case
    when = paper_moment(clock.due_at)
    ending = f"将于{when}到期" if what == "warned" else f"已于{when}超期"
    return Announcement(
        users=people,
        kind=f"clock_{what}",
        title=f"{case.code} {clock.get_kind_display()}{ending}",
        body=case.title,
        link=f"/cases/{case.code}/",
        key=f"clock:{clock.pk}:{what}:{clock.extended}",
        not_before=None if case.risk == Risk.RED else opens,
    )
