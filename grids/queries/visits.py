"""Reads of visits, plans and outreach; coverage by grid, never by person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from grids.models import Level, OutreachEvent, PlannedVisit, Territory, Visit
from grids.queries.places import current
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound


def visits_visible_to(user: User) -> QuerySet[Visit]:
    """Visits in one's territory and own grids, and one's own."""
    rows = Visit.objects.filter(scope_of(user).field_filter() | Q(visited_by=user))
    return rows.select_related("territory", "visited_by", "hazard")


def plans_visible_to(user: User) -> QuerySet[PlannedVisit]:
    """Planned visits in one's territory and own grids that were not dropped."""
    rows = PlannedVisit.objects.filter(scope_of(user).field_filter(), dropped_at=None)
    return rows.select_related("territory", "visit__visited_by")


def plan_visible_to(user: User, pk: int) -> PlannedVisit:
    """One of them; NotFound else."""
    row = plans_visible_to(user).filter(pk=pk).first()
    if row is None:
        raise NotFound("没有这项走访计划，或已取消。")
    return row


def plan_for(place: Territory, month: date, household: str) -> PlannedVisit | None:
    """The plan that a household stands on in a month; None where it stands on none."""
    rows = PlannedVisit.objects.filter(territory=place, month=month, dropped_at=None)
    return rows.filter(household=household.strip()).first()


def outreach_visible_to(user: User) -> QuerySet[OutreachEvent]:
    """Talks in one's territory; for those in the field, of the own grids and their villages."""
    scope = scope_of(user)
    villages = Q(territory__current_code__in=[code[: Level.VILLAGE] for code in scope.areas])
    return OutreachEvent.objects.filter(scope.field_filter() | villages).select_related("territory", "created_by")


@dataclass(frozen=True)
class Coverage:
    """One place in a month: what was planned, what of it was made, other visits, people that talks reached."""

    code: str
    name: str
    grids: int
    grids_visited: int
    planned: int
    made: int
    visits: int
    reached: int


def coverage_of(user: User, month: date, *, below: str = "") -> list[Coverage]:
    """Coverage in a month by the places right below a code (or the widest in sight), in the order of codes.

    A fixed number of queries. It is a picture of the places, kept apart from who worked there.
    """
    scope = scope_of(user)
    sight = scope.field_filter(prefix="")
    widest = min((scope.subtrees + scope.areas) or ("",), key=len)
    code = below or widest[: Level.VILLAGE]
    length = _next_length(code)
    places = Territory.objects.filter(current(), sight, code__startswith=code)
    counts = _counted(sight, code, month, length)
    return [_line(place, counts) for place in places.filter(level=length).order_by("code")]


def _next_length(code: str) -> int:
    return next((n for n in (9, 12, 15) if n > len(code)), 15)


def _counted(sight: Q, code: str, month: date, length: int) -> dict[str, dict[str, int]]:
    """Each figure by the first digits of today's code."""
    grids = Territory.objects.filter(current(), sight, level=Level.GRID, code__startswith=code)
    places = Territory.objects.filter(sight, current_code__startswith=code)
    end = _following(month)
    visits = Visit.objects.filter(territory__in=places, visited_on__gte=month, visited_on__lt=end)
    plans = PlannedVisit.objects.filter(territory__in=places, month=month, dropped_at=None)
    talks = OutreachEvent.objects.filter(territory__in=places, held_on__gte=month, held_on__lt=end)
    at = "territory__current_code"
    distinct = Count("territory__current_code", distinct=True)
    return {
        "grids": _by_place(grids, "current_code", length, Count("pk")),
        "grids_visited": _by_place(visits, at, length, distinct),
        "planned": _by_place(plans, at, length, Count("pk")),
        "made": _by_place(plans.filter(visit__isnull=False), at, length, Count("pk")),
        "visits": _by_place(visits, at, length, Count("pk")),
        "reached": _by_place(talks, at, length, Sum("reached")),
    }


def _by_place(rows: QuerySet[Any], column: str, length: int, figure: Any) -> dict[str, int]:
    grouped = rows.annotate(below=Substr(F(column), 1, length)).order_by().values_list("below")
    return dict(grouped.annotate(figure=figure).values_list("below", "figure"))


def _line(place: Territory, counts: dict[str, dict[str, int]]) -> Coverage:
    return Coverage(place.code, place.full_name, **{name: by.get(place.code, 0) for name, by in counts.items()})


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def places_to_visit(user: User, here: Territory | None) -> QuerySet[Territory]:
    """Villages and grids for which a person may plan and note: in the own grids, and below the centres one keeps."""
    scope = scope_of(user)
    keeps = scope.may(Capability.PLAN_VISITS)
    sight = scope.field_filter(prefix="") if keeps else scope.area_filter(prefix="")
    rows = Territory.objects.filter(current(), sight, level__gte=Level.VILLAGE)
    if here is not None:
        rows = rows.filter(code__startswith=here.code)
    return rows.order_by("-level", "code")
