"""Roads that cases were led to, and which of them have no result yet."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from intake.models import Case, RoadTaken
from intake.queries.cases import cases_for_list
from zhongzhi.accounts.models import User


def open_roads() -> QuerySet[RoadTaken]:
    """Roads whose result is waited for."""
    return RoadTaken.objects.filter(ended_on__isnull=True, dropped_at__isnull=True)


def roads_of(case: Case) -> list[RoadTaken]:
    """The roads of a case in the order they were taken, each with what its result said before it was corrected."""
    rows = case.roads.select_related("led_by", "recorded_by")
    return list(rows.prefetch_related("corrections__actor", "corrections__recorded_by"))


def open_roads_of(case: Case) -> list[RoadTaken]:
    """Those of a case whose result is waited for."""
    return list(case.roads.filter(ended_on__isnull=True, dropped_at__isnull=True).order_by("led_at", "pk"))


def ended_roads_of(case: Case) -> list[RoadTaken]:
    """Those of a case whose result is recorded, the latest first."""
    return list(case.roads.filter(ended_on__isnull=False).order_by("-ended_on", "-pk"))


def only_on_open_road(cases: QuerySet[Case], *, yes: bool = True) -> QuerySet[Case]:
    """Cases led to a road whose result is waited for, or those without one."""
    waiting = open_roads().filter(case=OuterRef("pk"))
    return cases.filter(Exists(waiting) if yes else ~Exists(waiting))


def cases_on_open_roads(user: User) -> QuerySet[Case]:
    """Cases in one's sight that wait for the result of a road, who waits longest first; `led_at` is annotated."""
    known = open_roads().select_related("led_by").order_by("led_at", "pk")
    waiting = known.filter(case=OuterRef("pk"))
    rows = cases_for_list(user).filter(Exists(waiting)).annotate(led_at=Subquery(waiting.values("led_at")[:1]))
    return rows.prefetch_related(Prefetch("roads", known, to_attr="open_roads"))
