"""Reads of police beats: which there are, which grids each covers, who its officer is, what it was before."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from grids.models import (
    Beat,
    BeatGrid,
    Level,
    Organisation,
    OrganisationKind,
    RosterPerson,
    Service,
    ServiceKind,
    Territory,
)
from grids.permissions import may_keep_beats
from grids.queries.places import current, organisations, subtree
from grids.queries.roster import services
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.periods import not_over


@dataclass(frozen=True)
class BeatLine:
    """A beat as it stands today: the grids it covers since when, and its officer where it has one."""

    beat: Beat
    covered: list[BeatGrid] = field(default_factory=list)
    officer: Service | None = None

    @property
    def grids(self) -> list[Territory]:
        return [row.territory for row in self.covered]


def beats_visible_to(user: User) -> QuerySet[Beat]:
    """Beats of stations in one's territory, of one's own station, those that cover an own grid, and one's own."""
    scope = scope_of(user)
    station = scope.territory_filter("station__territory__") | Q(station__in=sorted(scope.organisation_ids))
    covers = BeatGrid.objects.filter(current(), scope.field_filter(), beat=OuterRef("pk"))
    mine = Service.objects.filter(current(), person__user=user, beat=OuterRef("pk"))
    return Beat.objects.filter(station | Exists(covers) | Exists(mine)).select_related("station__territory")


def beat_visible_to(user: User, pk: int) -> Beat:
    """One beat in sight, also one that has ended; NotFound else."""
    row = beats_visible_to(user).filter(pk=pk).first()
    if row is None:
        raise NotFound("没有这个警格，或者不在您的查看范围内。")
    return row


def beats_within(rows: QuerySet[Beat], code: str) -> QuerySet[Beat]:
    """Those of `rows` that cover a place, or anything below it, today."""
    covered = BeatGrid.objects.filter(current(), territory__in=subtree(code), beat=OuterRef("pk"))
    return rows.filter(Exists(covered) | Q(station__territory__in=subtree(code)))


def beats_at(place: Territory) -> list[Beat]:
    """The beats that cover a grid, or any grid of a village, today."""
    rows = BeatGrid.objects.filter(current(), territory__current_code__startswith=place.current_code)
    return list(Beat.objects.filter(current(), pk__in=rows.values("beat")).select_related("station"))


def beat_lines(beats: list[Beat]) -> list[BeatLine]:
    """The beats with their grids and officers of today. Two queries."""
    covered = BeatGrid.objects.filter(current(), beat__in=beats).select_related("territory")
    grids: dict[int, list[BeatGrid]] = {}
    for row in covered.order_by("territory__code"):
        grids.setdefault(row.beat_id, []).append(row)
    held = services().filter(current(), beat__in=beats, kind=ServiceKind.OFFICER)
    officers = {service.beat_id: service for service in held}
    return [BeatLine(beat, grids.get(beat.pk, []), officers.get(beat.pk)) for beat in beats]


def coverage_history(beat: Beat) -> QuerySet[BeatGrid]:
    """Every grid that the beat covers or covered, the latest first."""
    return BeatGrid.objects.filter(beat=beat).select_related("territory").order_by("-starts_on", "territory__code")


def officers_of(beat: Beat) -> QuerySet[Service]:
    """Everybody who serves or served on the beat, the latest first."""
    return services().filter(beat=beat).order_by("-starts_on", "-pk")


def people_of_station(station: Organisation) -> QuerySet[RosterPerson]:
    """People of the rosters who serve or served on a beat of the station: from whom a beat's officer is chosen."""
    served = Service.objects.filter(beat__station=station).values("person")
    return RosterPerson.objects.filter(pk__in=served).order_by("name", "pk")


def stations_kept_by(user: User) -> list[Organisation]:
    """Police stations whose beats the person keeps. One query."""
    near = Q(pk__in=[])
    for post in scope_of(user).posts_with(Capability.KEEP_ROSTERS):
        near |= Q(territory__current_code__startswith=post.organisation.territory.current_code)
    rows = organisations().filter(near, kind=OrganisationKind.POLICE_STATION)
    return list(rows.order_by("territory__code", "name"))


def station_kept_by(user: User, pk: int) -> Organisation:
    """A police station in force whose beats the person keeps; NotFound else."""
    row = organisations().filter(pk=pk).first()
    if row is None or not may_keep_beats(user, row):
        raise NotFound("没有这个派出所，或者不在您维护的范围内。")
    return row


@dataclass(frozen=True)
class GridChoice:
    """A grid that a beat may cover, and the beat that covers it now."""

    place: Territory
    beat: Beat | None


def grids_for(station: Organisation, beat: Beat | None = None) -> list[GridChoice]:
    """Grids of the station's place, and those the beat covers elsewhere, with who covers each. Two queries."""
    day = timezone.localdate()
    near = Q(current_code__startswith=station.territory.current_code)
    if beat is not None:
        near |= Q(pk__in=held_coverage(beat, day).values("territory"))
    places = list(Territory.objects.filter(near, current(), level=Level.GRID).order_by("code"))
    rows = BeatGrid.objects.filter(not_over(day), territory__in=places).select_related("beat__station")
    covered = {row.territory_id: row.beat for row in rows.order_by("-starts_on")}
    return [GridChoice(place, covered.get(place.pk)) for place in places]


def held_coverage(beat: Beat, day: date) -> QuerySet[BeatGrid]:
    """What the beat covers on a day or later."""
    return BeatGrid.objects.filter(not_over(day), beat=beat)
