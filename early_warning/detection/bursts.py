"""A place or a kind of dispute above its own usual course, read from the roll-ups of the statistics.

Looked at for the village of a case (all kinds) and its town (its own kind), on the day that the case counts. So many
courses are watched at once that chance alone lifts some every week: the limit is one for the county, by their number.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from early_warning.detection.found import Asked, Found, FoundOf, Sign, one_up, since
from early_warning.detection.statistics_of_counts import RECENT, YEAR, limit_among, surprise, usual_course
from early_warning.models import WarningRule
from grids.models import Level, Territory
from grids.queries import current, territories
from intake.counting.queries.tallies import counts_of_places
from intake.lifecycle import State
from intake.models import Case
from intake.queries.categories import category_names, category_table

HISTORY = YEAR + RECENT
MOST = 60
"""Of the cases behind it the latest are evidence."""
FAR_ABOVE = 1.5
"""Times the limit: one level up."""
GAP = 84
"""Days without a case in a whole town: nothing was written down."""
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
        days = [timezone.localdate(at) for _, at in asked] or [timezone.localdate()]
        self.first, self.last = min(days) - timedelta(days=GAP + HISTORY - 1), max(days)
        places = {place for place, _ in asked}
        self.counts = {family: self._read({code for code, one in places if one == family}, family)
                       for family in {family for _, family in places}}  # fmt: skip
        self.of_towns = self._read({code[: Level.TOWN] for code, _ in places}, "") if places else {}
        self.limits = {
            county: limit_among(courses_of(county)) for county in {code[: Level.COUNTY] for code, _ in places}
        }

    def _read(self, codes: set[str], family: str) -> dict[str, list[int]]:
        return counts_of_places(codes, *MEASURED[bool(family)], family, self.first, self.last)

    def found(self, place: Place, at: datetime) -> Found | None:
        """What is to be warned of at a place on a day."""
        day = timezone.localdate(at)
        if (place, day) not in self.judged:
            self.judged[place, day] = self._judge(place, at, day)
        return self.judged[place, day]

    def _judge(self, place: Place, at: datetime, day: date) -> Found | None:
        code, family = place
        end = (day - self.first).days + 1
        start = max(end - HISTORY, begun(self.of_towns[code[: Level.TOWN]][:end]))
        counts = self.counts[family][code][start:end]
        recent, limit = sum(counts[-RECENT:]), self.limits[code[: Level.COUNTY]]
        if recent < self.rule.threshold or (value := surprise(counts)) <= limit:
            return None
        usual = usual_course(counts[:-RECENT]).expected(RECENT)
        level = one_up(self.rule.level) if value > FAR_ABOVE * limit else self.rule.level
        return _found(self.rule, place, at, level, {"recent": recent, "usual": round(usual, 1)})


def begun(of_town: Sequence[int]) -> int:
    """Where the record of a town begins: behind its last gap without any case. What a village had before its town wrote
    anything down is unknown, not nothing."""
    gap = 0
    for back, number in enumerate(reversed(of_town)):
        gap = 0 if number else gap + 1
        if gap == GAP:
            return len(of_town) - back - 1 + GAP
    return gap


def courses_of(county: str) -> int:
    """How many courses are watched in a county: its villages, and each kind of dispute of its towns."""
    below = Territory.objects.filter(current(), code__startswith=county).order_by().values_list("level")
    places: dict[int, int] = dict(below.annotate(number=Count("pk")))
    return places.get(Level.VILLAGE, 0) + places.get(Level.TOWN, 0) * category_table().filter(parent=None).count()


def _found(rule: WarningRule, place_of: Place, at: datetime, level: str, figures: dict[str, object]) -> Found | None:
    code, family = place_of
    signs = [Sign(case, case.registered_at or at) for case in _cases(code, family, rule, at)]
    place = territories().filter(code=code).first()
    if place is None or not signs:
        return None
    figures["what"] = category_names().get(family, "")
    return Found(f"{rule.slug}:{code}:{family}", place, level, tuple(signs), figures)


def _cases(code: str, family: str, rule: WarningRule, at: datetime) -> list[Case]:
    places = list(Territory.objects.filter(current_code__startswith=code).values_list("pk", flat=True))
    rows = Case.objects.filter(territory__in=places, registered_at__gte=since(rule, at), registered_at__lte=at)
    if family:
        rows = rows.filter(category__code__startswith=family)
    rows = rows.exclude(status__in=(State.DRAFT, State.MERGED)).select_related("territory")
    return list(rows.order_by("-pk")[:MOST])
