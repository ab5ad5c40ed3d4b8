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
from mediation.models import Body, Booking, Mediation, Mediator, Session
from mediation.tasks import sweep_obligations
from tests.faults.test_registrations import at_once
from tests.mediation import ways
from tests.people import make_ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import DomainError

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


def test_a_body_that_ends_while_mediations_open_before_it_has_either_none_or_stays() -> None:
    ground = make_ground()
    house = ways.a_house(ground)
    cases = [ways.accepted(ground) for _ in range(MANY - 1)]
    refused: list[str] = []

    def act(at: int) -> None:
        """One ends the body, the others open a mediation before it."""
        try:
            if at == 0:
                actions.end_body(house.body, actor=ground.town_manager, ends_on=timezone.localdate(), reason="撤并")
            else:
                ways.opened(ground, house, cases[at - 1])
        except DomainError as refusal:
            refused.append(refusal.message)

    at_once(MANY, act)
    opened = Mediation.objects.count()
    ended = Body.objects.get().ends_on is not None
    assert ended == (opened == 0)
    assert opened + ended + len(refused) == MANY


def test_a_mediator_who_leaves_while_cases_come_leaves_none_behind() -> None:
    ground = make_ground()
    house = ways.a_house(ground)
    cases = [ways.accepted(ground) for _ in range(MANY - 1)]
    left: list[str] = []

    def act(at: int) -> None:
        """One ends the service, with a successor; the others hand the mediator a case."""
        try:
            if at == 0:
                day = timezone.localdate()
                actions.end_mediator(
                    house.mediator, actor=ground.town_manager, ends_on=day, reason="退休", successor=house.second
                )
            else:
                ways.opened(ground, house, cases[at - 1])
        except DomainError as refusal:
            left.append(refusal.message)

    at_once(MANY, act)
    gone = Mediator.objects.get(pk=house.mediator.pk).ends_on is not None
    in_hand = Mediation.objects.filter(mediators=house.mediator).count()
    assert in_hand == 0 if gone else in_hand + len(left) == MANY
