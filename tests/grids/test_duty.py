"""Duty: one turn at a time per person, set by those in charge; who is responsible for a place now."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids import queries
from grids.actions import repeat_week, set_duty, take_off_duty
from grids.actions.duty import duty_person
from grids.models import Shift
from tests.grids.field import GRID, a_worker, an_officer
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import Refused, RuleBroken

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
    with pytest.raises(RuleBroken, match="已有值班"):
        on_duty(ground, ground.village_manager, begin=timezone.now() + HOURS)
    on_duty(ground, ground.village_manager, begin=shift.ends_at)
    with pytest.raises(RuleBroken):
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
        with pytest.raises(Refused):
            on_duty(ground, ground.village_manager, actor=actor)
        with pytest.raises(Refused):
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
