"""Duty: one turn at a time per person, set by those in charge; who is responsible for a place now."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids import queries
from grids.actions import repeat_week, set_duty, take_off_duty
from grids.actions.duty import duty_person
from grids.models import Shift
from mediation.models import Duty
from tests.grids.field import GRID, VILLAGE, a_worker, an_officer
from tests.intake.api import as_person, as_system, problem_of
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)


def on_duty(ground: Ground, who: User, *, begin: datetime | None = None, actor: User | None = None) -> Shift:
    starts = begin or timezone.now() - HOURS
    return set_duty(
        duty_person(who),
        actor=actor or ground.village_manager,
        organisation=ground.village_centre,
        starts_at=starts,
        ends_at=starts + 8 * HOURS,
    )


def test_one_is_on_duty_once_at_a_time(ground: Ground) -> None:
    shift = on_duty(ground, ground.village_manager)
    with pytest.raises(RuleViolation, match="已有值班"):
        on_duty(ground, ground.village_manager, begin=timezone.now() + HOURS)
    on_duty(ground, ground.village_manager, begin=shift.ends_at)
    with pytest.raises(RuleViolation):
        set_duty(
            duty_person(ground.grid_worker),
            actor=ground.manager,
            organisation=ground.village_centre,
            starts_at=timezone.now(),
            ends_at=timezone.now() + timedelta(days=9),
        )


def test_only_those_in_charge_set_duty(ground: Ground) -> None:
    shift = on_duty(ground, ground.grid_worker, actor=ground.town_manager)
    for actor in (ground.stranger, ground.clerk, ground.leader, ground.grid_worker):
        with pytest.raises(PermissionDenied):
            on_duty(ground, ground.village_manager, actor=actor)
        with pytest.raises(PermissionDenied):
            take_off_duty(shift, actor=actor)
    take_off_duty(shift, actor=ground.village_manager)
    assert Shift.objects.count() == 0


def test_a_week_is_carried_on_and_a_second_time_changes_nothing(ground: Ground) -> None:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    begin = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    on_duty(ground, ground.village_manager, begin=begin + 8 * HOURS)
    assert repeat_week(ground.village_centre, monday, actor=ground.village_manager) == 1
    assert repeat_week(ground.village_centre, monday, actor=ground.village_manager) == 0
    assert Shift.objects.count() == 2


def test_who_is_responsible_for_this_place_now(ground: Ground) -> None:
    a_worker(ground)
    an_officer(ground)
    shift = on_duty(ground, ground.village_manager)
    now = queries.responsible_for(ground.places[GRID])
    assert [s.person.name for s in now.services] == ["王海", "乌力吉"]
    assert now.shifts == [shift]
    later = queries.responsible_for(ground.places[GRID], at=timezone.now() + timedelta(days=2))
    assert later.shifts == []


@pytest.mark.parametrize("who", ["manager", "village_manager", "grid_worker", "handler"])
def test_the_page_shows_the_week(who: str, ground: Ground) -> None:
    on_duty(ground, ground.village_manager)
    client = Client()
    client.force_login(ground.people[who])
    page = client.get("/grids/duty/")
    assert page.status_code == 200
    assert ("付德柱" in page.content.decode()) == (who != "handler")
    assert client.get("/grids/duty/?week=never").status_code == 400


def for_grid(ground: Ground, *, begin: datetime | None = None) -> Shift:
    starts = begin or timezone.now() - HOURS
    person = a_worker(ground).person
    place, ends = ground.places[GRID], starts + 8 * HOURS
    return set_duty(person, actor=ground.village_manager, territory=place, starts_at=starts, ends_at=ends)


def test_grids_have_turns_of_their_own_and_towns_do_not(ground: Ground) -> None:
    shift = for_grid(ground)
    assert queries.responsible_for(ground.places[GRID]).shifts == [shift]
    person, now = shift.person, timezone.now()
    times = {"starts_at": now + 9 * HOURS, "ends_at": now + 10 * HOURS}
    with pytest.raises(RuleViolation, match="只到村"):
        set_duty(person, actor=ground.manager, territory=ground.places["150526103"], **times)
    with pytest.raises(BadInput):
        set_duty(person, actor=ground.manager, **times)
    with pytest.raises(PermissionDenied):
        set_duty(person, actor=ground.stranger, territory=ground.places[GRID], **times)
    monday = timezone.localdate(shift.starts_at) - timedelta(days=timezone.localdate(shift.starts_at).weekday())
    assert repeat_week(ground.places[GRID], monday, actor=ground.village_manager) == 1
    assert Shift.objects.filter(territory=ground.places[GRID]).count() == 2


def test_the_page_says_whom_to_ask_about_a_place_and_sets_its_duty(ground: Ground) -> None:
    shift = for_grid(ground)
    an_officer(ground)
    client = Client()
    client.force_login(ground.village_manager)
    page = client.get(f"/grids/duty/?place={GRID}").content.decode()
    assert "为这里排一班" in page
    assert "乌力吉" in page
    begin = timezone.localtime() + timedelta(days=2)
    typed = {"person": f"p{shift.person.uid}", "starts_at": begin.strftime("%Y-%m-%dT%H:%M")}
    wrong = client.post(f"/grids/duty/places/{GRID}/put-on/", {**typed, "ends_at": typed["starts_at"]})
    assert (wrong.status_code, "结束时间应晚于开始时间" in wrong.content.decode()) == (422, True)
    ends = (begin + 8 * HOURS).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"/grids/duty/places/{GRID}/put-on/", {**typed, "ends_at": ends}).status_code == 200
    assert Shift.objects.filter(territory__code=GRID).count() == 2
    assert client.post(f"/grids/duty/shifts/{shift.pk}/take-off/").status_code == 302
    assert client.get("/grids/duty/places/find/?q=五家子").content.decode().count("五家子") >= 2
    client.force_login(ground.stranger)
    assert client.get(f"/grids/duty/?place={GRID}").status_code == 404
    assert "五家子" not in client.get("/grids/duty/places/find/?q=五家子").content.decode()
    client.force_login(ground.grid_worker)
    assert client.get(f"/grids/duty/places/{GRID}/put-on/").status_code == 403
    assert "为这里排一班" not in client.get(f"/grids/duty/?place={GRID}").content.decode()


def test_a_long_turn_stands_on_every_day_it_touches(ground: Ground) -> None:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    begin = timezone.make_aware(datetime.combine(monday, datetime.min.time())) + 20 * HOURS
    shift = on_duty(ground, ground.village_manager, begin=begin)
    days = queries.duty_week(ground.village_manager, monday)
    assert [day.shifts for day in days] == [[shift], [shift], [], [], [], [], []]


@pytest.mark.parametrize(("who", "shown"), [("dispatcher", True), ("village_manager", False), ("grid_worker", False)])
def test_the_halls_roster_stands_beside_the_duty_list(who: str, shown: bool, ground: Ground) -> None:
    Duty.objects.create(
        centre=ground.county_centre, organisation=ground.justice_bureau, day=timezone.localdate(), person="王立新"
    )
    client = Client()
    client.force_login(ground.people[who])
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    part = client.get(f"/hall/week/?week={monday}")
    assert (part.status_code, "王立新" in part.content.decode()) == (200, shown)
    assert client.get("/hall/week/?week=never").status_code == 400


def test_over_rest_the_list_and_who_is_responsible_masked(ground: Ground) -> None:
    shift = for_grid(ground)
    an_officer(ground)
    client = as_system(ground, "roster:read", "roster:write")
    row = client.get(f"/api/v1/duty/?within={VILLAGE}&now=true").json()["results"][0]
    assert (row["id"], row["name"], row["territory"]) == (shift.pk, "王*", GRID)
    now = client.get(f"/api/v1/duty/responsible/?territory={GRID}").json()
    assert [line["name"] for line in now["on_duty"]] == ["王*"]
    assert [line["kind"] for line in now["serving"]] == ["full_time", "officer"]
    assert now["beats"][0]["station_name"] == "巨日合镇派出所"
    later = (timezone.now() + timedelta(days=3)).isoformat()
    answer = client.get("/api/v1/duty/responsible/", {"territory": GRID, "at": later}).json()
    assert answer["on_duty"] == []
    assert problem_of(client.get("/api/v1/duty/responsible/"))[::2] == (400, ["territory"])
    assert problem_of(client.get("/api/v1/duty/?now=perhaps"))[0] == 400
    stranger = as_person(ground.stranger)
    assert problem_of(stranger.get(f"/api/v1/duty/responsible/?territory={GRID}"))[0] == 404
    assert stranger.get("/api/v1/duty/").json()["results"] == []


def test_over_rest_a_turn_is_set_once_and_taken_off(ground: Ground) -> None:
    worker, now = a_worker(ground), timezone.now()
    client = as_system(ground, "roster:read", "roster:write")
    times = {"starts_at": now.isoformat(), "ends_at": (now + 8 * HOURS).isoformat()}
    body = {"territory": GRID, "person": str(worker.person.uid), **times}
    made = [client.post("/api/v1/duty/", body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [403, 403], "a client keeps rosters, duty is set by people"
    person = as_person(ground.village_manager)
    made = [person.post("/api/v1/duty/", body, format="json", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert Shift.objects.count() == 1
    twice = person.post("/api/v1/duty/", body, format="json")
    assert problem_of(twice) == (422, "rule_broken", ["person"])
    nobody = person.post("/api/v1/duty/", {"territory": GRID, "username": "clerk", **times}, format="json")
    assert problem_of(nobody) == (422, "rule_broken", ["username"])
    nowhere = person.post("/api/v1/duty/", {"username": "clerk", **times}, format="json")
    assert problem_of(nowhere) == (422, "rule_broken", ["organisation"])
    number = Shift.objects.get().pk
    assert problem_of(as_person(ground.stranger).post(f"/api/v1/duty/{number}/take-off/"))[0] == 404
    assert person.post(f"/api/v1/duty/{number}/take-off/").json() == {"id": number}


def test_a_client_without_the_scope_sees_no_duty(ground: Ground) -> None:
    assert problem_of(as_system(ground, "cases:read").get("/api/v1/duty/"))[:2] == (403, "scope_missing")
