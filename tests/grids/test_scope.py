"""Who may see what follows from today's postings and services: subtrees, organisations, own grids."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from grids.actions import end_posting, merge_villages, post_person
from grids.models import (
    Organisation,
    OrganisationKind,
    Posting,
    Role,
    RosterPerson,
    Service,
    ServiceKind,
    Territory,
)
from grids.roles import Capability as C
from grids.scope import Scope, scope_of, scopes_of
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, OTHER_VILLAGE, VILLAGE, an_officer
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.rows.periods import in_force, not_over

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
COUNTY, TOWN, OTHER_TOWN = "150526", "150526103", "150526100"


def scope(user: User, on: date | None = None) -> Scope:
    """The scope as the next request sees it: of the person read again."""
    return scope_of(User.objects.get(pk=user.pk), on=on)


def newcomer(username: str = "newcomer", kind: UserKind = UserKind.PERSON) -> User:
    return create_user(username=username, name="新人", kind=kind)


def places(ground: Ground, condition: Q) -> set[str]:
    """The codes a filter of territories lets through."""
    return set(Territory.objects.filter(condition).values_list("code", flat=True))


# --- what each role opens -------------------------------------------------------------------------


def test_a_role_opens_a_subtree_or_the_work_of_its_organisation(ground: Ground) -> None:
    opened: dict[str, tuple[tuple[str, ...], set[str]]] = {
        "clerk": ((COUNTY,), {"county_centre"}),
        "dispatcher": ((COUNTY,), {"county_centre"}),
        "manager": ((COUNTY,), {"county_centre"}),
        "leader": ((COUNTY,), set()),
        "handler": ((), {"justice_bureau"}),
        "mediator": ((), {"branded_room"}),
        "town_clerk": ((TOWN,), {"juri_centre"}),
        "town_manager": ((TOWN,), {"juri_centre"}),
        "village_manager": ((VILLAGE,), {"village_centre"}),
        "grid_worker": ((), set()),
        "stranger": ((OTHER_TOWN,), {"lubei_centre"}),
        "system_admin": ((), set()),
        "security_admin": ((), set()),
        "auditor": ((), set()),
    }
    for person, (subtrees, names) in opened.items():
        found = scope(ground.people[person])
        assert found.subtrees == subtrees, person
        assert found.organisation_ids == {ground.organisations[name].pk for name in names}, person


@pytest.mark.parametrize("role", [Role.CLERK, Role.DISPATCHER, Role.MANAGER])
def test_a_window_role_outside_a_centre_opens_no_subtree(role: Role, ground: Ground) -> None:
    user = newcomer()
    post_person(user, ground.juri_police, role, starts_on=STARTS)
    assert scope(user).subtrees == ()
    assert scope(user).organisation_ids == {ground.juri_police.pk}


@pytest.mark.parametrize("role", [Role.LEADER, Role.API_CLIENT])
def test_leaders_and_systems_read_the_place_of_their_organisation_and_share_no_work(role: Role, ground: Ground) -> None:
    user = newcomer(kind=UserKind.SERVICE if role == Role.API_CLIENT else UserKind.PERSON)
    post_person(user, ground.juri_police, role, starts_on=STARTS)
    assert scope(user).subtrees == (TOWN,)
    assert scope(user).organisation_ids == frozenset()


def test_of_several_subtrees_the_widest_count(ground: Ground) -> None:
    user = newcomer()
    for centre in (ground.juri_centre, ground.village_centre, ground.lubei_centre):
        post_person(user, centre, Role.MANAGER, starts_on=STARTS)
    assert scope(user).subtrees == (OTHER_TOWN, TOWN)


# --- days -----------------------------------------------------------------------------------------


def test_a_posting_counts_from_its_first_day_and_not_on_the_day_it_ends(ground: Ground) -> None:
    user = newcomer()
    post_person(user, ground.juri_centre, Role.CLERK, starts_on=today(), ends_on=today() + 2 * DAY)
    open_on = [scope(user, on=today() + days * DAY).subtrees != () for days in (-1, 0, 1, 2)]
    assert open_on == [False, True, True, False]


def test_rows_in_force_have_started_and_not_ended_and_rows_not_over_may_still_start() -> None:
    periods = {
        "past": (today() - 2 * DAY, today()),
        "present": (today(), today() + DAY),
        "open": (today(), None),
        "future": (today() + DAY, None),
    }
    for name, (starts_on, ends_on) in periods.items():
        RosterPerson.objects.create(name=name)
        person = RosterPerson.objects.get(name=name)
        village = Territory.objects.create(
            code={"past": "91", "present": "92", "open": "93", "future": "94"}[name],
            name=name,
            full_name=name,
            starts_on=STARTS,
        )
        Service.objects.create(person=person, kind="doctor", territory=village, starts_on=starts_on, ends_on=ends_on)
    named = Service.objects.values_list("person__name", flat=True)
    assert set(named.filter(in_force(today()))) == {"present", "open"}
    assert set(named.filter(not_over(today()))) == {"present", "open", "future"}
    people = RosterPerson.objects.filter(in_force(today(), "services__"))
    assert set(people.values_list("name", flat=True)) == {"present", "open"}


def test_a_scope_is_read_once_a_day_and_person(ground: Ground) -> None:
    user = ground.manager
    first = scope_of(user)
    end_posting(Posting.objects.get(user=user), ends_on=today())
    assert scope_of(user) is first
    assert scope_of(user, on=today() + DAY).subtrees == ()
    assert scope_of(user).subtrees == ()


def test_the_scopes_of_many_are_those_of_each_and_kept_with_them(ground: Ground) -> None:
    people = list(
        User.objects.filter(pk__in=[ground.manager.pk, ground.grid_worker.pk, ground.stranger.pk]).order_by("pk")
    )
    many = scopes_of(people)
    assert [found.user for found in many] == people
    assert [scope_of(user) for user in people] == many
    for user, found in zip(people, many, strict=True):
        alone = scope(User.objects.get(pk=user.pk))
        assert (found.subtrees, found.areas, found.postings) == (alone.subtrees, alone.areas, alone.postings)


def test_who_is_not_active_opens_nothing(ground: Ground) -> None:
    officer = an_officer(ground)
    for user in (ground.manager, ground.grid_worker, officer):
        User.objects.filter(pk=user.pk).update(is_active=False)
        found = scope(user)
        assert (found.postings, found.subtrees, found.organisation_ids, found.areas) == ((), (), frozenset(), ())


# --- roles ----------------------------------------------------------------------------------------


def test_a_capability_is_had_anywhere_at_an_organisation_or_over_a_place(ground: Ground) -> None:
    found = scope(ground.town_manager)
    assert found.roles == {Role.MANAGER}
    assert found.may(C.TAKE_CHARGE, C.SIGN_AS_MANAGER) and not found.may(C.TAKE_CHARGE)
    assert found.may_at(ground.juri_centre, C.SIGN_AS_MANAGER)
    assert found.may_at(ground.juri_centre.pk, C.TAKE_CHARGE, C.SIGN_AS_MANAGER)
    assert not found.may_at(ground.juri_centre, C.TAKE_CHARGE)
    assert not found.may_at(ground.county_centre, C.SIGN_AS_MANAGER)
    assert not found.may_at(ground.village_centre, C.SIGN_AS_MANAGER)
    assert not found.may_at(None, C.SIGN_AS_MANAGER)
    assert found.may_over(ground.places[TOWN], C.SIGN_AS_MANAGER)
    assert found.may_over(ground.places[GRID], C.SIGN_AS_MANAGER)
    assert not found.may_over(ground.places[GRID], C.TAKE_CHARGE)
    assert not found.may_over(ground.places[COUNTY], C.SIGN_AS_MANAGER)
    assert not found.may_over(ground.places[OTHER_TOWN], C.SIGN_AS_MANAGER)


def test_roles_of_two_posts_do_not_mix(ground: Ground) -> None:
    user = newcomer()
    post_person(user, ground.juri_centre, Role.CLERK, starts_on=STARTS)
    post_person(user, ground.juri_police, Role.LEADER, starts_on=STARTS)
    found = scope(user)
    assert found.roles == {Role.CLERK, Role.LEADER}
    assert not found.may_at(ground.juri_centre, C.TAKE_CHARGE)
    assert not found.may_at(ground.juri_police, C.SERVE_AT_WINDOW)
    assert found.may_at(ground.juri_centre, C.SERVE_AT_WINDOW) and found.may_at(ground.juri_police, C.TAKE_CHARGE)


# --- places ---------------------------------------------------------------------------------------


def test_a_subtree_covers_its_place_and_all_below_and_nothing_beside_or_above(ground: Ground) -> None:
    found = scope(ground.town_clerk)
    inside = {TOWN, VILLAGE, OTHER_VILLAGE, GRID, OTHER_GRID}
    assert {code for code, place in ground.places.items() if found.covers(place)} == inside
    assert places(ground, found.territory_filter("")) == inside
    assert places(ground, found.area_filter("")) == set()
    assert places(ground, found.field_filter("")) == inside


def test_who_has_no_place_filters_to_nothing(ground: Ground) -> None:
    found = scope(ground.handler)
    for condition in (found.territory_filter(""), found.area_filter(""), found.field_filter("")):
        assert places(ground, condition) == set()
    assert not any(found.covers(place) or found.works_in(place) for place in ground.places.values())


def test_a_filter_reaches_through_the_relation_it_is_given(ground: Ground) -> None:
    found = scope(ground.village_manager)
    assert set(Organisation.objects.filter(found.territory_filter())) == {ground.village_centre}
    posts = Posting.objects.filter(found.territory_filter("organisation__territory__"))
    assert {p.organisation for p in posts} == {ground.village_centre}
    RosterPerson.objects.create(name="村医")
    doctor = RosterPerson.objects.get(name="村医")
    Service.objects.create(person=doctor, kind="doctor", territory=ground.places[GRID], starts_on=STARTS)
    worker = scope(ground.grid_worker)
    assert list(Service.objects.filter(worker.area_filter())) == list(Service.objects.filter(worker.field_filter()))
    assert Service.objects.filter(worker.area_filter()).count() == 1


# --- own grids ------------------------------------------------------------------------------------


def test_a_grid_worker_works_in_the_posted_area_and_all_below(ground: Ground) -> None:
    user = newcomer()
    post_person(user, ground.village_centre, Role.GRID_WORKER, starts_on=STARTS, area=ground.places[VILLAGE])
    found = scope(user)
    assert found.areas == (VILLAGE,)
    assert {code for code, place in ground.places.items() if found.works_in(place)} == {VILLAGE, GRID}
    assert places(ground, found.area_filter("")) == {VILLAGE, GRID}
    assert not any(found.covers(place) for place in ground.places.values())


def test_those_who_work_a_grid_by_the_roster_have_it_as_their_own_heads_and_helpers_do_not(ground: Ground) -> None:
    own = {"grid_leader", "full_time", "part_time", "officer", "auxiliary", "security_director", "party_leader"}
    for kind in ServiceKind:
        user = newcomer(f"by_roster_{kind}")
        person = RosterPerson.objects.create(name="名册", user=user)
        Service.objects.create(person=person, kind=kind, territory=ground.places[GRID], starts_on=STARTS)
        assert scope(user).areas == ((GRID,) if kind in own else ()), kind


def test_an_officer_has_the_grids_of_the_beat_as_long_as_they_are_in_it(ground: Ground) -> None:
    officer = an_officer(ground, GRID, OTHER_GRID)
    assert scope(officer).areas == (GRID, OTHER_GRID)
    beat = Service.objects.get(person__user=officer).beat
    assert beat is not None
    beat.coverage.filter(territory__code=GRID).update(ends_on=today())
    assert scope(officer).areas == (OTHER_GRID,)
    assert scope(officer, on=today() - DAY).areas == (GRID, OTHER_GRID)
    Service.objects.filter(person__user=officer).update(ends_on=today())
    assert scope(officer).areas == ()


def test_of_a_village_and_a_grid_in_it_the_village_counts_and_the_field_is_subtree_and_grids(ground: Ground) -> None:
    user = newcomer()
    person = RosterPerson.objects.create(name="新人", user=user)
    post_person(user, ground.village_centre, Role.GRID_WORKER, starts_on=STARTS, area=ground.places[VILLAGE])
    for code in (GRID, OTHER_GRID):
        Service.objects.create(person=person, kind="full_time", territory=ground.places[code], starts_on=STARTS)
    assert scope(user).areas == (VILLAGE, OTHER_GRID)
    post_person(user, ground.lubei_centre, Role.CLERK, starts_on=STARTS)
    found = scope(user)
    assert places(ground, found.field_filter("")) == {VILLAGE, GRID, OTHER_GRID, OTHER_TOWN, "150526100001"}


# --- what was merged ------------------------------------------------------------------------------


def test_after_a_merger_the_receiving_centre_has_the_places_and_the_work_of_the_retired_one(ground: Ground) -> None:
    receiving = Organisation.objects.create(
        name="五道河子村综治中心",
        short_name="五道河子村",
        kind=OrganisationKind.CENTRE,
        territory=ground.places[OTHER_VILLAGE],
        starts_on=STARTS,
    )
    user = newcomer()
    post_person(user, receiving, Role.MANAGER, starts_on=STARTS)
    assert not scope(user).covers(ground.places[VILLAGE])
    merge_villages(
        [ground.places[VILLAGE]], ground.places[OTHER_VILLAGE], actor=ground.manager, basis="扎政发〔2026〕1号"
    )
    found = scope(user)
    merged = Territory.objects.get(code=VILLAGE)
    assert (found.subtrees, found.covers(merged)) == ((OTHER_VILLAGE,), True)
    assert found.organisation_ids == {receiving.pk, ground.village_centre.pk}
    assert found.may_at(ground.village_centre, C.SIGN_AS_MANAGER)
    assert found.may_over(merged, C.SIGN_AS_MANAGER)
    assert {VILLAGE, GRID} < places(ground, found.territory_filter(""))
    moved = Territory.objects.get(code=GRID)
    assert scope(ground.grid_worker).areas == (moved.current_code,)
    assert moved.current_code.startswith(OTHER_VILLAGE)
    assert scope(ground.grid_worker).works_in(moved)
