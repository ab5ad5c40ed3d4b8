"""Reads of the rosters: who serves a place, who did before, whom to tell, the iron triangle of a village."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from grids.models import (
    HEADS,
    BeatGrid,
    Handover,
    Level,
    Organisation,
    OrganisationKind,
    RosterPerson,
    Service,
    ServiceKind,
    Territory,
    service_pk,
)
from grids.queries.members import members_of
from grids.queries.places import current, organisations, subtree
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.core.pinyin import name_initials
from zhongzhi.rows.periods import in_force, not_over
from zhongzhi.web.finding import holds, keys_by_initials, letters_of

K = ServiceKind
RESPONDERS = (K.OFFICER, K.AUXILIARY, K.SECURITY_DIRECTOR, K.GRID_LEADER, K.FULL_TIME, K.PARTY_LEADER)
NOT_FOUND = "名册中没有这一条，或者不在您的查看范围内。"


def services() -> QuerySet[Service]:
    """Every period of service, past ones too, with person and place."""
    return Service.objects.select_related("person__user", "territory", "beat__station", "organisation")


def open_services(on: date | None = None) -> QuerySet[Service]:
    """Periods that are not over on a day (today by default), those to come included."""
    return services().filter(not_over(on or timezone.localdate()))


def services_visible_to(user: User) -> QuerySet[Service]:
    """The rosters of one's territory and own grids; of a beat, when it covers one of them. And one's own rows."""
    scope = scope_of(user)
    covered = BeatGrid.objects.filter(scope.field_filter(), beat=OuterRef("beat"))
    station = scope.territory_filter("beat__station__territory__")
    at_beat = Q(beat__isnull=False) & (Exists(covered) | station)
    return services().filter(scope.field_filter() | at_beat | Q(person__user=user))


def services_in_clear_for(user: User) -> QuerySet[Service]:
    """Those whose numbers a person may take out: of the places whose centre the person manages, and its beats."""
    codes = [p.organisation.territory.current_code for p in scope_of(user).posts_with(Capability.EXPORT_IN_CLEAR)]
    near = Q(pk__in=[])
    for code in codes:
        near |= Q(territory__current_code__startswith=code)
        near |= Q(beat__station__territory__current_code__startswith=code)
    return services().filter(near)


def service_visible_to(user: User, key: str) -> Service:
    """One row by its number; NotFound when it is not in sight or not there."""
    pk = service_pk(key)
    row = services_visible_to(user).filter(pk=pk).first() if pk else None
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def person_visible_to(user: User, uid: UUID) -> RosterPerson:
    """A person with at least one row in sight; NotFound else."""
    mine = services_visible_to(user).filter(person__uid=uid).values("person_id")
    row = RosterPerson.objects.filter(pk__in=mine).select_related("user").first()
    if row is None:
        raise NotFound("名册中没有这个人，或者不在您的查看范围内。")
    return row


def services_within(rows: QuerySet[Service], code: str) -> QuerySet[Service]:
    """Those of `rows` at a place and below; a beat counts where its grids lie."""
    places = subtree(code)
    covered = BeatGrid.objects.filter(territory__in=places, beat=OuterRef("beat"))
    return rows.filter(Q(territory__in=places) | Exists(covered))


def services_named(rows: QuerySet[Service], text: str) -> QuerySet[Service]:
    """Those of `rows` whose number, person's name or place's name holds the text."""
    pk = service_pk(text)
    found = holds(text, "person__name", "territory__full_name")
    if letters_of(text):
        people = keys_by_initials(rows, text, "person__name", read=name_initials)
        found |= Q(pk__in=[*people, *keys_by_initials(rows, text, "territory__full_name")])
    return rows.filter(found | Q(pk=pk) if pk and text.upper().startswith("FW") else found)


def services_at(place: Territory, *, on: date | None = None) -> list[Service]:
    """Who serves a grid or village on a day: its own people, the officer of its beat; the village's for a grid."""
    day = on or timezone.localdate()
    above = place.current_code[: Level.VILLAGE]
    beats = BeatGrid.objects.filter(in_force(day), territory__current_code__startswith=place.current_code)
    own = (
        Q(territory__current_code=place.current_code)
        | Q(territory__current_code=above)
        | Q(beat__in=beats.values("beat"))
    )
    rows = services().filter(own, in_force(day))
    return sorted(rows, key=lambda s: (ORDER.index(ServiceKind(s.kind)), s.person.name, s.pk))


ORDER = (
    K.GRID_LEADER,
    K.FULL_TIME,
    K.PART_TIME,
    K.PARTY_LEADER,
    K.OFFICER,
    K.AUXILIARY,
    K.SECURITY_DIRECTOR,
    K.BUILDING_HEAD,
    K.UNIT_HEAD,
    K.HOUSEHOLD_HEAD,
    K.DOCTOR,
    K.VOLUNTEER,
)


def history_at(place: Territory) -> QuerySet[Service]:
    """Everybody who ever served here, those of places merged into it too; the latest first."""
    rows = services().filter(Q(territory=place) | Q(territory__current_code=place.current_code))
    return rows.order_by("-starts_on", "-pk")


def history_of(person: RosterPerson) -> QuerySet[Service]:
    """Every period of service of a person, the latest first."""
    return services().filter(person=person).order_by("-starts_on", "-pk")


def full_time_worker(place: Territory) -> Service | None:
    """The full-time worker of a grid today."""
    return services().filter(current(), territory=place, kind=K.FULL_TIME).first()


def handovers_at(place: Territory) -> QuerySet[Handover]:
    """The grid's handovers, the latest first."""
    return Handover.objects.filter(territory=place).select_related("outgoing__person", "incoming__person")


def people_to_call(place: Territory) -> list[User]:
    """Who must know at once: accounts of a grid's officer, cadres and workers, and of its village centre's managers."""
    served = [s.person.user for s in services_at(place) if s.kind in RESPONDERS and s.person.user]
    village = Q(territory__current_code=place.current_code[: Level.VILLAGE])
    centres = organisations().filter(village, kind=OrganisationKind.CENTRE)
    managers = [user for centre in centres for user in members_of(centre, Capability.NOTIFIED_OF_HAZARDS)]
    return sorted({u.pk: u for u in [*served, *managers] if u.is_active}.values(), key=lambda u: u.pk)


@dataclass(frozen=True)
class GridLine:
    """One grid of a village: its worker, officer, group and heads."""

    place: Territory
    worker: Service | None = None
    leader: Service | None = None
    officer: Service | None = None
    party_group: Organisation | None = None
    heads: int = 0
    households: int = 0


@dataclass(frozen=True)
class Triangle:
    """铁三角 of a village: grid party groups, full-time grid workers, heads of buildings, units and households."""

    village: Territory
    grids: list[GridLine]
    party_groups: list[Organisation]
    cadres: list[Service] = field(default_factory=list)

    @property
    def workers(self) -> int:
        return sum(1 for line in self.grids if line.worker)

    @property
    def heads(self) -> int:
        return sum(line.heads for line in self.grids)

    @property
    def households(self) -> int:
        return sum(line.households for line in self.grids)


def triangle_of(village: Territory) -> Triangle:
    """The triangle of a village as it stands today. A fixed number of queries."""
    code = village.current_code
    grids = list(Territory.objects.filter(current(), level=Level.GRID, code__startswith=code).order_by("code"))
    rows = list(services().filter(current(), territory__current_code__startswith=code))
    groups = list(organisations().filter(kind=OrganisationKind.PARTY_GROUP, territory__current_code__startswith=code))
    officers = _officers(code)
    lines = [_line(place, rows, groups, officers) for place in grids]
    cadres = [s for s in rows if s.territory_id == village.pk and s.kind not in HEADS]
    return Triangle(village, lines, groups, sorted(cadres, key=lambda s: ORDER.index(ServiceKind(s.kind))))


def _officers(code: str) -> dict[int, Service]:
    """The officer of each grid below a code, by the grid's key."""
    day = timezone.localdate()
    coverage = BeatGrid.objects.filter(current(), territory__current_code__startswith=code)
    pairs = list(coverage.values_list("beat_id", "territory_id"))
    held = services().filter(in_force(day), kind=K.OFFICER, beat__in={beat for beat, _ in pairs})
    by_beat = {service.beat_id: service for service in held}
    return {grid: by_beat[beat] for beat, grid in pairs if beat in by_beat}


def _line(place: Territory, rows: list[Service], groups: list[Organisation], officers: dict[int, Service]) -> GridLine:
    mine = [s for s in rows if s.territory_id == place.pk]
    heads = [s for s in mine if s.kind in HEADS]
    return GridLine(
        place=place,
        worker=next((s for s in mine if s.kind == K.FULL_TIME), None),
        leader=next((s for s in mine if s.kind == K.GRID_LEADER), None),
        officer=officers.get(place.pk),
        party_group=next((g for g in groups if g.territory_id == place.pk), None),
        heads=len(heads),
        households=sum(s.households or 0 for s in heads),
    )


def field_places(user: User) -> list[Territory]:
    """The grids that a person may report from at a touch: the own ones; for a village's cadre, those of the village."""
    scope = scope_of(user)
    near = Q(pk__in=[])
    for code in scope.areas + tuple(c for c in scope.subtrees if len(c) >= Level.VILLAGE):
        near |= Q(code__startswith=code)
    return list(Territory.objects.filter(near, current(), level__gte=Level.VILLAGE).order_by("-level", "code")[:200])


@dataclass(frozen=True)
class GridPeople:
    """One of my grids and who serves there."""

    place: Territory
    services: list[Service]

    @property
    def households(self) -> int:
        return sum(s.households or 0 for s in self.services)


def people_in_the_field(user: User) -> list[GridPeople]:
    """Of each own grid who serves there; of a cadre's village its own people too. Two queries."""
    places = field_places(user)
    rows = list(services().filter(current(), territory__in=places))
    rows.sort(key=lambda s: (ORDER.index(ServiceKind(s.kind)), s.households_note, s.pk))
    return [GridPeople(place, [s for s in rows if s.territory_id == place.pk]) for place in places]
