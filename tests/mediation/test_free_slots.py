"""Planning a session proposes times in office hours at which mediators and room are free."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mediation.queries.free_slots import USUAL, free_slots
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.web.written_days import short_moment

pytestmark = pytest.mark.django_db
SATURDAY = datetime(2026, 11, 28, 17, 30, tzinfo=timezone.get_default_timezone())


def test_on_a_saturday_evening_monday_morning_is_proposed_and_no_session_runs_over_noon(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    found = [timezone.localtime(slot) for slot in free_slots(mediation, now=SATURDAY)]
    assert found[0].date() == (SATURDAY + timedelta(days=2)).date()
    assert len(found) == 4
    for slot in found:
        assert (slot + USUAL).time() <= time(12) or slot.hour >= 12


def test_what_is_booked_is_not_proposed(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    first = free_slots(mediation, now=timezone.now())[0]
    ways.planned(ground, mediation, house, starts_at=first)
    later = free_slots(mediation, now=timezone.now())
    assert all(slot >= first + USUAL or slot + USUAL <= first for slot in later)


def test_the_dialog_shows_them_and_takes_the_first(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    client = Client()
    client.force_login(ground.people["town_mediator"])
    answer = client.get(f"/mediation/mediation/{mediation.uid}/acts/plan/")
    slots = free_slots(mediation, now=timezone.now())
    assert answer.context["form"].initial["starts_at"] == slots[0]
    assert short_moment(slots[1]) in answer.content.decode()
