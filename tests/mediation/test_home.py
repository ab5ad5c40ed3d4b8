"""The home page of those who mediate: sessions of today, dates of agreements, ends of the time to apply."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from grids.models import Posting, Role
from mediation.models import Agreement, Booking
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.test_pages import number_of_queries, text
from tests.mediation.ways import House
from tests.people import STARTS, Ground
from zhongzhi.accounts.models import User

TITLE = "今天的调解"


def test_a_mediator_and_the_bodys_manager_see_their_day_and_others_none(ground: Ground, house: House) -> None:
    Posting.objects.create(
        user=ground.other_handler, organisation=ground.committee, role=Role.MANAGER, starts_on=STARTS
    )
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house)
    for person in (ground.town_mediator, User.objects.get(pk=ground.other_handler.pk)):
        answer = signed_in(person).get("/")
        assert TITLE in text(answer)
        assert f"/mediation/sessions/{session.uid}/" in answer.content.decode()
    for person in (ground.clerk, ground.town_dispatcher, ground.handler, ground.auditor):
        assert TITLE not in text(signed_in(person).get("/"))


def test_only_what_is_due_and_ones_own_is_there(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    tomorrow = timezone.now() + timedelta(days=1)
    session = ways.planned(ground, mediation, house, starts_at=tomorrow)
    body = signed_in(ground.town_mediator).get("/").content.decode()
    assert f"/mediation/sessions/{session.uid}/" not in body
    Booking.objects.all().delete()
    late = timezone.localdate() + timedelta(days=8)
    agreement = ways.in_force(ground, mediation, obligations=ways.obligations(mediation.case, late))
    assert "归还土地1垄" not in text(signed_in(ground.town_mediator).get("/"))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        assert "归还土地1垄" in text(signed_in(ground.town_mediator).get("/"))
        assert "归还土地1垄" not in text(signed_in(ground.mediator).get("/"))
    number = Agreement.objects.get(pk=agreement.pk).number or ""
    assert number not in text(signed_in(ground.town_mediator).get("/"))
    with time_machine.travel(timezone.now() + timedelta(days=25), tick=True):
        assert number in text(signed_in(ground.town_mediator).get("/"))


def test_the_home_page_reads_the_same_number_of_times_whatever_there_is(ground: Ground, house: House) -> None:
    client = signed_in(ground.town_mediator)
    ways.planned(ground, ways.running(ground, house), house)
    ways.in_force(ground, ways.running(ground, house))
    client.get("/")
    first = number_of_queries(client, "/")
    for at in range(3):
        starts = timezone.now() + timedelta(hours=3 * (at + 1))
        ways.planned(ground, ways.running(ground, house), house, starts_at=starts)
        ways.in_force(ground, ways.running(ground, house))
    assert number_of_queries(client, "/") == first
