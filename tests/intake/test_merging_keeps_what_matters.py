"""Merging and splitting keep what matters: the higher risk, the leader, the nearer limits, one row for one person; and
what was withdrawn, guided away or archived has a way back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from intake import actions
from intake.available_actions import available_acts
from intake.deadlines.models import Clock, ClockKind
from intake.entries import PartyEntry
from intake.lifecycle import State
from intake.models import Case
from intake.queries import case_visible_to
from intake.queries.at_rest import broken_rests
from intake.sight import Level, sight_of
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def of_the_town(ground: Ground) -> Case:
    """Accepted by the town, whose tier has a limit."""
    return actions.accept_case(actions.register_case(an_entry(), actor=ground.town_clerk), actor=ground.town_dispatcher)


def told(kind: str) -> set[str]:
    rows = OutboxMessage.objects.filter(topic="notice", payload__kind=kind)
    keys = {row.payload["user"] for row in rows}
    return set(User.objects.filter(pk__in=keys).values_list("username", flat=True))


def test_a_red_case_makes_a_blue_one_red_with_its_leader_and_split_off_again_both_hear(ground: Ground) -> None:
    into = ways.handling(ground)
    case = ways.registered(ground, risk="red", parties=(PartyEntry(name="别人", phone="13847500099"),))
    case = actions.merge_case(case, actor=ground.dispatcher, target=str(into.code), reason="同一块地")
    into = again(into)
    assert (into.risk, into.leaders_in_charge.get(until=None).leader) == ("red", ground.leader)
    assert not again(case).leaders_in_charge.filter(until=None).exists()
    merger = case.mergers.get()
    assert ground.handler.username in told(f"case_merged_in_{merger.pk}")
    case = actions.split_case(again(case), actor=ground.dispatcher, reason="不是同一事项")
    assert ground.handler.username in told(f"case_split_off_{case.pk}")
    assert ground.manager.username in told("case_split")
    assert (case.risk, case.leaders_in_charge.get(until=None).leader) == ("red", ground.leader)
    assert list(broken_rests()) == []


def test_the_nearer_limit_wins(ground: Ground) -> None:
    case, into = of_the_town(ground), of_the_town(ground)
    near = timezone.now() + timedelta(hours=3)
    Clock.objects.filter(case=case, kind=ClockKind.TIER).update(due_at=near)
    actions.merge_case(case, actor=ground.town_dispatcher, target=str(into.code), reason="同一块地")
    clock = Clock.objects.get(case=into, kind=ClockKind.TIER)
    assert (clock.due_at, clock.paused_at) == (near, None)
    assert clock.next_at is not None and clock.next_at <= near


def test_a_limit_that_ends_later_changes_nothing(ground: Ground) -> None:
    case, into = of_the_town(ground), of_the_town(ground)
    before = Clock.objects.get(case=into, kind=ClockKind.TIER).due_at
    Clock.objects.filter(case=case, kind=ClockKind.TIER).update(due_at=before + timedelta(days=9))
    actions.merge_case(case, actor=ground.town_dispatcher, target=str(into.code), reason="同一块地")
    assert Clock.objects.get(case=into, kind=ClockKind.TIER).due_at == before


@pytest.mark.parametrize("state", [State.CONCLUDED, State.SUSPENDED, State.CLOSED])
def test_nothing_is_merged_into_what_awaits_review_rests_or_is_done_with(ground: Ground, state: State) -> None:
    into, case = ways.in_state(ground, state), ways.registered(ground)
    with pytest.raises(RuleViolation, match="只能并入正在受理、办理的案件"):
        actions.merge_case(case, actor=ground.dispatcher, target=str(into.code), reason="同一块地")


def test_who_handles_a_case_sees_what_was_merged_into_it_as_long_as_it_is(ground: Ground) -> None:
    into, case = ways.handling(ground), ways.registered(ground)
    with pytest.raises(NotFound):
        case_visible_to(ground.handler, str(case.code))
    actions.merge_case(case, actor=ground.dispatcher, target=str(into.code), reason="同一块地")
    assert sight_of(ground.handler, case_visible_to(ground.handler, str(case.code))).level == Level.FULL
    actions.split_case(again(case), actor=ground.dispatcher, reason="不是同一事项")
    with pytest.raises(NotFound):
        case_visible_to(ground.handler, str(case.code))


def test_what_is_restricted_is_merged_only_into_what_is_too_and_who_handles_that_sees_it(ground: Ground) -> None:
    into, case = ways.handling(ground), ways.registered(ground)
    actions.restrict_case(case, actor=ground.manager, reason="涉及隐私")
    with pytest.raises(RuleViolation, match="请先限制该案的知悉范围"):
        actions.merge_case(again(case), actor=ground.manager, target=str(into.code), reason="同一块地")
    actions.restrict_case(again(into), actor=ground.manager, reason="涉及隐私")
    actions.merge_case(again(case), actor=ground.manager, target=str(into.code), reason="同一块地")
    assert case_visible_to(ground.handler, str(case.code)).status == State.MERGED


def test_the_nearer_limit_to_hand_out_wins_too(ground: Ground) -> None:
    case, into = ways.accepted(ground), ways.accepted(ground)
    near = timezone.now() + timedelta(minutes=5)
    Clock.objects.filter(case=case, kind=ClockKind.DISPATCH).update(due_at=near)
    actions.merge_case(case, actor=ground.dispatcher, target=str(into.code), reason="同一块地")
    assert Clock.objects.get(case=into, kind=ClockKind.DISPATCH).due_at == near


def test_the_same_person_is_one_party_whatever_was_left_out(ground: Ground) -> None:
    into = ways.registered(ground)
    bare = (PartyEntry(name="岳某某"), PartyEntry(side="respondent", name="付某", phone="13847500002"))
    actions.merge_case(
        ways.registered(ground, parties=bare), actor=ground.clerk, target=str(into.code), reason="同一块地"
    )
    assert [party.name for party in into.parties.order_by("ordinal")] == ["岳某某", "付某"]


def test_who_has_another_number_is_another_person(ground: Ground) -> None:
    into = ways.registered(ground)
    others = (PartyEntry(name="岳某某", phone="13900000001"), PartyEntry(name_withheld=True))
    actions.merge_case(
        ways.registered(ground, parties=others), actor=ground.clerk, target=str(into.code), reason="同一块地"
    )
    assert into.parties.filter(side="applicant").count() == 3


@pytest.mark.parametrize(
    ("state", "after"),
    [(State.WITHDRAWN, "registered"), (State.GUIDED, "registered"), (State.ARCHIVED, "closed")],
)
def test_what_is_at_rest_comes_back_by_decision_of_the_manager(ground: Ground, state: State, after: str) -> None:
    case = ways.in_state(ground, state)
    assert "restore" in [act.name for act in available_acts(ground.manager, case)]
    case = actions.restore_case(case, actor=ground.manager, reason="当事人又来反映")
    assert (case.status, case.holder, case.guided_to) == (after, ground.county_centre, None)
    assert case.status_changes.order_by("-pk")[0].reason == "当事人又来反映"
    assert case.clocks.filter(stopped_at=None, kind=ClockKind.TRIAGE).exists() == (after == "registered")
    assert list(broken_rests()) == []
    assert ground.dispatcher.username in told("case_restored")


def test_what_came_back_goes_the_whole_way_again(ground: Ground) -> None:
    case = actions.restore_case(ways.in_state(ground, State.WITHDRAWN), actor=ground.manager, reason="又来反映")
    case = actions.accept_case(case, actor=ground.dispatcher)
    case = actions.take_up_case(case, actor=ground.dispatcher)
    assert actions.report_outcome(case, ways.REPORT, actor=ground.dispatcher).status == State.CONCLUDED


def test_what_was_guided_away_is_taken_back_and_its_receiver_hears_so(ground: Ground) -> None:
    case = ways.accepted(ground)
    case = actions.guide_case(case, actor=ground.dispatcher, receiver=ground.labour_bureau, note="属其职责")
    actions.sign_guidance(case, actor=ground.other_handler)
    case = actions.restore_case(again(case), actor=ground.manager, reason="当事人又来反映")
    row = case.guidances.get()
    assert (case.status, case.guided_to, row.end, row.answer) == ("accepted", None, "recalled", "当事人又来反映")
    assert set(case.clocks.filter(stopped_at=None).values_list("kind", flat=True)) == {"dispatch"}
    assert told(f"guidance_recalled_{row.pk}") == {ground.other_handler.username}
    with pytest.raises(InvalidTransition):
        actions.take_over_guidance(case, actor=ground.other_handler)
    case = actions.guide_case(case, actor=ground.dispatcher, receiver=ground.justice_bureau, note="属其职责")
    assert list(broken_rests()) == []


def test_what_arrived_elsewhere_comes_back_too(ground: Ground) -> None:
    case = actions.guide_case(
        ways.registered(ground), actor=ground.dispatcher, receiver=ground.labour_bureau, note="属其职责"
    )
    actions.take_over_guidance(case, actor=ground.other_handler)
    case = actions.restore_case(again(case), actor=ground.manager, reason="接收单位已撤销")
    assert (case.status, case.guidances.get().end) == ("registered", "arrived")
    assert case.clocks.get(stopped_at=None).kind == ClockKind.TRIAGE


def test_who_withdraws_a_case_does_not_withdraw_what_was_merged_into_it(ground: Ground) -> None:
    case, into = ways.registered(ground), ways.accepted(ground)
    actions.merge_case(case, actor=ground.dispatcher, target=str(into.code), reason="同一块地")
    actions.withdraw_case(again(into), actor=ground.clerk, reason="自行和解")
    case = again(case)
    assert (case.status, case.merged_into, case.mergers.get().undo_reason) == (
        "registered",
        None,
        f"{into.code} 已撤回",
    )
    assert case.clocks.filter(kind=ClockKind.TRIAGE, stopped_at=None, paused_at=None).exists()
    assert ground.dispatcher.username in told("case_split")
    assert list(broken_rests()) == []


def test_what_is_merged_into_a_case_that_was_guided_away_is_split_once_that_is_restored(ground: Ground) -> None:
    case, into = ways.registered(ground), ways.accepted(ground)
    actions.merge_case(case, actor=ground.dispatcher, target=str(into.code), reason="同一块地")
    actions.guide_case(again(into), actor=ground.dispatcher, receiver=ground.labour_bureau, note="属其职责")
    with pytest.raises(InvalidTransition, match="请先恢复该案"):
        actions.split_case(again(case), actor=ground.dispatcher, reason="不是同一事项")
    actions.restore_case(again(into), actor=ground.manager, reason="并有他人的案件")
    assert actions.split_case(again(case), actor=ground.dispatcher, reason="不是同一事项").status == "registered"


def test_the_way_back_is_the_managers_needs_a_reason_and_is_for_what_is_at_rest(ground: Ground) -> None:
    case = ways.in_state(ground, State.WITHDRAWN)
    with pytest.raises(PermissionDenied, match="负责人"):
        actions.restore_case(case, actor=ground.dispatcher, reason="又来反映")
    with pytest.raises(Exception, match="请填写理由"):
        actions.restore_case(case, actor=ground.manager, reason=" ")
    with pytest.raises(InvalidTransition):
        actions.restore_case(ways.closed(ground), actor=ground.manager, reason="又来反映")
    assert again(case).status == State.WITHDRAWN


def listed(actor: User, case: Case, asked_for: str) -> set[str]:
    """The codes that the picker lists for what is done with the chosen one."""
    page = signed_in(actor).get(f"/cases/{case.code}/parts/candidates/?for={asked_for}")
    return set(re.findall(r"ZJ\w{20}", page.content.decode()))


def test_the_picker_lists_only_what_a_case_can_be_merged_into_or_linked_with(ground: Ground) -> None:
    case, at_work, closed = ways.registered(ground), ways.handling(ground), ways.closed(ground)
    assert listed(ground.manager, case, "merge") == {str(at_work.code)}
    assert listed(ground.manager, case, "link") == {str(at_work.code), str(closed.code)}
    actions.link_repeat(case, actor=ground.manager, earlier=str(closed.code))
    assert listed(ground.manager, case, "link") == {str(at_work.code)}
    actions.restrict_case(again(case), actor=ground.manager, reason="涉及隐私")
    assert listed(ground.manager, case, "merge") == set()
    actions.restrict_case(again(at_work), actor=ground.manager, reason="涉及隐私")
    assert listed(ground.manager, case, "merge") == {str(at_work.code)}
    actions.merge_case(again(case), actor=ground.manager, target=str(at_work.code), reason="同一块地")
