"""The sweep: what changed is looked at once, what time brings once a day. Cost grows with the changes of the day.

A matter at which a detector fails is set aside, the others go on (`zhongzhi.set_aside`).
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from early_warning.actions.following import note_cases
from early_warning.actions.raising import raise_found
from early_warning.detection import OF_CASES, OF_DAYS, OF_HAZARDS
from early_warning.models import DayDone, DueMatter, FeedPosition, RuleKind, WarningRule
from early_warning.queries.warning_rules import rules_in_force
from grids.models import Hazard
from intake.lifecycle import State
from intake.models import Case
from intake.queries.changes import cases_changed_since, end_of_feed
from zhongzhi.rows.periods import in_force
from zhongzhi.set_aside import Share, Sweep

NAME = "cases"
NEW_FOR = timedelta(days=7)
OF_NEW_CASES = (RuleKind.SAME_SIDES, RuleKind.MANY_AGAINST_ONE, RuleKind.ABOVE_USUAL)
"""Kinds in which a matter is a sign by having come in; later steps of the case make it none."""


@transaction.atomic
def take_in_changes(limit: int = 2000) -> int:
    """Note the cases that changed since the last time; how many. One sweep at a time reads the feed, others pass over.

    An installation that was upgraded begins with what comes; what is there `raise_warnings` looks at on demand.
    """
    FeedPosition.objects.get_or_create(name=NAME, defaults={"xid": end_of_feed(), "case_id": 2**62})
    place = FeedPosition.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
    changes = cases_changed_since(place.xid, place.case_id, limit=limit) if place else []
    if place is None or not changes:
        return 0
    note_cases([case for _, case in changes])
    place.xid, place.case_id = changes[-1]
    place.save(update_fields=["xid", "case_id"])
    return len(changes)


def look_at_changes(now: datetime, *, limit: int = 100) -> int:
    """Look at a batch of what changed; how many matters were done with."""
    return Sweep("warnings", due_matters, lambda share: _take(share, now, limit), limit).run(now)


def due_matters() -> QuerySet[DueMatter]:
    """What is still to be looked at, the longest noted first."""
    return DueMatter.objects.order_by("pk")


def _take(share: Share, now: datetime, limit: int) -> int:
    rows = list(share.of(due_matters()).select_for_update(skip_locked=True)[:limit])
    rules = rules_in_force(timezone.localdate(now))
    cases = Case.objects.select_related("territory").in_bulk([row.case_id for row in rows if row.case_id])
    hazards = Hazard.objects.select_related("territory").in_bulk([row.hazard_id for row in rows if row.hazard_id])
    for row in rows:
        if row.case_id:
            look_at_case(cases[row.case_id], rules, now)
        else:
            look_at_hazard(hazards[row.hazard_id or 0], rules, now)
    DueMatter.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def look_at_case(case: Case, rules: list[WarningRule], at: datetime) -> None:
    """Ask every rule of cases; what was withdrawn or merged is asked no more."""
    if case.registered_at is None or case.status in (State.DRAFT, State.WITHDRAWN, State.MERGED):
        return
    is_new = case.registered_at > at - NEW_FOR
    for rule in rules:
        detect = OF_CASES.get(rule.kind)
        if detect and (is_new or rule.kind not in OF_NEW_CASES) and (found := detect(case, rule, at)):
            raise_found(rule, found, at)


def look_at_hazard(hazard: Hazard, rules: list[WarningRule], at: datetime) -> None:
    """Ask every rule of hazards."""
    for rule in rules:
        detect = OF_HAZARDS.get(rule.kind)
        if detect and (found := detect(hazard, rule, at)):
            raise_found(rule, found, at)


def look_at_day(now: datetime) -> int:
    """Ask the rules that time alone fulfils, each once a day; how many were asked."""
    day = timezone.localdate(now)
    return Sweep("warning-rules", lambda: _due_rules(day), lambda share: _take_rules(share, day, now), 50).run(now)


def _due_rules(day: date) -> QuerySet[WarningRule]:
    done = DayDone.objects.filter(day=day).values("name")
    return WarningRule.objects.filter(in_force(day), kind__in=list(OF_DAYS)).exclude(slug__in=done).order_by("pk")


def _take_rules(share: Share, day: date, now: datetime) -> int:
    rules = list(share.of(_due_rules(day)).select_for_update(skip_locked=True))
    for rule in rules:
        for found in OF_DAYS[rule.kind](rule, day):
            raise_found(rule, found, now)
        DayDone.objects.create(name=rule.slug, day=day)
    DayDone.objects.filter(day__lt=day - timedelta(days=30)).delete()
    return len(rules)
