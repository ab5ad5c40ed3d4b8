"""A place or a kind of dispute above its own usual course, read from the roll-ups of the statistics.

Looked at for the village of a case (all kinds) and its town (its own kind), on the day that the case counts.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from early_warning.detection.found import Asked, Found, FoundOf, Sign, at_least, one_up, since
from early_warning.detection.statistics_of_counts import LIMIT, RECENT, nb_cusum, usual_course
from early_warning.models import WarningRule
from grids.models import Level, Territory
from grids.queries import territories
from intake.counting.queries.tallies import counts_of_places
from intake.lifecycle import State
from intake.models import Case
from intake.queries.categories import category_names

HISTORY = 476
MOST = 60
"""Of the cases behind it the latest are evidence."""
FAR_ABOVE = 2 * LIMIT
MEASURED = (("registered", ""), ("accepted", "category"))
"""What is counted of all kinds, and of one kind: measure and axis."""


Place = tuple[str, str]
"""Code, and two digits of a category; without them all kinds."""


def above_usual(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """Of each case its village, else its town for cases of its kind."""
    wanted = {one.matter.pk: places for one in asked if (places := _places(rule, one))}
    course = _Course(rule, [(place, one.at) for one in asked for place in wanted.get(one.matter.pk, ())])
    found: FoundOf = {}
    for one in asked:
        above = (course.found(place, one.at) for place in wanted.get(one.matter.pk, ()))
        if first := next(filter(None, above), None):
            found[one.matter.pk] = first
    return found


def _places(rule: WarningRule, one: Asked) -> list[Place]:
    case = one.matter
    if not isinstance(case, Case) or case.territory is None or case.registered_at is None:
        return []
    oldest = timezone.localdate(one.at) - timedelta(days=rule.window_days)
    if not rule.concerns(case.category_id) or timezone.localdate(case.registered_at) < oldest:
        return []
    code = case.territory.current_code
    village = [(code[: Level.VILLAGE], "")] if len(code) >= Level.VILLAGE and not rule.prefixes else []
    return village + (
        [(code[: Level.TOWN], case.category_id[:2])] if len(code) >= Level.TOWN and case.category_id else []
    )


class _Course:
    """The counts of many places, read once; each place is judged once a day."""

    def __init__(self, rule: WarningRule, asked: Sequence[tuple[Place, datetime]]) -> None:
        self.rule, self.judged = rule, dict[tuple[Place, date], Found | None]()
        days = [timezone.localdate(at) for _, at in asked]
        self.first = min(days) - timedelta(days=HISTORY - 1) if days else date.max
        self.counts = {
            (*MEASURED[bool(family)], family): counts_of_places(
                {code for (code, one), _ in asked if one == family},
                *MEASURED[bool(family)],
                family,
                self.first,
                max(days),
            )
            for family in {family for (_, family), _ in asked}
        }

    def found(self, place: Place, at: datetime) -> Found | None:
        """What is to be warned of at a place on a day."""
        day = timezone.localdate(at)
        if (place, day) not in self.judged:
            self.judged[place, day] = self._judge(place, at, day)
        return self.judged[place, day]

    def _judge(self, place: Place, at: datetime, day: date) -> Found | None:
        code, family = place
        end = (day - self.first).days + 1
        counts = self.counts[*MEASURED[bool(family)], family][code][end - HISTORY : end]
        recent = sum(counts[-RECENT:])
        if recent < self.rule.threshold or (value := nb_cusum(counts)) <= LIMIT:
            return None
        return _found(
            self.rule, place, at, value, {"recent": recent, "usual": round(usual_course(counts)[0] * RECENT, 1)}
        )


def _found(rule: WarningRule, at_place: Place, at: datetime, value: float, figures: dict[str, object]) -> Found | None:
    code, family = at_place
    signs = [Sign(case, case.registered_at or at) for case in _cases(code, family, rule, at)]
    place = territories().filter(code=code).first()
    if place is None or not signs:
        return None
    level = one_up(rule.level) if value > FAR_ABOVE else rule.level
    figures["what"] = category_names().get(family, "")
    return Found(f"{rule.slug}:{code}:{family}", place, at_least(rule.level, level), tuple(signs), figures)


def _cases(code: str, family: str, rule: WarningRule, at: datetime) -> list[Case]:
    places = list(Territory.objects.filter(current_code__startswith=code).values_list("pk", flat=True))
    rows = Case.objects.filter(territory__in=places, registered_at__gte=since(rule, at), registered_at__lte=at)
    if family:
        rows = rows.filter(category__code__startswith=family)
    rows = rows.exclude(status__in=(State.DRAFT, State.MERGED)).select_related("territory")
    return list(rows.order_by("-pk")[:MOST])
