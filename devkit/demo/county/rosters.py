"""Rosters of the demo county, to the figures of the newspaper page: workers, heads, party groups, beats, officers."""

from collections.abc import Iterable, Iterator
from datetime import date

from devkit.demo.county.names import name_of, phone_of
from devkit.demo.county.territory import COUNTY
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

STARTS, BEFORE = date(2025, 1, 1), date(2023, 1, 1)
PARTY_GROUPS, HEADS, FORMER = 709, 4022, 120
BATCH = 2000
K = ServiceKind


def make_rosters() -> int:
    """Make the rosters where there are none; how many periods of service were made."""
    if Service.objects.filter(person__is_demo=True).exists():
        return 0
    grids = list(_places(Level.GRID))
    villages = list(_places(Level.VILLAGE))
    groups = _make_party_groups(grids)
    beats = _make_beats(villages, grids)
    services = [*_former(grids), *_of_grids(grids, groups), *_heads(grids), *_of_villages(villages, beats)]
    _number(services)
    RosterPerson.objects.bulk_create([service.person for service in services], batch_size=BATCH)
    for service in services:
        service.person_id = service.person.pk
    Service.objects.bulk_create(services, batch_size=BATCH)
    return len(services)


def _places(level: Level) -> Iterable[Territory]:
    return Territory.objects.filter(level=level, code__startswith=COUNTY, is_demo=True).order_by("code")


def _make_party_groups(grids: list[Territory]) -> dict[int, Organisation]:
    """709 grid party groups: in every second grid, and in the first ones that are left; by the grid's key."""
    chosen = grids[::2]
    chosen += grids[1::2][: PARTY_GROUPS - len(chosen)]
    rows = [
        Organisation(
            name=f"{grid.full_name}党小组",
            short_name=f"{grid.name}党小组",
            kind=OrganisationKind.PARTY_GROUP,
            territory=grid,
            is_demo=True,
            starts_on=STARTS,
        )
        for grid in chosen
    ]
    Organisation.objects.bulk_create(rows, batch_size=BATCH)
    return {row.territory_id: row for row in rows}


def _make_beats(villages: list[Territory], grids: list[Territory]) -> dict[str, Beat]:
    """One beat for about six villages of a town, named by number; by the village's code."""
    stations = {
        o.territory.code: o
        for o in Organisation.objects.filter(kind=OrganisationKind.POLICE_STATION).select_related("territory")
    }
    found: dict[str, Beat] = {}
    made: dict[tuple[str, int], Beat] = {}
    for village in villages:
        town = village.code[: Level.TOWN]
        serial = sum(1 for code in found if code.startswith(town)) // 6 + 1
        beat = made.setdefault(
            (town, serial), Beat(name=f"第{serial}警格", station=stations[town], is_demo=True, starts_on=STARTS)
        )
        found[village.code] = beat
    Beat.objects.bulk_create(made.values())
    coverage = [BeatGrid(beat=found[g.code[: Level.VILLAGE]], territory=g, starts_on=STARTS) for g in grids]
    BeatGrid.objects.bulk_create(coverage, batch_size=BATCH)
    return found


def _former(grids: list[Territory]) -> Iterator[Service]:
    """Workers who served before the present ones."""
    for grid in grids[:FORMER]:
        yield _service(K.FULL_TIME, grid, starts_on=BEFORE, ends_on=STARTS, end_reason="任期届满")


def _of_grids(grids: list[Territory], groups: dict[int, Organisation]) -> Iterator[Service]:
    for grid in grids:
        yield _service(K.FULL_TIME, grid)
    for grid in grids:
        if grid.pk in groups:
            yield _service(K.PARTY_LEADER, grid, organisation=groups[grid.pk])


def _heads(grids: list[Territory]) -> Iterator[Service]:
    """4,022 heads: two in every grid, a third in the first ones; buildings in communities, households elsewhere."""
    third = HEADS - 2 * len(grids)
    for at, grid in enumerate(grids):
        in_community = grid.code[9] == "0"
        for n in range(1, 4 if at < third else 3):
            kind = K.BUILDING_HEAD if in_community else K.HOUSEHOLD_HEAD
            first = (n - 1) * 15 + 1
            words = f"{n} 号楼" if in_community else f"第 {first}—{first + 14} 户"
            yield _service(kind, grid, households=12 + (at + n) % 9, households_note=words)


def _of_villages(villages: list[Territory], beats: dict[str, Beat]) -> Iterator[Service]:
    for village in villages:
        yield _service(K.AUXILIARY, village, title="驻村辅警")
        yield _service(K.SECURITY_DIRECTOR, village)
        yield _service(K.DOCTOR, village)
    for beat in dict.fromkeys(beats.values()):
        yield _service(K.OFFICER, None, beat=beat)


def _service(kind: ServiceKind, territory: Territory | None, **values: object) -> Service:
    facts = {"starts_on": STARTS} | values
    return Service(kind=kind, territory=territory, person=RosterPerson(is_demo=True), **facts)


def _number(services: list[Service]) -> None:
    """Names and phones by position; board phones for those who hang on a notice board."""
    for at, service in enumerate(services):
        service.person.name = name_of(at)
        service.person.seal_phone(phone_of(at))
        if service.kind in (K.FULL_TIME, K.OFFICER, K.AUXILIARY, K.PARTY_LEADER):
            service.person.public_phone = phone_of(at)
