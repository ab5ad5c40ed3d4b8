"""The sweep: what changed is looked at once, what time brings once a day. Cost grows with the changes of the day.

A matter at which a detector fails is set aside, the others go on (`zhongzhi.set_aside`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from early_warning.actions.following import note_cases
from early_warning.actions.raising import raise_found
from early_warning.detection import OF_CASES, OF_DAYS, OF_HAZARDS, Asked, Found
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
    look_at_cases([cases[row.case_id] for row in rows if row.case_id], rules, now)
    look_at_hazards([hazards[row.hazard_id] for row in rows if row.hazard_id], rules, now)
    DueMatter.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def look_at_cases(cases: Sequence[Case], rules: list[WarningRule], at: datetime) -> None:
    """Ask every rule of all of them together; what was withdrawn or merged is asked no more."""
    asked = [Asked(case, at) for case in cases if _is_asked(case)]
    new = [one for one in asked if isinstance(one.matter, Case) and _is_new(one.matter, at)]
    for rule in rules:
        if rule.kind in OF_CASES:
            _raise_all(rule, OF_CASES[rule.kind], new if rule.kind in OF_NEW_CASES else asked, at)


def look_at_hazards(hazards: Sequence[Hazard], rules: list[WarningRule], at: datetime) -> None:
    """Ask every rule of hazards."""
    asked = [Asked(hazard, at) for hazard in hazards]
    for rule in rules:
        if rule.kind in OF_HAZARDS:
            _raise_all(rule, OF_HAZARDS[rule.kind], asked, at)


def _is_asked(case: Case) -> bool:
    return case.registered_at is not None and case.status not in (State.DRAFT, State.WITHDRAWN, State.MERGED)


def _is_new(case: Case, at: datetime) -> bool:
    return case.registered_at is not None and case.registered_at > at - NEW_FOR


def _raise_all(
    rule: WarningRule, detect: Callable[[WarningRule, Sequence[Asked]], dict[int, Found]], asked: Sequence[Asked],
    at: datetime,
) -> None:  # fmt: skip
    """Raise what is found, each thing once however many of the matters show it."""
    found = detect(rule, asked) if asked else {}
    apart: dict[tuple[str, frozenset[int]], Found] = {}
    for one in found.values():
        apart.setdefault((one.subject, frozenset(sign.matter.pk for sign in one.signs)), one)
    for one in apart.values():
        raise_found(rule, one, at)


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
