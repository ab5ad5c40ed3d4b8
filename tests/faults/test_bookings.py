"""Many who book one mediator at the same moment: one wins, the others are told who and when."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.actions import close_case
from mediation import actions
from mediation.actions import AlreadyBooked, Plan
from mediation.models import Booking, Session
from mediation.tasks import sweep_obligations
from tests.faults.test_registrations import at_once
from tests.mediation import ways
from tests.people import make_ground
from zhongzhi.audit.models import TrailEntry

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MANY = 8


def test_of_many_bookings_of_one_mediator_at_once_one_wins_and_the_others_are_told_who_and_when() -> None:
    ground = make_ground()
    house = ways.a_house(ground)
    mediations = [ways.opened(ground, house) for _ in range(MANY)]
    starts = ways.at(timezone.localdate() + timedelta(days=1), 10)
    told: list[str] = []
    lock = threading.Lock()

    def book(at: int) -> None:
        """Each a little shifted, so that every two overlap; each in a place of its own."""
        begins = starts + timedelta(minutes=5 * at)
        plan = Plan(starts_at=begins, ends_at=begins + timedelta(hours=2), place=f"村委会{at}")
        try:
            actions.plan_session(mediations[at], plan, actor=ground.town_dispatcher)
        except AlreadyBooked as refusal:
            with lock:
                told.append(refusal.message)

    at_once(MANY, book)
    winner = Session.objects.get()
    assert Booking.objects.count() == 1
    when = f"{timezone.localtime(winner.starts_at):%m月%d日 %H:%M}—{timezone.localtime(winner.ends_at):%H:%M}"
    assert told == [f"乌云 {when} 已有安排（调解会），请换个时间或另行选择。"] * (MANY - 1)


def test_the_sweep_breaks_each_obligation_once_however_many_sweep() -> None:
    ground = make_ground()
    house = ways.a_house(ground)
    made: list[Any] = []
    for _ in range(6):
        Booking.objects.all().delete()
        agreement = ways.in_force(ground, ways.running(ground, house))
        close_case(agreement.mediation.case, actor=ground.town_dispatcher)
        made.append(agreement)
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=True):
        at_once(4, lambda at: sweep_obligations() and None)
        sweep_obligations()
    entries = TrailEntry.objects.filter(verb="obligation_broken")
    rows = [row.pk for agreement in made for row in ways.instalments(agreement)]
    assert sorted(entry.facts["instalment"] for entry in entries) == sorted(rows)
    assert TrailEntry.objects.filter(verb="case_reopened").count() == 6
