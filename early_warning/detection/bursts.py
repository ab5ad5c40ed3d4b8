"""A place or a kind of dispute above its own usual course, read from the roll-ups of the statistics.

Looked at for the village of a case (all kinds) and its town (its own kind), on the day that the case counts.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from early_warning.detection.found import Found, Sign, at_least, one_up, since
from early_warning.detection.statistics_of_counts import LIMIT, RECENT, nb_cusum, usual_course
from early_warning.models import WarningRule
from grids.models import Level, Territory
from grids.queries import territories
from intake.counting.queries.tallies import counts_of_days
from intake.lifecycle import State
from intake.models import Case
from intake.queries.categories import category_names

HISTORY = 476
MOST = 60
"""Of the cases behind it the latest are evidence."""
FAR_ABOVE = 2 * LIMIT


def above_usual(case: Case, rule: WarningRule, at: datetime) -> Found | None:
    """The village of the case, else its town for cases of this kind."""
    if case.territory is None or case.registered_at is None or not rule.concerns(case.category_id):
        return None
    code, day = case.territory.current_code, timezone.localdate(at)
    if timezone.localdate(case.registered_at) < day - timedelta(days=rule.window_days):
        return None
    found = None
    if len(code) >= Level.VILLAGE and not rule.prefixes:
        found = _at(code[: Level.VILLAGE], "", rule, at)
    if found is None and len(code) >= Level.TOWN and case.category_id:
        found = _at(code[: Level.TOWN], case.category_id[:2], rule, at)
    return found


def _at(code: str, family: str, rule: WarningRule, at: datetime) -> Found | None:
    day = timezone.localdate(at)
    axis, measure = ("category", "accepted") if family else ("", "registered")
    counts = counts_of_days(code, measure, axis, family, day - timedelta(days=HISTORY - 1), day)
    recent = sum(counts[-RECENT:])
    if recent < rule.threshold or (value := nb_cusum(counts)) <= LIMIT:
        return None
    usual = usual_course(counts)[0] * RECENT
    signs = [Sign(case, case.registered_at or at) for case in _cases(code, family, rule, at)]
    place = territories().filter(code=code).first()
    if place is None or not signs:
        return None
    level = one_up(rule.level) if value > FAR_ABOVE else rule.level
    figures = {"recent": recent, "usual": round(usual, 1), "what": category_names().get(family, "")}
    return Found(f"{rule.slug}:{code}:{family}", place, at_least(rule.level, level), tuple(signs), figures)


def _cases(code: str, family: str, rule: WarningRule, at: datetime) -> list[Case]:
    places = list(Territory.objects.filter(current_code__startswith=code).values_list("pk", flat=True))
    rows = Case.objects.filter(territory__in=places, registered_at__gte=since(rule, at), registered_at__lte=at)
    if family:
        rows = rows.filter(category__code__startswith=family)
    rows = rows.exclude(status__in=(State.DRAFT, State.MERGED)).select_related("territory")
    return list(rows.order_by("-pk")[:MOST])
