"""Rosters: who serves where, one full-time worker a grid, history, handover, the triangle of a village."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from grids import queries
from grids.actions import appoint, correct_service, end_service, hand_over, reveal_phone
from grids.entries import PersonEntry, ServiceEntry
from grids.models import Beat, BeatGrid, Hazard, Posting, RosterPerson, Service, Territory
from grids.scope import scope_of
from tests.days import today
from tests.grids.field import GRID, OTHER_GRID, VILLAGE, a_head, a_worker, an_officer
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db


def afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def faults_of(entry: ServiceEntry, person: PersonEntry, ground: Ground) -> dict[str, list[str]]:
    with pytest.raises(RuleViolation) as caught:
        appoint(entry, person, actor=ground.manager)
    return caught.value.errors


def test_a_person_without_account_serves_with_sealed_numbers_and_a_trail(ground: Ground) -> None:
    person = PersonEntry("岳国", "１３８４７５００００１", "152327196503152419", "0475-7200001")
    service = appoint(ServiceEntry("full_time", GRID), person, actor=ground.village_manager)
    assert (service.key[:2], service.starts_on, service.person.public_phone) == ("FW", today(), "0475-7200001")
    stored = RosterPerson.objects.get()
    assert (stored.phone, stored.paper_number) == ("13847500001", "152327196503152419")
    assert b"13847500001" not in bytes(stored.phone_sealed)
    assert [e.verb for e in trail_of(service)] == ["service_started"]


def test_a_grid_has_one_full_time_worker_and_the_refusal_names_who(ground: Ground) -> None:
    a_worker(ground)
    errors = faults_of(ServiceEntry("full_time", GRID), PersonEntry("新人"), ground)
    assert "王*" in errors["starts_on"][0]
    assert "交接" in errors["starts_on"][0]
    assert RosterPerson.objects.count() == 1
    person, place = RosterPerson.objects.create(name="甲"), Territory.objects.get(code=GRID)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(person=person, kind="full_time", territory=place, starts_on=today())
    appoint(ServiceEntry("part_time", GRID), PersonEntry("兼职"), actor=ground.manager)


def test_every_kind_fits_its_place_only(ground: Ground) -> None:
    assert faults_of(ServiceEntry("full_time", VILLAGE), PersonEntry("甲"), ground).keys() == {"place"}
    assert faults_of(ServiceEntry("doctor", GRID), PersonEntry("甲"), ground).keys() == {"place"}
    assert faults_of(ServiceEntry("officer", GRID), PersonEntry("甲"), ground).keys() == {"place"}
    assert faults_of(ServiceEntry("officer"), PersonEntry("甲"), ground).keys() == {"beat"}
    assert faults_of(ServiceEntry("king", GRID), PersonEntry("甲"), ground).keys() == {"kind"}
    assert faults_of(ServiceEntry("full_time", "150526103999001"), PersonEntry("甲"), ground).keys() == {"place"}
    assert faults_of(ServiceEntry("full_time", GRID, households=3), PersonEntry("甲"), ground).keys() == {"households"}
    early = ServiceEntry("full_time", GRID, starts_on=STARTS - timedelta(days=1))
    assert faults_of(early, PersonEntry("甲"), ground).keys() == {"starts_on"}
    person = PersonEntry("", "123", "152327196503152418", username="nobody")
    assert faults_of(ServiceEntry("full_time", GRID), person, ground).keys() == {
        "name", "phone", "paper_number", "username",
    }  # fmt: skip
    for kind in ("auxiliary", "security_director", "doctor", "party_leader", "volunteer"):
        appoint(ServiceEntry(kind, VILLAGE), PersonEntry("甲"), actor=ground.manager)


def test_an_account_gets_the_post_of_a_grid_worker_and_loses_it_with_its_last_grid(ground: Ground) -> None:
    create_user(username="hai", name="王海")
    service = a_worker(ground, username="hai")
    user = User.objects.get(username="hai")
    post = Posting.objects.get(user=user)
    assert (post.organisation, post.role, post.title) == (ground.village_centre, "grid_worker", "专职网格员")
    assert scope_of(user).areas == (GRID,)
    person = service.person
    other = appoint(ServiceEntry("part_time", GRID), person, actor=ground.manager)
    end_service(service, actor=ground.manager, ends_on=today())
    assert Posting.objects.get(user=user).ends_on is None
    end_service(other, actor=ground.manager, ends_on=today() + timedelta(days=1))
    assert Posting.objects.get(user=user).ends_on == today() + timedelta(days=1)


def test_only_keepers_of_the_territory_change_a_roster(ground: Ground) -> None:
    entry, person = ServiceEntry("doctor", VILLAGE), PersonEntry("甲")
    for actor in (ground.stranger, ground.clerk, ground.grid_worker, ground.leader, ground.handler):
        with pytest.raises(PermissionDenied):
            appoint(entry, person, actor=actor)
    for actor in (ground.village_manager, ground.town_dispatcher, ground.manager):
        appoint(entry, person, actor=actor)
    service = Service.objects.first()
    with pytest.raises(PermissionDenied):
        end_service(service, actor=ground.stranger, ends_on=today())
    with pytest.raises(PermissionDenied):
        correct_service(service, actor=ground.stranger, person=PersonEntry("乙"))


def test_a_correction_keeps_what_was_not_typed(ground: Ground) -> None:
    service = a_head(ground)
    correct_service(service, actor=ground.manager, person=PersonEntry("李常福", "138****0010"), households=16)
    service.refresh_from_db()
    assert (service.person.name, service.person.phone, service.households) == ("李常福", "13847500010", 16)
    entry = trail_of(service).last()
    assert (entry.verb, entry.facts["fields"]) == ("service_corrected", ["name"])
    with pytest.raises(RuleViolation):
        correct_service(service, actor=ground.manager, person=PersonEntry("李常福"), households=501)


def test_history_shows_who_served_when(ground: Ground) -> None:
    first = a_worker(ground)
    end_service(first, actor=ground.manager, ends_on=date(2026, 3, 1), reason="调动")
    a_worker_from = appoint(
        ServiceEntry("full_time", GRID), PersonEntry("后来"), actor=ground.manager, starts_on=date(2026, 3, 1)
    )
    place = ground.places[GRID]
    periods = [(s.person.name, s.starts_on, s.ends_on, s.end_reason) for s in queries.history_at(place)]
    assert periods == [("后来", date(2026, 3, 1), None, ""), ("王海", STARTS, date(2026, 3, 1), "调动")]
    on = [s.person.name for s in queries.services_at(place, on=date(2026, 2, 28))]
    assert on == ["王海"]
    assert queries.full_time_worker(place) == a_worker_from
    with pytest.raises(InvalidTransition, match="2026-03-01"):
        end_service(first, actor=ground.manager, ends_on=today())
    with pytest.raises(RuleViolation, match="晚于"):
        end_service(a_worker_from, actor=ground.manager, ends_on=date(2026, 3, 1))


def test_a_grid_is_handed_over_with_what_is_open(ground: Ground) -> None:
    place = ground.places[GRID]
    with pytest.raises(InvalidTransition):
        hand_over(place, PersonEntry("后来"), actor=ground.manager, happens_on=today())
    old = a_worker(ground)
    Hazard.objects.create(
        territory=place, kind="safety", narrative="护栏缺失", found_at=timezone.now(), reported_by=ground.clerk
    )
    handover = hand_over(place, PersonEntry("后来"), actor=ground.village_manager, happens_on=today(), note="钥匙已交")
    old.refresh_from_db()
    assert (old.ends_on, old.end_reason) == (today(), "网格交接")
    assert queries.full_time_worker(place) == handover.incoming
    assert [m["label"] for m in handover.open_matters] == ["治安风险隐患：护栏缺失"]
    assert list(queries.handovers_at(place)) == [handover]
    with pytest.raises(PermissionDenied):
        hand_over(place, PersonEntry("他人"), actor=ground.stranger, happens_on=today())


def test_a_handover_that_cannot_be_leaves_everything_as_it_was(ground: Ground) -> None:
    old = a_worker(ground)
    with pytest.raises(RuleViolation):
        hand_over(ground.places[GRID], PersonEntry("后来", phone="12"), actor=ground.manager, happens_on=today())
    old.refresh_from_db()
    assert old.ends_on is None


def test_a_phone_is_shown_to_those_who_work_there_and_the_look_is_recorded(ground: Ground) -> None:
    service = a_head(ground)
    with pytest.raises(PermissionDenied):
        reveal_phone(service, actor=ground.stranger, reason="看看")
    with pytest.raises(BadInput):
        reveal_phone(service, actor=ground.grid_worker, reason=" ")
    assert reveal_phone(service, actor=ground.grid_worker, reason="联系户长") == "13847500010"
    assert trail_of(service).last().facts["reason"] == "联系户长"


def test_a_grid_knows_its_officer_and_a_beat_its_grids(ground: Ground) -> None:
    officer = an_officer(ground, GRID, OTHER_GRID)
    assert scope_of(officer).areas == (GRID, OTHER_GRID)
    assert [s.person.name for s in queries.services_at(ground.places[GRID])] == ["乌力吉"]
    other = Beat.objects.create(name="另一警格", station=ground.juri_police, starts_on=STARTS)
    with pytest.raises(IntegrityError), transaction.atomic():
        BeatGrid.objects.create(beat=other, territory=ground.places[GRID], starts_on=today())
    beat = Beat.objects.first()
    with pytest.raises(RuleViolation, match="包片民警"):
        appoint(ServiceEntry("officer", beat=beat.pk), PersonEntry("乙"), actor=ground.manager)


def test_who_is_told_at_once(ground: Ground) -> None:
    officer = an_officer(ground)
    create_user(username="hai", name="王海")
    a_worker(ground, username="hai")
    people = queries.people_to_call(ground.places[GRID])
    assert {u.username for u in people} == {officer.username, "hai", "village_manager"}


def test_the_triangle_of_a_village(ground: Ground) -> None:
    a_worker(ground)
    a_head(ground)
    a_head(ground, "王二", households=10)
    an_officer(ground)
    triangle = queries.triangle_of(ground.places[VILLAGE])
    line = triangle.grids[0]
    assert (triangle.workers, triangle.heads, triangle.households, line.heads) == (1, 2, 25, 2)
    assert (line.worker.person.name, line.officer.person.name) == ("王海", "乌力吉")


def test_a_grid_worker_sees_the_own_grid_a_village_manager_the_village(ground: Ground) -> None:
    mine = a_head(ground)
    theirs = a_head(ground, "别人", place=OTHER_GRID)
    officer = an_officer(ground)
    seen = {
        name: {s.pk for s in queries.services_visible_to(afresh(getattr(ground, name)))}
        for name in ("grid_worker", "village_manager", "town_manager", "stranger", "handler", "leader")
    }
    beat = officer.roster_person.services.get().pk
    assert seen["grid_worker"] == seen["village_manager"] == {mine.pk, beat}
    assert seen["town_manager"] == seen["leader"] == {mine.pk, theirs.pk, beat}
    assert seen["stranger"] == seen["handler"] == set()
    with pytest.raises(NotFound):
        queries.service_visible_to(ground.grid_worker, theirs.key)
    with pytest.raises(NotFound):
        queries.service_visible_to(ground.grid_worker, "FW")
