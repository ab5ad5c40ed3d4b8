"""Who may do what in a mediation, written out by hand for the stock people: the town's case before the committee."""

from grids.actions import post_person
from grids.models import Role
from intake.models import Case
from mediation import permissions
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import STARTS, Ground
from tests.who import who

TOWN_SORTERS = {"town_dispatcher", "town_manager"}
TOWN = TOWN_SORTERS | {"town_clerk"}


def test_the_sorters_of_the_centre_and_who_has_the_case_in_hand_open_a_mediation(ground: Ground, house: House) -> None:
    case = ways.accepted(ground)
    assert who(ground, lambda u: permissions.may_open(u, case)) == TOWN_SORTERS
    case.complexity = "simple"
    assert who(ground, lambda u: permissions.may_open(u, case)) == TOWN
    mediation = ways.opened(ground, house)
    case = Case.objects.get(pk=mediation.case_id)
    assert who(ground, lambda u: permissions.may_open(u, case)) == TOWN_SORTERS | {"town_mediator"}
    case.handlings.filter(pk=mediation.handling_id).update(closed_at=case.created_at, close_reason="released")
    case = Case.objects.get(pk=case.pk)
    assert who(ground, lambda u: permissions.may_open(u, case)) == TOWN_SORTERS


def test_the_body_and_the_sorters_of_the_centre_lead_it_and_the_window_records_what_was_paid(
    ground: Ground, house: House
) -> None:
    for name, role in (("clerk_there", Role.CLERK), ("handler_there", Role.HANDLER), ("manager_there", Role.MANAGER)):
        ground.people[name] = ways.create_user(username=name, name=name)
        post_person(ground.people[name], ground.committee, role, starts_on=STARTS)
    mediation = ways.opened(ground, house)
    leads = TOWN_SORTERS | {"town_mediator", "handler_there", "manager_there"}
    assert who(ground, lambda u: permissions.may_mediate(u, mediation)) == leads
    assert who(ground, lambda u: permissions.may_record_performance(u, mediation)) == leads | {"town_clerk"}


def test_a_session_is_entered_afterwards_while_mediation_and_case_are_open(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    enters = lambda: who(ground, lambda u: permissions.may_enter_session(u, mediation))  # noqa: E731
    assert enters() == TOWN_SORTERS | {"town_mediator"}
    mediation.case.status = "withdrawn"
    assert enters() == set()
    mediation.case.status, mediation.status = "handling", "failed"
    assert enters() == set()


def test_those_who_handle_the_case_read_its_file(ground: Ground, house: House) -> None:
    case = Case.objects.get(pk=ways.opened(ground, house).case_id)
    assert who(ground, lambda u: permissions.may_read_file(u, case)) == TOWN | {"town_mediator"}


def test_the_hall_s_roster_is_kept_by_the_sorters_and_concerns_the_windows(ground: Ground, house: House) -> None:
    centre = ground.juri_centre.pk
    assert who(ground, lambda u: permissions.may_keep_roster(u, centre)) == TOWN_SORTERS
    halls = TOWN | {"clerk", "dispatcher", "manager", "village_manager", "stranger"}
    assert who(ground, permissions.has_hall) == halls


def test_the_pages_concern_all_who_work_in_or_lead_the_office(ground: Ground, house: House) -> None:
    outside = {"grid_worker", "system_admin", "security_admin", "auditor"}
    assert who(ground, permissions.has_mediation) == set(ground.people) - outside


def test_bodies_are_set_up_by_manager_and_administrator_of_a_centre_over_the_place(
    ground: Ground, house: House
) -> None:
    county = {"manager", "system_admin"}
    town, village = ground.places["150526103"], ground.places["150526103200"]
    assert who(ground, lambda u: permissions.may_set_up_bodies(u, ground.places["150526"])) == county
    assert who(ground, lambda u: permissions.may_set_up_bodies(u, town)) == county | {"town_manager"}
    assert who(ground, lambda u: permissions.may_set_up_bodies(u, village)) == county | {
        "town_manager",
        "village_manager",
    }


def test_a_body_is_kept_by_who_may_set_it_up_and_by_its_own_manager(ground: Ground, house: House) -> None:
    county = {"manager", "system_admin", "town_manager"}
    assert who(ground, lambda u: permissions.may_keep_body(u, house.body)) == county
    head = ground.people["head"] = ways.create_user(username="head", name="主任")
    post_person(head, ground.committee, Role.MANAGER, starts_on=STARTS)
    assert who(ground, lambda u: permissions.may_keep_body(u, house.body)) == county | {"head"}
    everywhere = county | {"village_manager", "head"}
    assert who(ground, permissions.keeps_bodies) == everywhere


def test_team_templates_are_the_county_s(ground: Ground, house: House) -> None:
    assert who(ground, permissions.may_keep_teams) == {"manager", "system_admin"}
    bureau = ground.people["bureau_manager"] = ways.create_user(username="bureau_manager", name="局长")
    post_person(bureau, ground.justice_bureau, Role.MANAGER, starts_on=STARTS)
    assert who(ground, permissions.may_keep_teams) == {"manager", "system_admin"}
