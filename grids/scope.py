"""Who may see what: answered here once, used by every query above.

A person's postings and services of today give three things: the territory subtrees that are open to centre and
leader roles, the organisations whose work the person shares, and the own grids of those who work in the field.
What was merged counts where it counts today: places by their current code, organisations with their predecessors.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, wraps
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from grids.models import (
    BeatGrid,
    Organisation,
    OrganisationKind,
    Posting,
    Service,
    ServiceKind,
    Territory,
)
from grids.roles import OPENED_BY_SCOPE, Capability, roles_with
from zhongzhi.accounts.models import ClientSight, User, UserKind
from zhongzhi.accounts.queries import client_behind
from zhongzhi.core.days import today
from zhongzhi.rows.periods import in_force
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given, statement_of

RowsT = TypeVar("RowsT", bound=QuerySet[Any, Any])
AREA_KINDS = (
    ServiceKind.GRID_LEADER,
    ServiceKind.FULL_TIME,
    ServiceKind.PART_TIME,
    ServiceKind.OFFICER,
    ServiceKind.AUXILIARY,
    ServiceKind.SECURITY_DIRECTOR,
    ServiceKind.PARTY_LEADER,
)


@dataclass(frozen=True)
class Scope:
    """What today's postings and services of one person open up."""

    user: User
    postings: tuple[Posting, ...]
    day: date

    @cached_property
    def subtrees(self) -> tuple[str, ...]:
        """Territory codes whose whole subtree is open, the widest only."""
        posts = self.posts_with(Capability.READ_CENTRE_TERRITORY)
        centres = [p for p in posts if p.organisation.kind == OrganisationKind.CENTRE]
        opened = [*centres, *self.posts_with(Capability.READ_TERRITORY)]
        return _widest({p.organisation.territory.current_code for p in opened})

    @cached_property
    def client_sight(self) -> str:
        """Which cases an outside system sees; empty for people, whose posts alone say it."""
        if self.user.kind != UserKind.SERVICE:
            return ""
        client = client_behind(self.user)
        return client.sight if client else ClientSight.OWN

    @cached_property
    def case_subtrees(self) -> tuple[str, ...]:
        """The subtrees whose cases are open: all of them, for outside systems only where that was chosen for them."""
        return self.subtrees if self.client_sight in ("", ClientSight.SUBTREE) else ()

    @cached_property
    def organisation_ids(self) -> frozenset[int]:
        """Organisations whose own work the person shares, those they took over included."""
        if self.client_sight == ClientSight.OWN:
            return frozenset()
        posts = self.posts_with(Capability.READ_OWN_WORK)
        return frozenset(pk for p in posts for pk in with_predecessors(p))

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Current codes of the grids (or villages) that the person works in: grid worker, officer, cadre."""
        if not self.user.is_active:
            return ()
        posted = {p.area.current_code for p in self.postings if p.area}
        served = next((getattr(p, "served_codes", None) for p in self.postings), None)
        return _widest(posted | set(_served_places(self.user, self.day) if served is None else served))

    @cached_property
    def written(self) -> dict[Callable[["Scope"], QuerySet[Any, Any]], RawSQL]:
        """Conditions that were put into SQL for this scope, to be asked again without being written again."""
        return {}

    @cached_property
    def built(self) -> dict[Callable[[User], QuerySet[Any, Any]], QuerySet[Any, Any]]:
        """Rows in sight that were put together for this scope (`once_a_scope`)."""
        return {}

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(p.role for p in self.postings)

    def posts_with(self, *capabilities: Capability) -> list[Posting]:
        """The person's posts whose role has one of these capabilities; of an outside system with the scope for it."""
        opened = capabilities
        if self.postings and self.user.kind == UserKind.SERVICE:
            opened = tuple(c for c in capabilities if self._is_opened(c))
        roles = roles_with(*opened)
        return [p for p in self.postings if p.role in roles]

    def _is_opened(self, capability: Capability) -> bool:
        """Whether an outside system has the scope that a capability asks for."""
        needed, client = OPENED_BY_SCOPE.get(capability), client_behind(self.user)
        return needed is None or (client is not None and needed in client.held_scopes)

    def may(self, *capabilities: Capability) -> bool:
        """Whether the person has one of these capabilities anywhere."""
        return bool(self.posts_with(*capabilities))

    def may_at(self, organisation: Organisation | int | None, *capabilities: Capability) -> bool:
        """Whether the person has one of them at this organisation, or at its successor; never at none."""
        wanted = organisation.pk if isinstance(organisation, Organisation) else organisation
        return any(wanted in with_predecessors(p) for p in self.posts_with(*capabilities))

    def may_at_some_centre(self, *capabilities: Capability) -> bool:
        """Whether the person has one of them at a centre."""
        return any(p.organisation.is_centre for p in self.posts_with(*capabilities))

    def may_over(self, territory: Territory, *capabilities: Capability) -> bool:
        """Whether the person has one of them at an organisation whose place contains this one."""
        code = territory.current_code
        return any(code.startswith(p.organisation.territory.current_code) for p in self.posts_with(*capabilities))

    def covers_cases(self, territory: Territory) -> bool:
        """Whether the cases of a place are open as such."""
        return any(territory.current_code.startswith(code) for code in self.case_subtrees)

    def covers(self, territory: Territory) -> bool:
        return any(territory.current_code.startswith(code) for code in self.subtrees)

    def works_in(self, territory: Territory) -> bool:
        """Whether the place is, or lies in, one of the own grids."""
        return any(territory.current_code.startswith(code) for code in self.areas)

    def territory_filter(self, prefix: str = "territory__") -> Q:
        """The subtrees as a filter; nothing when there is none."""
        return _below(self.subtrees, prefix)

    def case_filter(self, prefix: str = "territory__") -> Q:
        """The subtrees whose cases are open as a filter; nothing when there is none."""
        return _below(self.case_subtrees, prefix)

    def area_filter(self, prefix: str = "territory__") -> Q:
        """The own grids as a filter; nothing when there is none."""
        return _below(self.areas, prefix)

    def field_filter(self, prefix: str = "territory__") -> Q:
        """The subtrees and the own grids as a filter; nothing when there is none."""
        return _below(self.subtrees + self.areas, prefix)


def scope_of(user: User, *, on: date | None = None) -> Scope:
    """Today's scope of a person, read once per object of the user; an inactive person has none."""
    day = on or today()
    held: tuple[date, Scope] | None = getattr(user, "_scope", None)
    if held and held[0] == day:
        return held[1]
    scope = Scope(user=user, postings=tuple(_postings_on(user, day)), day=day)
    user._scope = (day, scope)  # type: ignore[attr-defined]
    return scope


def once_a_scope(rows: Callable[[User], RowsT]) -> Callable[[User], RowsT]:
    """For rows in a person's sight: put together once for a scope, and a copy of them each time. A page asks for a
    dozen lists of the same rows, and to put them together takes longer than to read them."""

    @wraps(rows)
    def kept(user: User) -> RowsT:
        built = scope_of(user).built
        if rows not in built:
            built[rows] = rows(user)
        copy: RowsT = built[rows].all()  # type: ignore[assignment]
        return copy

    return kept


def written_once(scope: Scope, keys: Callable[[Scope], QuerySet[Any, Any]]) -> RawSQL:
    """Keys of rows, written as SQL once for a scope: a page asks them of every list that it shows, and to write them
    costs more than to answer them."""
    if keys not in scope.written:
        sql, values = statement_of(keys(scope).order_by())
        scope.written[keys] = RawSQL(sql, values)  # noqa: S611  written by Django, its values apart
    return scope.written[keys]


def scopes_of(users: Collection[User]) -> list[Scope]:
    """Today's scopes of many people, read for all of them in three queries and kept with each of them."""
    day = timezone.localdate()
    active = [user for user in users if user.is_active]
    posts: dict[int, list[Posting]] = {user.pk: [] for user in users}
    for posting in _postings(day, user__in=active):
        posts[posting.user_id].append(posting)
    served = _places_served_by(active, day)
    found = [Scope(user=user, postings=tuple(posts[user.pk]), day=day) for user in users]
    for scope in found:
        posted = {p.area.current_code for p in scope.postings if p.area}
        scope.__dict__["areas"] = _widest(posted | served.get(scope.user.pk, set()))
        scope.user._scope = (day, scope)  # type: ignore[attr-defined]
    return found


def _places_served_by(users: Collection[User], day: date) -> dict[int, set[str]]:
    """The same as `_served_places`, by person."""
    services = Service.objects.filter(in_force(day), person__user__in=users, kind__in=AREA_KINDS)
    rows = services.values_list("person__user", "territory__current_code", "beat")
    grids: dict[int, set[str]] = {}
    covered = BeatGrid.objects.filter(in_force(day), beat__in=services.values("beat"))
    for beat, code in covered.values_list("beat", "territory__current_code"):
        grids.setdefault(beat, set()).add(code)
    found: dict[int, set[str]] = {}
    for user, code, beat in rows:
        found.setdefault(user, set()).update({code} if code else set(), grids.get(beat, set()))
    return found


def _postings_on(user: User, day: date) -> list[Posting]:
    return _postings_of_one().read(user=user.pk, day=day) if user.is_active else []


@cache
def _postings_of_one() -> RememberedRows[Posting]:
    """The statement that every request begins with."""
    user, day = Given("user", BigIntegerField()), Given("day", DateField())
    return RememberedRows(_postings(day, user=user).annotate(served_codes=ArraySubquery(_served_places(user, day))))


def _postings(day: date | Given, **of: Any) -> QuerySet[Posting]:
    before = Organisation.objects.filter(successor=OuterRef("organisation_id")).values("pk")
    rows = Posting.objects.filter(in_force(day), **of).annotate(predecessor_ids=ArraySubquery(before))
    return rows.select_related("organisation__territory", "area")


def _served_places(user: User | Given, day: date | Given) -> QuerySet[Territory, str]:
    """Current codes of the places that the person's services are for; of a beat, its grids. One query."""
    mine = Service.objects.filter(in_force(day), person__user=user, kind__in=AREA_KINDS)
    covered = BeatGrid.objects.filter(in_force(day), beat__in=mine.values("beat"))
    places = Q(pk__in=mine.values("territory")) | Q(pk__in=covered.values("territory"))
    return Territory.objects.filter(places).values_list("current_code", flat=True)


def with_predecessors(posting: Posting) -> tuple[int, ...]:
    """Keys of the organisation of a post and of those that it took over."""
    return (posting.organisation_id, *getattr(posting, "predecessor_ids", ()))


def _widest(codes: set[str]) -> tuple[str, ...]:
    return tuple(sorted(c for c in codes if not any(c != o and c.startswith(o) for o in codes)))


def _below(codes: tuple[str, ...], prefix: str) -> Q:
    if not codes:
        return Q(pk__in=[])
    condition = Q()
    for code in codes:
        condition |= Q(**{f"{prefix}current_code__startswith": code})
    return condition
