"""Four eyes: nobody decides on what they asked for or reviews what they reported, but who is alone at a centre."""

from typing import Any

import pytest

from grids.actions import post_person
from grids.models import Organisation, Role
from intake import actions
from intake.available_actions import available_acts
from intake.lifecycle import State
from intake.models import Case
from intake.queries import cases_to_review, story_for
from tests.intake import ways
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import PermissionDenied

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def offered(user: User, case: Case) -> set[str]:
    return {act.name for act in available_acts(again(user), Case.objects.get(pk=case.pk))}


def also(user: User, organisation: Organisation, role: Role) -> User:
    """The same person in a second post."""
    post_person(user, organisation, role, starts_on=STARTS)
    return again(user)


def facts_of_last(case: Case) -> dict[str, Any]:
    return dict(list(trail_of(case))[-1].facts)


def reported(ground: Ground) -> tuple[Case, User]:
    """A case that its handler, who sorts at the county centre too, has reported as done."""
    both = also(ground.handler, ground.county_centre, Role.DISPATCHER)
    return actions.report_outcome(ways.handling(ground), ways.REPORT, actor=both), both


def test_who_reported_does_not_review_the_report_and_another_does(ground: Ground) -> None:
    case, both = reported(ground)
    assert "close" not in offered(both, case)
    assert "close" in offered(ground.dispatcher, case)
    with pytest.raises(PermissionDenied, match="由您反馈，请由旗综治中心的其他人员审核办结"):
        actions.close_case(case, actor=both)
    case.refresh_from_db()
    assert case.status == State.CONCLUDED
    assert "own_report" not in facts_of_last(actions.close_case(case, actor=ground.dispatcher))


def test_what_one_reported_is_not_on_the_own_list_of_reviews(ground: Ground) -> None:
    case, both = reported(ground)
    assert not cases_to_review(both).exists()
    assert [c.pk for c in cases_to_review(ground.dispatcher)] == [case.pk]


def test_who_reported_may_still_take_the_report_back(ground: Ground) -> None:
    case, both = reported(ground)
    assert actions.send_back(case, actor=both, reason="漏写一项").status == State.HANDLING


def test_a_case_that_the_centre_handled_itself_is_reviewed_by_a_colleague(ground: Ground) -> None:
    case = actions.take_up_case(ways.accepted(ground), actor=ground.dispatcher)
    case = actions.report_outcome(case, ways.REPORT, actor=ground.dispatcher)
    with pytest.raises(PermissionDenied):
        actions.close_case(case, actor=ground.dispatcher)
    assert actions.close_case(case, actor=ground.manager).status == State.CLOSED


def test_who_is_alone_at_a_centre_reviews_and_trail_and_story_say_so(ground: Ground) -> None:
    alone = ground.village_manager
    case = actions.accept_case(actions.register_case(an_entry(), actor=alone), actor=alone)
    case = actions.report_outcome(actions.take_up_case(case, actor=alone), ways.REPORT, actor=alone)
    assert "close" in offered(alone, case)
    assert [c.pk for c in cases_to_review(again(alone))] == [case.pk]
    case = actions.close_case(case, actor=alone, note="已核对")
    assert facts_of_last(case)["own_report"] is True
    assert story_for(alone, case)[-1].reason == "已核对（本中心没有其他审核人员，由反馈人本人审核）"


def test_a_colleague_who_stands_back_leaves_one_alone(ground: Ground) -> None:
    case = actions.take_up_case(ways.accepted(ground), actor=ground.dispatcher)
    actions.declare_recusal(case, actor=ground.manager, ground="relative", reason="申请人是我表兄")
    case = actions.report_outcome(Case.objects.get(pk=case.pk), ways.REPORT, actor=ground.dispatcher)
    assert actions.close_case(case, actor=again(ground.dispatcher)).status == State.CLOSED
    assert facts_of_last(case)["own_report"] is True


def test_the_fast_track_stays_in_one_hand(ground: Ground) -> None:
    case = actions.settle_at_window(an_entry(), ways.REPORT, actor=ground.clerk)
    assert (case.status, "own_report" in facts_of_last(case)) == (State.CLOSED, False)


def asked_for_time(ground: Ground) -> tuple[Case, User]:
    both = also(ground.handler, ground.county_centre, Role.DISPATCHER)
    case = ways.handling(ground)
    actions.ask_extension(case, actor=both, reason="等待测绘")
    return case, both


def test_nobody_grants_the_own_extension(ground: Ground) -> None:
    case, both = asked_for_time(ground)
    assert "decide-extension" not in offered(both, case)
    with pytest.raises(PermissionDenied, match="延期由您申请"):
        actions.decide_extension(case, actor=both, granted=True)
    assert "decide-extension" in offered(ground.dispatcher, case)
    actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    assert "own_request" not in facts_of_last(case)


def test_who_is_alone_grants_the_own_extension_and_the_trail_says_so(ground: Ground) -> None:
    alone = ground.village_manager
    case = actions.accept_case(actions.register_case(an_entry(complexity="hard"), actor=alone), actor=alone)
    case = actions.take_up_case(case, actor=alone)
    actions.ask_extension(case, actor=alone, reason="等待测绘")
    actions.decide_extension(case, actor=again(alone), granted=True)
    assert facts_of_last(case)["own_request"] is True


def refused_twice(ground: Ground, handler: User) -> Case:
    case = ways.dispatched(ground)
    case = actions.return_case(case, actor=handler, reason="不属本局")
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    return actions.return_case(case, actor=handler, reason="仍不属本局")


def test_nobody_decides_on_the_own_refusal_while_there_is_another_manager(ground: Ground) -> None:
    both = also(ground.handler, ground.county_centre, Role.MANAGER)
    case = refused_twice(ground, both)
    assert "decide-return" not in offered(both, case)
    with pytest.raises(PermissionDenied, match="退回由您申请"):
        actions.decide_return(case, actor=both, granted=True)
    assert actions.decide_return(case, actor=ground.manager, granted=True).status == State.ACCEPTED


def test_the_only_manager_decides_on_the_own_refusal_and_the_trail_says_so(ground: Ground) -> None:
    both = also(ground.manager, ground.justice_bureau, Role.HANDLER)
    case = refused_twice(ground, both)
    actions.decide_return(case, actor=both, granted=False, note="由本局牵头")
    assert facts_of_last(case)["own_request"] is True
