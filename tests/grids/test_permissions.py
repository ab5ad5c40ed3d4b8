"""Who may do what on the ground, written out by hand for the stock people."""

import pytest

from grids import permissions
from grids.actions import post_person, report_hazard
from grids.entries import HazardEntry
from grids.models import Role, RosterPerson, Service, Territory
from tests.days import today
from tests.grids.field import GRID, OTHER_VILLAGE, VILLAGE, an_officer
from tests.people import STARTS, Ground
from tests.who import who
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import UserKind

pytestmark = pytest.mark.django_db

COUNTY, TOWN = {"clerk", "dispatcher", "manager"}, {"town_clerk", "town_dispatcher", "town_manager"}
KEEP_COUNTY, KEEP_TOWN = COUNTY - {"clerk"}, TOWN - {"town_clerk"}
KEEPERS = KEEP_COUNTY | KEEP_TOWN | {"village_manager", "stranger", "system"}


@pytest.fixture
def ground(ground: Ground) -> Ground:
    """With an outside system of the other town, an officer on a beat, a cadre of the village without a post."""
    system = ground.people["system"] = create_user(username="system", name="接口", kind=UserKind.SERVICE)
    post_person(system, ground.lubei_centre, Role.API_CLIENT, starts_on=STARTS)
    ground.people["officer"] = an_officer(ground)
    cadre = ground.people["cadre"] = create_user(username="cadre", name="治保主任")
    person = RosterPerson.objects.create(name="治保主任", user=cadre)
    Service.objects.create(person=person, kind="security_director", territory=ground.places[VILLAGE], starts_on=STARTS)
    return ground


def place(code: str) -> Territory:
    return Territory.objects.get(code=code)


def test_rosters_are_kept_by_managers_dispatchers_and_systems_each_for_their_territory(ground: Ground) -> None:
    assert who(ground, permissions.may_keep_rosters) == KEEPERS
    may = permissions.may_keep_roster_of
    assert who(ground, lambda u: may(u, place(VILLAGE))) == KEEP_COUNTY | KEEP_TOWN | {"village_manager"}
    assert who(ground, lambda u: may(u, place(OTHER_VILLAGE))) == KEEP_COUNTY | KEEP_TOWN
    assert who(ground, lambda u: may(u, place("150526100"))) == KEEP_COUNTY | {"stranger", "system"}


def test_whole_numbers_leave_with_managers_only(ground: Ground) -> None:
    assert who(ground, permissions.may_export_in_clear) == {"manager", "town_manager", "village_manager"}


def test_beats_are_of_police_stations_and_kept_by_who_keeps_the_rosters_of_the_place(ground: Ground) -> None:
    assert who(ground, lambda u: permissions.may_keep_beats(u, ground.juri_police)) == KEEP_COUNTY | KEEP_TOWN
    assert who(ground, lambda u: permissions.may_keep_beats(u, ground.juri_justice)) == set()


def test_persons_of_a_place_are_revealed_to_those_who_keep_its_roster_and_those_who_work_there(ground: Ground) -> None:
    field = {"grid_worker", "officer", "cadre"}
    revealing = KEEP_COUNTY | KEEP_TOWN | {"village_manager"} | field
    assert who(ground, lambda u: permissions.may_reveal_person_at(u, place(GRID))) == revealing


def test_places_are_kept_by_the_county_s_manager_and_the_administrator(ground: Ground) -> None:
    county = {"manager", "system_admin"}
    for code in ("150526", "150526100", GRID):
        assert who(ground, lambda u, c=code: permissions.may_keep_places(u, place(c))) == county, code  # type: ignore[misc]
    assert who(ground, lambda u: permissions.may_keep_places(u, place("1505"))) == set()
    assert who(ground, permissions.keeps_places) == county


def test_a_manager_of_a_department_keeps_no_places(ground: Ground) -> None:
    user = ground.people["bureau"] = create_user(username="bureau", name="局长")
    post_person(user, ground.justice_bureau, Role.MANAGER, starts_on=STARTS)
    assert "bureau" not in who(ground, lambda u: permissions.may_keep_places(u, place("150526")))
    assert "bureau" not in who(ground, lambda u: permissions.may_register_organisation(u, place("150526")))


def test_organisations_are_registered_by_manager_and_administrator_of_a_centre_over_the_place(ground: Ground) -> None:
    may = permissions.may_register_organisation
    assert who(ground, lambda u: may(u, place("150526"))) == {"manager", "system_admin"}
    assert who(ground, lambda u: may(u, place("150526103"))) == {"manager", "system_admin", "town_manager"}


def test_in_the_field_are_those_with_own_grids_and_on_the_ground_those_with_a_territory_too(ground: Ground) -> None:
    field = {"grid_worker", "officer", "cadre"}
    assert who(ground, permissions.is_in_the_field) == field
    territory = COUNTY | TOWN | {"leader", "village_manager", "stranger", "system"}
    assert who(ground, permissions.works_on_the_ground) == territory | field


def test_who_works_there_and_the_windows_above_report_come_and_settle(ground: Ground) -> None:
    reports = COUNTY | TOWN | {"village_manager", "grid_worker", "officer", "cadre"}
    assert who(ground, lambda u: permissions.may_report_from(u, place(GRID))) == reports
    hazard = report_hazard(HazardEntry("两家争吵。", GRID), actor=ground.grid_worker)
    assert who(ground, lambda u: permissions.may_arrive(u, hazard)) == reports
    hazard.reported_by = ground.stranger
    assert who(ground, lambda u: permissions.may_settle(u, hazard)) == reports | {"stranger"}
    assert who(ground, lambda u: permissions.may_arrive(u, hazard)) == reports


def test_visits_are_recorded_by_who_works_there_and_the_keepers_above(ground: Ground) -> None:
    visits = KEEP_COUNTY | KEEP_TOWN | {"village_manager", "grid_worker", "officer", "cadre"}
    assert who(ground, lambda u: permissions.may_visit(u, place(GRID))) == visits


def test_turns_of_duty_are_set_by_manager_and_dispatcher_above_and_by_the_organisation_s_own_people(
    ground: Ground,
) -> None:
    may = permissions.may_set_duty
    above = KEEP_COUNTY | KEEP_TOWN
    assert who(ground, lambda u: may(u, organisation=ground.juri_centre, territory=None)) == above
    station = above | {"officer"}
    assert who(ground, lambda u: may(u, organisation=ground.juri_police, territory=None)) == station
    village = above | {"village_manager"}
    assert who(ground, lambda u: may(u, organisation=None, territory=place(VILLAGE))) == village
    assert who(ground, lambda u: may(u, organisation=ground.juri_police, territory=place(VILLAGE))) == village | station
    assert who(ground, lambda u: may(u, organisation=None, territory=None)) == set()


def test_turns_of_duty_stand_at_villages_and_grids_in_force(ground: Ground) -> None:
    may, village = permissions.may_set_duty_for, KEEP_COUNTY | KEEP_TOWN | {"village_manager"}
    assert who(ground, lambda u: may(u, place(VILLAGE))) == who(ground, lambda u: may(u, place(GRID))) == village
    assert who(ground, lambda u: may(u, place("150526103"))) == set()
    Territory.objects.filter(code=GRID).update(ends_on=today())
    assert who(ground, lambda u: may(u, place(GRID))) == set()


def test_an_account_is_kept_by_who_may_give_every_post_it_holds_and_never_by_its_owner(ground: Ground) -> None:
    may = permissions.may_keep_account
    assert who(ground, lambda u: may(u, ground.clerk)) == {"manager", "system_admin"}
    assert not any(may(person, person) for person in ground.people.values())
    assert who(ground, lambda u: may(u, ground.people["system"])) == set()
    nobody = create_user(username="nobody", name="无岗")
    assert who(ground, lambda u: may(u, nobody)) == {"system_admin"}


def test_posts_that_are_over_count_only_where_there_is_none_left(ground: Ground) -> None:
    person = create_user(username="moved", name="调走的人")
    post_person(person, ground.county_centre, Role.CLERK, starts_on=STARTS)
    person.postings.update(ends_on=today())
    assert who(ground, lambda u: permissions.may_keep_account(u, person)) == {"manager", "system_admin"}
    post_person(person, ground.juri_centre, Role.CLERK, starts_on=today())
    town = who(ground, lambda u: permissions.may_keep_account(u, person))
    assert "town_manager" in town and town >= {"system_admin"}
