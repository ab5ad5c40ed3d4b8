"""The overview of places: what lies right below one, with who serves there and what is open."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Substr

from grids.lifecycle import UNSETTLED
from grids.models import (
    HEADS,
    Hazard,
    Level,
    Organisation,
    OrganisationKind,
    Service,
    ServiceKind,
    Territory,
)
from grids.queries.places import current, search_places, territory_of
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound


@dataclass(frozen=True)
class PlaceLine:
    """One place of the overview with its figures of today."""

    place: Territory
    grids: int
    workers: int
    groups: int
    heads: int
    open_hazards: int

    @property
    def missing(self) -> int:
        """Grids without a full-time worker."""
        return max(0, self.grids - self.workers)


def place_visible_to(user: User, code: str) -> Territory:
    """A place in the person's territory or own grids (also a retired one that was there); NotFound else."""
    place, scope = territory_of(code), scope_of(user)
    if not (scope.covers(place) or scope.works_in(place)):
        raise NotFound("没有这个区划，或者不在您的查看范围内。")
    return place


def places_in_sight(user: User, text: str) -> list[Territory]:
    """Places of a search box that lie in a person's territory or own grids."""
    return list(search_places(text, within=scope_of(user).field_filter(prefix="")))


def top_of(user: User) -> str:
    """The widest code in a person's sight, a village at the narrowest; empty for none."""
    scope = scope_of(user)
    widest = min((scope.subtrees + scope.areas) or ("",), key=len)
    return widest[: Level.VILLAGE]


@dataclass(frozen=True)
class Overview:
    """A place in figures, and what lies right below it in the order of codes."""

    figures: dict[str, int]
    lines: list[PlaceLine]


def overview(user: User, code: str) -> Overview:
    """A place as a person sees it, all of it counted once. A fixed number of queries."""
    sight = scope_of(user).field_filter(prefix="")
    length = next((n for n in (9, 12, 15) if n > len(code)), 15)
    below = Territory.objects.filter(current(), sight, code__startswith=code)
    counts = _counts(below, Territory.objects.filter(sight, current_code__startswith=code), length)
    rows = below.filter(level=length).order_by("code")
    lines = [PlaceLine(row, **{name: by.get(row.code, 0) for name, by in counts.items()}) for row in rows]
    households = Service.objects.filter(current(), territory__in=below).aggregate(n=Sum("households"))["n"] or 0
    return Overview({name: sum(by.values()) for name, by in counts.items()} | {"households": households}, lines)


def _counts(below: QuerySet[Territory], ever: QuerySet[Territory], length: int) -> dict[str, dict[str, int]]:
    """Figures by the first digits of today's code; `ever` holds the retired places too, where hazards were found."""
    serving = Service.objects.filter(current(), territory__in=below)
    groups = Organisation.objects.filter(current(), kind=OrganisationKind.PARTY_GROUP, territory__in=below)
    at = "territory__current_code"
    return {
        "grids": _grouped(below.filter(level=Level.GRID), "current_code", length),
        "workers": _grouped(serving.filter(kind=ServiceKind.FULL_TIME), at, length),
        "groups": _grouped(groups, at, length),
        "heads": _grouped(serving.filter(kind__in=HEADS), at, length),
        "open_hazards": _grouped(Hazard.objects.filter(territory__in=ever, status__in=UNSETTLED), at, length),
    }


def _grouped(rows: QuerySet[Any], column: str, length: int) -> dict[str, int]:
    grouped = rows.annotate(below=Substr(F(column), 1, length)).order_by().values_list("below")
    return dict(grouped.annotate(number=Count("*")).values_list("below", "number"))


ON_THE_BOARD = (
    ServiceKind.GRID_LEADER,
    ServiceKind.FULL_TIME,
    ServiceKind.PARTY_LEADER,
    ServiceKind.OFFICER,
    ServiceKind.AUXILIARY,
    ServiceKind.SECURITY_DIRECTOR,
    *HEADS,
)


def path_to(place: Territory, top: str) -> list[Territory]:
    """The places from the widest in sight down to this one."""
    codes = [place.code[:n] for n in (6, 9, 12, 15) if len(top) <= n <= len(place.code)]
    return list(Territory.objects.filter(code__in=codes).order_by("level"))


def party_groups_at(place: Territory) -> list[Organisation]:
    """Grid party groups of a place."""
    rows = Organisation.objects.filter(current(), kind=OrganisationKind.PARTY_GROUP)
    return list(rows.filter(territory__current_code=place.current_code))
