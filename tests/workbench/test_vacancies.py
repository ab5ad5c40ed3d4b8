"""What people who are gone leave behind stands on a list until somebody else is named."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids.actions import post_person, set_duty
from grids.actions.duty import duty_person
from grids.extension_points import vacancies_for
from grids.models import Posting, Role
from intake import actions
from intake.models import Case
from mediation.actions import replace_mediator
from tests.intake import ways
from tests.mediation import ways as talks
from tests.people import STARTS, Ground
from tests.referrals import ways as papers
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db


def leaves(user: User, *, closed: bool = False) -> None:
    """The post runs out, or the account is closed by whom nobody asked what is open."""
    if closed:
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        Posting.objects.filter(user=user).update(ends_on=timezone.localdate())


def seen_by(user: User) -> list[tuple[str, str]]:
    return [(v.capacity, v.who) for v in vacancies_for(User.objects.get(pk=user.pk))]


def page_of(user: User, path: str = "/vacancies/") -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def red(ground: Ground) -> Case:
    return ways.registered(ground, risk="red")


@pytest.mark.parametrize("closed", [False, True])
def test_a_red_case_whose_leader_left_waits_until_another_is_named(ground: Ground, closed: bool) -> None:
    case = red(ground)
    assert seen_by(ground.dispatcher) == []
    leaves(ground.leader, closed=closed)
    assert seen_by(ground.dispatcher) == [("包案领导", "陈志强")]
    assert str(case.code) in page_of(ground.manager)
    assert "离任待补" in page_of(ground.manager, "/watched/")
    another = create_user(username="another_leader", name="白领导")
    post_person(another, ground.politics_and_law, Role.LEADER, starts_on=STARTS)
    actions.name_leader_in_charge(case, actor=ground.dispatcher, leader=another, reason="原包案领导调离")
    assert seen_by(ground.dispatcher) == []
    assert "没有等待接替的岗位" in page_of(ground.manager)


def test_a_leader_who_leads_elsewhere_now_leads_here_no_more(ground: Ground) -> None:
    red(ground)
    leaves(ground.leader)
    post_person(ground.leader, ground.lubei_centre, Role.LEADER, starts_on=STARTS)
    assert seen_by(ground.dispatcher) == [("包案领导", "陈志强")]


def test_what_is_closed_waits_for_nobody(ground: Ground) -> None:
    actions.withdraw_case(red(ground), actor=ground.clerk, reason="自行和解")
    leaves(ground.leader)
    assert seen_by(ground.dispatcher) == []


def test_a_centre_sees_what_is_its_own_only(ground: Ground) -> None:
    red(ground)
    leaves(ground.leader)
    assert seen_by(ground.town_dispatcher) == seen_by(ground.handler) == seen_by(ground.leader) == []


def test_a_former_leader_of_the_case_can_be_named_again(ground: Ground) -> None:
    """Though in charge of another case meanwhile."""
    another = create_user(username="another_leader", name="白领导")
    post_person(another, ground.politics_and_law, Role.LEADER, starts_on=STARTS)
    case, other = red(ground), red(ground)
    actions.name_leader_in_charge(case, actor=ground.dispatcher, leader=another, reason="分工调整")
    actions.name_leader_in_charge(other, actor=ground.dispatcher, leader=another, reason="分工调整")
    actions.name_leader_in_charge(case, actor=ground.dispatcher, leader=ground.leader, reason="分工再调整")
    assert [row.leader for row in case.leaders_in_charge.filter(until=None)] == [ground.leader]


def test_a_mediation_whose_mediator_left_waits_until_another_takes_over(ground: Ground) -> None:
    house = talks.a_house(ground)
    mediation = talks.opened(ground, house)
    centre = mediation.case.centre
    assert centre == ground.juri_centre
    assert seen_by(ground.town_dispatcher) == []
    leaves(ground.town_mediator)
    assert seen_by(ground.town_dispatcher) == [("调解员", "乌云")]
    others = {"actor": ground.town_dispatcher, "reason": "原调解员调离"}
    with pytest.raises(RuleViolation, match="请选择接替的调解员"):
        replace_mediator(mediation, mediator=house.mediator, replacement=None, **others)
    replace_mediator(mediation, mediator=house.mediator, replacement=house.second, **others)
    assert list(mediation.mediators.all()) == [house.second]
    assert seen_by(ground.town_dispatcher) == []
    entry = list(trail_of(mediation.case))[-1]
    assert (entry.verb, entry.facts["reason"]) == ("mediator_exchanged", "原调解员调离")


def test_a_turn_of_duty_of_who_left_waits_until_it_is_put_on_another(ground: Ground) -> None:
    starts = timezone.now() + timedelta(days=1)
    when = {"starts_at": starts, "ends_at": starts + timedelta(hours=8)}
    shift = set_duty(duty_person(ground.clerk), actor=ground.manager, organisation=ground.county_centre, **when)
    assert seen_by(ground.manager) == []
    leaves(ground.clerk)
    assert seen_by(ground.manager) == [("值班", "包萨仁")]
    shift.person = duty_person(ground.dispatcher)
    shift.save()
    assert seen_by(ground.manager) == []


def test_a_letter_that_nobody_may_sign_any_more_waits_until_somebody_may(ground: Ground) -> None:
    papers.draft(ground)
    assert seen_by(ground.dispatcher) == []
    leaves(ground.manager)
    assert seen_by(ground.dispatcher) == [("签发人", "李建国")]
    assert "待签发 1 件" in page_of(ground.dispatcher)
    another = create_user(username="another_manager", name="王主任")
    post_person(another, ground.county_centre, Role.MANAGER, starts_on=STARTS)
    assert seen_by(ground.dispatcher) == []
