"""Whoever keeps the installation serves nowhere else: all roads to the forbidden combination, tried one by one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from grids.actions import appoint, correct_service, end_service, hand_over, merge_villages, people, post_person
from grids.actions.leaving import leave
from grids.actions.organisations import end_organisation
from grids.entries import PersonEntry, PostEntry, ServiceEntry
from grids.models import Posting, Role, RosterPerson, Service, ServiceKind
from grids.scope import scope_of
from mediation.actions import appoint_mediator
from mediation.actions.mediators import MediatorEntry
from mediation.models import Mediator
from tests.days import today
from tests.grids.field import GRID, OTHER_VILLAGE, VILLAGE, a_worker
from tests.grids.test_import_roster import a_table, checked, written
from tests.intake.api import as_person
from tests.mediation.ways import a_house
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, RuleViolation

pytestmark = pytest.mark.django_db

ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
Road = Callable[[Ground, User], object]


def _post(role: Role) -> Road:
    def road(ground: Ground, who: User) -> object:
        entry = PostEntry(ground.juri_centre.pk, role, today())
        given = people.give_post(who, entry, actor=_another(ground, who))
        return people.confirm_post(given, actor=ground.security_admin) if not isinstance(given, Posting) else given

    return road


def _another(ground: Ground, who: User) -> User:
    """A system administrator who is not the person concerned."""
    if who != ground.system_admin:
        return ground.system_admin
    other = create_user(username="second", name="副系统管理员")
    post_person(other, ground.county_centre, Role.SYSTEM_ADMIN, starts_on=STARTS)
    return other


def _roster(kind: ServiceKind, place: str) -> Road:
    def road(ground: Ground, who: User) -> object:
        entry = ServiceEntry(kind, place)
        return appoint(entry, PersonEntry(name=who.name, username=who.username), actor=ground.dispatcher)

    return road


def _correct(ground: Ground, who: User) -> object:
    entry = ServiceEntry(ServiceKind.PARTY_LEADER, VILLAGE)
    service = appoint(entry, PersonEntry(name="党组织负责人"), actor=ground.dispatcher)
    return correct_service(service, actor=ground.dispatcher, person=PersonEntry(name="x", username=who.username))


def _hand_over(ground: Ground, who: User) -> object:
    appoint(ServiceEntry(ServiceKind.FULL_TIME, GRID, starts_on=STARTS), PersonEntry(name="前任"), actor=ground.manager)
    successor = PersonEntry(name=who.name, username=who.username)
    return hand_over(ground.places[GRID], successor, actor=ground.manager, happens_on=today())


def _known(ground: Ground, who: User) -> object:
    person = RosterPerson.objects.create(name=who.name, user=who)
    return appoint(ServiceEntry(ServiceKind.VOLUNTEER, VILLAGE), person, actor=ground.dispatcher)


def _row(ground: Ground, who: User) -> object:
    person = RosterPerson.objects.create(name=who.name, user=who)
    place = ground.places[VILLAGE]
    return Service.objects.create(person=person, kind="party_leader", territory=place, starts_on=STARTS)


def _account_later(ground: Ground, who: User) -> object:
    person = RosterPerson.objects.create(name="党组织负责人")
    place = ground.places[VILLAGE]
    Service.objects.create(person=person, kind="party_leader", territory=place, starts_on=STARTS)
    return RosterPerson.objects.filter(pk=person.pk).update(user=who)


def _bulk_posts(ground: Ground, who: User) -> object:
    post = Posting(user=who, organisation=ground.juri_centre, role=Role.CLERK, starts_on=today())
    return Posting.objects.bulk_create([post])


def _mediator(ground: Ground, who: User) -> object:
    entry = MediatorEntry("某", username=who.username)
    return appoint_mediator(a_house(ground).body, entry, actor=ground.town_manager, starts_on=today())


def _mediator_row(ground: Ground, who: User) -> object:
    return Mediator.objects.create(body=a_house(ground).body, user=who, name="某", starts_on=STARTS)


def _taken_over(ground: Ground, who: User) -> object:
    a_worker(ground, username="grid_worker")
    return leave(ground.grid_worker, {"services": who}, actor=_another(ground, who), reason="调离")


def _refused(answer: Any) -> None:
    """An answer of the API as the refusal that it is."""
    if answer.status_code >= 400:
        raise RuleViolation(str(answer.content))


def _rest(ground: Ground, who: User) -> object:
    values = {"kind": "party_leader", "territory": VILLAGE, "name": who.name, "username": who.username}
    return _refused(as_person(ground.dispatcher).post("/api/v1/roster/", values, format="json"))


def _rest_correction(ground: Ground, who: User) -> object:
    key = appoint(ServiceEntry(ServiceKind.PARTY_LEADER, VILLAGE), PersonEntry(name="x"), actor=ground.dispatcher).key
    values = {"name": who.name, "username": who.username}
    client = as_person(ground.dispatcher)
    return _refused(client.post(f"/api/v1/roster/{key}/correct/", values, format="json"))


def _table(ground: Ground, who: User) -> object:
    row = {"kind": ServiceKind.PARTY_LEADER.label, "place": VILLAGE, "name": who.name, "username": who.username}
    return written(checked(a_table(row), ground.manager), ground.manager, "all")


ROADS: dict[str, Road] = {
    **{f"post {role}": _post(role) for role in set(Role) - {Role.API_CLIENT}},
    **{f"roster {kind}": _roster(kind, GRID) for kind in ("grid_leader", "full_time", "part_time", "party_leader")},
    **{f"roster of the village {kind}": _roster(kind, VILLAGE) for kind in ("security_director", "party_leader")},
    "correction of a roster": _correct,
    "grid handed over": _hand_over,
    "known person appointed": _known,
    "row of a service": _row,
    "account put on who serves": _account_later,
    "rows of posts": _bulk_posts,
    "mediator": _mediator,
    "row of a mediator": _mediator_row,
    "work taken over": _taken_over,
    "REST": _rest,
    "REST correction": _rest_correction,
    "table of a roster": _table,
}


@pytest.mark.parametrize("name", ADMINISTRATORS)
@pytest.mark.parametrize("road", sorted(ROADS))
def test_no_road_leads_an_administrator_to_another_post_or_a_service(road: str, name: str, ground: Ground) -> None:
    if road == f"post {name}":
        pytest.skip("the same post at a second centre is no other")
    who = ground.people[name]
    before = set(Posting.objects.filter(user=who).values_list("pk", flat=True))
    with pytest.raises((DomainError, IntegrityError)), transaction.atomic():
        ROADS[road](ground, who)
    assert set(Posting.objects.filter(user=who).values_list("pk", flat=True)) == before
    assert not Service.objects.filter(person__user=who).exists()
    assert not Mediator.objects.filter(user=who).exists()
    assert scope_of(User.objects.get(pk=who.pk)).areas == ()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_who_serves_in_a_village_or_holds_a_business_post_becomes_no_administrator(role: Role, ground: Ground) -> None:
    cadre = create_user(username="cadre", name="党组织负责人")
    entry = ServiceEntry(ServiceKind.PARTY_LEADER, VILLAGE, starts_on=STARTS)
    appoint(entry, PersonEntry(name="党组织负责人", username="cadre"), actor=ground.dispatcher)
    for who in (cadre, ground.clerk, ground.grid_worker):
        with pytest.raises(DomainError):
            post_person(who, ground.county_centre, role, starts_on=today(), actor=ground.system_admin)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_who_mediates_becomes_no_administrator_even_without_a_post(role: Role, ground: Ground) -> None:
    who = create_user(username="old-hand", name="老调解员")
    Mediator.objects.create(body=a_house(ground).body, user=who, name=who.name, starts_on=STARTS)
    with pytest.raises(RuleViolation, match="受聘为调解员"):
        post_person(who, ground.county_centre, role, starts_on=today(), actor=ground.system_admin)
    post = Posting(user=who, organisation=ground.county_centre, role=role, starts_on=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.bulk_create([post])


def test_merging_villages_and_organisations_brings_nobody_back_who_keeps_the_installation(ground: Ground) -> None:
    who = create_user(username="former", name="原党组织负责人")
    entry = ServiceEntry(ServiceKind.PARTY_LEADER, OTHER_VILLAGE, starts_on=STARTS)
    service = appoint(entry, PersonEntry(name=who.name, username=who.username), actor=ground.manager)
    end_service(service, actor=ground.manager, ends_on=today(), reason="调任")
    post_person(who, ground.county_centre, Role.AUDITOR, starts_on=today(), actor=ground.system_admin)
    villages = ground.places[OTHER_VILLAGE], ground.places[VILLAGE]
    merge_villages([villages[0]], villages[1], actor=ground.manager, basis="民政局批复")
    end_organisation(ground.juri_police.pk, actor=ground.system_admin, reason="合并", successor=ground.juri_justice)
    assert scope_of(User.objects.get(pk=who.pk)).roles == {Role.AUDITOR}
    assert scope_of(User.objects.get(pk=who.pk)).areas == ()
    assert not Service.objects.filter(person__user=who, ends_on=None).exists()
