"""What ends with what: requests with their work, rights with their post, the fast track with a reopening."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from grids.actions import end_posting
from grids.models import Posting
from intake import actions, queries
from intake.actions.entry import NumberKnown
from intake.available_actions import available_acts
from intake.deadlines import actions as deadlines_actions
from intake.deadlines.models import Clock, ClockKind, ExtensionRequest
from intake.lifecycle import State
from intake.models import Case, Category, ExternalReference, ReturnRequest
from intake.permissions import may_amend, may_reveal
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def names(user: User, case: Case) -> list[str]:
    return [act.name for act in available_acts(user, Case.objects.get(pk=case.pk))]


def handled_again(ground: Ground) -> Case:
    """Returned once, handed out again and signed for."""
    case = ways.dispatched(ground)
    case = actions.return_case(case, actor=ground.handler, reason="不属本单位")
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    return actions.sign_for_case(case, actor=ground.handler)


def test_a_return_that_was_asked_for_lapses_with_the_report(ground: Ground) -> None:
    case = handled_again(ground)
    actions.return_case(case, actor=ground.handler, reason="仍认为不属本单位")
    case = actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    case = actions.send_back(case, actor=ground.dispatcher, reason="缺材料")
    with pytest.raises(InvalidTransition, match="没有待决定"):
        actions.decide_return(case, actor=ground.manager, granted=True)
    assert "decide-return" not in names(ground.manager, case)
    assert ReturnRequest.objects.get().granted is False
    assert case.handlings.filter(closed_at=None).count() == 1


def test_what_was_asked_for_in_another_case_does_not_lapse(ground: Ground) -> None:
    other, case = handled_again(ground), handled_again(ground)
    actions.return_case(other, actor=ground.handler, reason="仍认为不属本单位")
    actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    assert ReturnRequest.objects.get().granted is None
    assert actions.decide_return(other, actor=ground.manager, granted=True).status == "accepted"


def test_an_extension_that_was_asked_for_lapses_with_the_report_and_can_be_asked_for_anew(ground: Ground) -> None:
    case = ways.handling(ground)
    actions.ask_extension(case, actor=ground.handler, reason="等待鉴定")
    case = actions.report_outcome(case, ways.REPORT, actor=ground.handler)
    assert "decide-extension" not in names(ground.dispatcher, case)
    assert list(queries.cases_to_decide(ground.dispatcher)) == []
    case = actions.close_case(case, actor=ground.dispatcher)
    case = actions.reopen_case(case, actor=ground.dispatcher, reason="群众不满意")
    assert "ask-extension" in names(ground.handler, case)
    actions.ask_extension(case, actor=ground.handler, reason="重新鉴定")
    actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    assert list(ExtensionRequest.objects.order_by("pk").values_list("granted", flat=True)) == [False, True]


def test_an_extension_can_be_granted_while_the_case_rests(ground: Ground) -> None:
    case = ways.handling(ground)
    actions.ask_extension(case, actor=ground.handler, reason="等待鉴定")
    case = actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    clock = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    assert (clock.extended, clock.next_at) == (1, None)
    actions.resume_case(case, actor=ground.dispatcher)
    clock.refresh_from_db()
    assert clock.next_at is not None


def test_an_extension_asked_in_time_and_granted_late_lifts_the_breach(ground: Ground) -> None:
    case = ways.handling(ground)
    actions.ask_extension(case, actor=ground.handler, reason="等待鉴定")
    clock = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    deadlines_actions.mark_due_clocks(clock.due_at + timedelta(minutes=1))
    clock.refresh_from_db()
    assert clock.breached_at is not None
    actions.decide_extension(case, actor=ground.dispatcher, granted=True)
    clock.refresh_from_db()
    assert clock.breached_at is None
    assert clock.next_at is not None


def test_a_clock_that_was_in_time_when_it_stood_still_is_in_time_when_it_runs_on(ground: Ground) -> None:
    """The calendar changed meanwhile, so that the limit would have ended before the pause began."""
    case = ways.handling(ground)
    case = actions.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    now, clock = timezone.now(), Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    Clock.objects.filter(pk=clock.pk).update(
        started_at=now - timedelta(days=20), due_at=now - timedelta(hours=1), paused_at=now - timedelta(days=2)
    )
    clock.pauses.update(paused_at=now - timedelta(days=2))
    actions.resume_case(case, actor=ground.dispatcher)
    clock.refresh_from_db()
    assert clock.due_at > timezone.now()
    assert clock.breached_at is None


def test_the_window_does_not_report_for_the_organisation_that_handles_the_case(ground: Ground) -> None:
    case = ways.handling(ground)
    assert "report-outcome" not in names(ground.clerk, case)
    with pytest.raises(PermissionDenied, match="由该单位反馈"):
        actions.report_outcome(case, ways.REPORT, actor=ground.clerk)


def test_a_reopened_case_is_off_the_fast_track(ground: Ground) -> None:
    case = actions.settle_at_window(an_entry(), ways.REPORT, actor=ground.clerk)
    case = actions.reopen_case(case, actor=ground.dispatcher, reason="群众不满意")
    case = actions.report_outcome(case, ways.REPORT, actor=ground.clerk)
    with pytest.raises(PermissionDenied):
        actions.close_case(case, actor=ground.clerk)


def test_the_fast_track_leaves_no_message_that_something_waits(ground: Ground) -> None:
    actions.settle_at_window(an_entry(), ways.REPORT, actor=ground.clerk)
    assert OutboxMessage.objects.count() == 0


def test_a_clerk_accepts_a_simple_case_and_does_not_grade_it(ground: Ground) -> None:
    case = ways.registered(ground)
    with pytest.raises(PermissionDenied, match="研判分流员"):
        actions.accept_case(case, actor=ground.clerk, risk="red")
    case.refresh_from_db()
    assert (case.status, case.risk) == (State.REGISTERED, "blue")


def test_rights_of_who_registered_a_case_end_with_the_post(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    assert may_reveal(ground.town_clerk, case)
    end_posting(Posting.objects.get(user=ground.town_clerk), ends_on=timezone.localdate())
    former = User.objects.get(pk=ground.town_clerk.pk)
    assert not may_reveal(former, case)
    assert not may_amend(former, case)
    with pytest.raises(NotFound):
        queries.case_visible_to(former, str(case.code))


def test_who_registered_a_case_corrects_it_only_while_it_is_sorted(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.grid_worker)
    assert may_amend(ground.grid_worker, case)
    case = actions.accept_case(case, actor=User.objects.get(username=ground.village_manager.username))
    case = actions.take_up_case(case, actor=ground.village_manager)
    assert not may_amend(ground.grid_worker, case)


def test_an_organisation_that_returned_a_case_no_longer_sees_who_it_concerns(ground: Ground) -> None:
    case = ways.dispatched(ground)
    assert may_reveal(ground.handler, case)
    case = actions.return_case(case, actor=ground.handler, reason="不属本单位")
    assert not may_reveal(ground.handler, case)


def test_a_forgotten_draft_does_not_hold_an_outside_number(ground: Ground) -> None:
    numbered = {"external_system": "12345", "external_number": "A-1"}
    actions.save_draft(an_entry(**numbered), actor=ground.clerk)
    case = actions.register_case(an_entry(**numbered), actor=ground.town_clerk)
    assert ExternalReference.objects.get().case_id == case.pk
    with pytest.raises(NumberKnown, match=f"已登记为 {case.code}"):
        actions.register_case(an_entry(**numbered), actor=ground.clerk)
    with pytest.raises(NumberKnown) as refusal:
        actions.register_case(an_entry(**numbered), actor=ground.stranger)
    assert str(case.code) not in refusal.value.message


def test_a_case_of_a_retired_place_and_an_ended_category_can_be_corrected(ground: Ground) -> None:
    case = ways.registered(ground)
    ground.places["150526103200"].ends_on = date(2026, 1, 1)
    ground.places["150526103200"].save()
    Category.objects.filter(pk="0901").update(is_active=False)
    case = actions.amend_case(case, an_entry(title="土地少四垄"), actor=ground.clerk, reason="丈量后更正")
    assert case.title == "土地少四垄"
    with pytest.raises(RuleViolation):
        actions.register_case(an_entry(), actor=ground.clerk)


@pytest.mark.parametrize("text", ["坏\x00", "反\u202e转", "长" * 1001])
def test_what_people_write_to_an_act_is_cleaned(text: str, ground: Ground) -> None:
    case = ways.registered(ground)
    for act in (
        lambda: actions.withdraw_case(case, actor=ground.clerk, reason=text),
        lambda: actions.accept_case(case, actor=ground.dispatcher, note=text),
    ):
        with pytest.raises(BadInput):
            act()
    case.refresh_from_db()
    assert case.status == State.REGISTERED
