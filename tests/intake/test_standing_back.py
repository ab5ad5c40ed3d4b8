"""Who is a party or a relative of one does not handle: not offered, refused, handed over to the others."""

import pytest

from grids.actions import post_person
from grids.models import Role
from intake import actions, permissions
from intake.available_actions import available_acts
from intake.models import Case
from intake.queries import Facts, suggestions_for
from intake.sight import Level, sight_of
from tests.intake import ways
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
WHY = {"ground": "relative", "reason": "申请人是我表兄"}


def again(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def acts_of(user: User, case: Case) -> set[str]:
    return {act.name for act in available_acts(again(user), Case.objects.get(pk=case.pk))}


def told(user: User, words: str) -> bool:
    return OutboxMessage.objects.filter(payload__user=user.pk, payload__title__icontains=words).exists()


def test_who_declares_a_relative_is_offered_nothing_and_refused(ground: Ground) -> None:
    case = ways.dispatched(ground)
    assert "sign" in acts_of(ground.handler, case)
    actions.declare_recusal(case, actor=ground.handler, **WHY)
    assert acts_of(ground.handler, case) == set()
    with pytest.raises(PermissionDenied):
        actions.sign_for_case(case, actor=again(ground.handler))
    entry = list(trail_of(case))[-1]
    assert (entry.verb, entry.facts["ground"]) == ("case_recused", "relative")


def test_the_others_of_the_organisation_are_told_and_go_on(ground: Ground) -> None:
    colleague = create_user(username="colleague", name="乌日娜")
    post_person(colleague, ground.justice_bureau, Role.HANDLER, starts_on=STARTS)
    case = ways.dispatched(ground)
    actions.declare_recusal(case, actor=ground.handler, **WHY)
    assert told(colleague, "请接续办理")
    assert not told(ground.handler, "请接续办理")
    assert actions.sign_for_case(case, actor=colleague).status == "handling"


def test_where_nobody_else_handles_the_centre_is_told_to_hand_it_out_anew(ground: Ground) -> None:
    case = ways.dispatched(ground)
    actions.declare_recusal(case, actor=ground.handler, **WHY)
    assert told(ground.dispatcher, "请收回改派")


def test_a_sorter_who_stands_back_sorts_no_more_but_the_manager_does(ground: Ground) -> None:
    case = ways.registered(ground)
    actions.declare_recusal(case, actor=ground.dispatcher, **WHY)
    with pytest.raises(PermissionDenied):
        actions.accept_case(case, actor=again(ground.dispatcher))
    assert actions.accept_case(case, actor=ground.manager).status == "accepted"


def test_a_party_of_the_same_name_and_phone_does_not_handle_without_a_word(ground: Ground) -> None:
    User.objects.filter(pk=ground.handler.pk).update(name="岳某某", phone="13847500001")
    case = ways.dispatched(ground)
    assert permissions.stands_back(again(ground.handler), case.pk)
    assert acts_of(ground.handler, case) == set()
    assert not permissions.stands_back(again(ground.other_handler), case.pk)


def test_standing_back_once_is_enough_and_needs_a_part_in_the_case_and_a_ground(ground: Ground) -> None:
    case = ways.dispatched(ground)
    with pytest.raises(PermissionDenied):
        actions.declare_recusal(case, actor=ground.other_handler, **WHY)
    with pytest.raises(BadInput):
        actions.declare_recusal(case, actor=ground.handler, ground="", reason="亲属")
    actions.declare_recusal(case, actor=ground.handler, **WHY)
    with pytest.raises(InvalidTransition):
        actions.declare_recusal(case, actor=again(ground.handler), **WHY)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(accused=1), "反映干部或单位"),
        (Facts(minors=1), "涉及未成年人"),
        (Facts(text="丈夫长期家暴"), "涉及家庭暴力"),
        (Facts(text="遭邻居猥亵"), "涉及性侵害"),
    ],
)
def test_restriction_is_proposed_for_what_few_should_know_of(facts: Facts, reason: str) -> None:
    rows = [row for row in suggestions_for(facts) if row.field == "is_restricted"]
    assert [row.reasons for row in rows] == [(reason,)]


def test_restriction_is_not_proposed_twice_nor_for_ordinary_disputes() -> None:
    taken = Facts(accused=1, now={"is_restricted": "on"})
    assert not [row for row in (*suggestions_for(taken), *suggestions_for(Facts(text="争地"))) if row.field[0] == "i"]


def test_what_nobody_at_the_lead_can_work_on_is_taken_back_and_handed_out_anew(ground: Ground) -> None:
    case = ways.dispatched(ground)
    assert "recall" not in acts_of(ground.dispatcher, case)
    with pytest.raises(InvalidTransition, match="有经办人员"):
        actions.recall_case(case, actor=ground.dispatcher, reason="改派")
    actions.declare_recusal(case, actor=ground.handler, **WHY)
    assert "recall" in acts_of(ground.dispatcher, case)
    with pytest.raises(PermissionDenied):
        actions.recall_case(case, actor=ground.clerk, reason="改派")
    case = actions.recall_case(case, actor=ground.dispatcher, reason="无其他经办人员")
    assert (case.status, case.holder) == ("accepted", ground.county_centre)
    assert case.handlings.get().close_reason == "released"
    assert [row.kind for row in case.clocks.filter(stopped_at=None)] == ["dispatch"]
    assert list(trail_of(case))[-1].verb == "case_recalled"
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.labour_bureau)
    case = actions.sign_for_case(case, actor=ground.other_handler)
    with pytest.raises(InvalidTransition, match="有经办人员"):
        actions.recall_case(case, actor=ground.dispatcher, reason="改派")


def test_what_the_centre_handles_itself_is_not_taken_back_from_it(ground: Ground) -> None:
    case = actions.take_up_case(ways.accepted(ground), actor=ground.dispatcher)
    with pytest.raises(InvalidTransition, match="中心自办"):
        actions.recall_case(case, actor=ground.dispatcher, reason="改派")


def test_the_last_who_can_sort_a_case_does_not_leave_it_to_nobody(ground: Ground) -> None:
    case = ways.accepted(ground)
    actions.declare_recusal(case, actor=ground.dispatcher, **WHY)
    assert "recuse" not in acts_of(ground.manager, case)
    with pytest.raises(InvalidTransition, match="请先上提一级"):
        actions.declare_recusal(case, actor=again(ground.manager), **WHY)


@pytest.mark.parametrize("first", ["restrict", "recuse"])
def test_somebody_who_can_sort_always_sees_a_restricted_case(ground: Ground, first: str) -> None:
    case = ways.accepted(ground)
    if first == "restrict":
        actions.restrict_case(case, actor=ground.manager, reason="涉及隐私")
        assert sight_of(ground.dispatcher, Case.objects.get(pk=case.pk)).level == Level.NONE
    actions.declare_recusal(Case.objects.get(pk=case.pk), actor=again(ground.manager), **WHY)
    if first == "recuse":
        actions.restrict_case(Case.objects.get(pk=case.pk), actor=ground.clerk, reason="涉及隐私")
    assert "take-up" in acts_of(ground.dispatcher, case)
