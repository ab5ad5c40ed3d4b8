"""Red and orange risk: who is told, who leads; rests and the open list of what is hung up."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from intake import actions, queries
from intake.models import Case, LeaderInCharge
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def told(words: str) -> set[int]:
    return {row.payload["user"] for row in OutboxMessage.objects.filter(payload__title__icontains=words)}


def test_red_goes_to_the_county_and_its_leader_at_once_wherever_it_came_in(ground: Ground) -> None:
    case = actions.register_case(an_entry(risk="red"), actor=ground.town_clerk)
    assert told("领导包案") == {ground.leader.pk}
    assert {ground.dispatcher.pk, ground.manager.pk, ground.town_dispatcher.pk} <= told("红色风险预警")
    assert [row.leader for row in queries.leaders_in_charge(case)] == [ground.leader]
    assert told("由您包案") == {ground.leader.pk}
    assert {"risk_warned", "leader_in_charge_named"} <= {e.verb for e in trail_of(case)}


def test_orange_warns_who_handles_it_and_the_town_but_not_the_county_nor_a_leader(ground: Ground) -> None:
    case = ways.handling(ground)
    OutboxMessage.objects.all().delete()
    actions.regrade_case(case, actor=ground.dispatcher, risk="orange", reason="扬言报复")
    assert told("橙色风险预警") == {
        ground.handler.pk, ground.manager.pk, ground.town_dispatcher.pk, ground.town_manager.pk,
        ground.village_manager.pk,
    }  # fmt: skip
    assert not LeaderInCharge.objects.exists()


def test_yellow_and_blue_warn_nobody(ground: Ground) -> None:
    case = ways.accepted(ground)
    actions.regrade_case(case, actor=ground.dispatcher, risk="yellow", reason="有言语冲突")
    assert not told("预警")


def test_a_grade_that_changes_at_acceptance_is_attended_to_with_its_reason_kept(ground: Ground) -> None:
    case = actions.accept_case(ways.registered(ground), actor=ground.dispatcher, risk="red", note="多次报警")
    change = case.grade_changes.get()
    assert (change.field, change.old, change.new, change.reason) == ("risk", "blue", "red", "多次报警")
    assert queries.leaders_in_charge(case)[0].leader == ground.leader


def test_another_leader_takes_charge_and_the_first_is_kept(ground: Ground) -> None:
    from grids.actions import post_person
    from grids.models import Role
    from tests.people import STARTS
    from zhongzhi.accounts.actions import create_user

    other = create_user(username="second", name="副书记")
    post_person(other, ground.politics_and_law, Role.LEADER, starts_on=STARTS)
    case = ways.registered(ground, risk="red")
    actions.name_leader_in_charge(case, actor=ground.manager, leader=other, reason="分管土地")
    rows = queries.leaders_in_charge(case)
    assert [(row.leader, row.until is None) for row in rows] == [(other, True), (ground.leader, False)]
    with pytest.raises(RuleViolation, match="已经是"):
        actions.name_leader_in_charge(case, actor=ground.manager, leader=other, reason="x")


def test_only_a_leader_over_the_place_is_put_in_charge_and_only_by_who_sorts(ground: Ground) -> None:
    case = ways.registered(ground, risk="red")
    for leader in (None, ground.clerk):
        with pytest.raises(RuleViolation) as refusal:
            actions.name_leader_in_charge(case, actor=ground.manager, leader=leader, reason="x")
        assert refusal.value.field == "leader"
    with pytest.raises(PermissionDenied):
        actions.name_leader_in_charge(case, actor=ground.clerk, leader=ground.leader, reason="x")
    with pytest.raises(InvalidTransition):
        actions.name_leader_in_charge(ways.closed(ground), actor=ground.manager, leader=ground.leader, reason="x")


# --- rests -----------------------------------------------------------------------------------------------


def hung_up(ground: Ground, days: int = 30) -> Case:
    day = timezone.localdate() + timedelta(days=days)
    return actions.put_on_open_list(ways.handling(ground), actor=ground.manager, reason="历史遗留", review_on=day)


def test_what_is_hung_up_stands_on_the_open_list_with_its_clocks_still(ground: Ground) -> None:
    later, sooner = hung_up(ground, 60), hung_up(ground, 5)
    actions.suspend_case(ways.handling(ground), actor=ground.dispatcher, reason="等待鉴定")
    assert list(queries.open_list_cases(ground.leader).order_by("review_on")) == [sooner, later]
    assert not sooner.clocks.filter(stopped_at=None, paused_at=None).exists()
    assert "挂账（" in queries.timeline_of(sooner)[-1].reason
    resumed = actions.resume_case(sooner, actor=ground.dispatcher)
    assert (resumed.status, queries.open_suspension(resumed)) == ("handling", None)
    assert list(queries.open_list_cases(ground.leader)) == [later]


def test_withdrawing_takes_a_case_off_the_list(ground: Ground) -> None:
    case = hung_up(ground)
    actions.withdraw_case(case, actor=ground.clerk, reason="双方和解")
    assert not queries.open_list_cases(ground.leader).exists()


def test_the_manager_hangs_up_with_a_day_ahead(ground: Ground) -> None:
    case, today = ways.handling(ground), timezone.localdate()
    with pytest.raises(PermissionDenied):
        actions.put_on_open_list(case, actor=ground.dispatcher, reason="x", review_on=today + timedelta(days=1))
    for day in (None, today):
        with pytest.raises(RuleViolation) as refusal:
            actions.put_on_open_list(case, actor=ground.manager, reason="x", review_on=day)
        assert refusal.value.field == "review_on"


def test_the_list_is_the_same_however_long_a_case_hangs(ground: Ground) -> None:
    case = hung_up(ground, 5)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert list(queries.open_list_for_review(ground.manager)) == [case]
        assert list(queries.open_list_for_review(ground.dispatcher)) == [case]
        assert not queries.open_list_for_review(ground.leader).exists()
    assert not queries.open_list_for_review(ground.manager).exists()
