"""Tiers: up by decision, clock, risk and category, one at a time but for red; the former holder stays."""

import pytest
from django.utils import timezone

from intake import actions, queries
from intake.actions.tiers import may_go_up
from intake.available_actions import available_acts
from intake.coordination import actions as coordination_actions
from intake.deadlines.models import Clock
from intake.models import Case, ReturnRequest, TierMove
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db


def at_village(ground: Ground, **changes: object) -> Case:
    case = actions.register_case(an_entry(**changes), actor=ground.village_manager)
    return actions.accept_case(case, actor=ground.village_manager)


def at(case: Case) -> tuple[str, str, str]:
    case.refresh_from_db()
    assert case.centre is not None
    return case.tier, case.centre.name, case.status


def test_a_decision_brings_it_one_tier_up_and_the_former_holder_stays(ground: Ground) -> None:
    case = at_village(ground)
    for person in (ground.town_manager, ground.grid_worker, ground.stranger):
        with pytest.raises(PermissionDenied):
            actions.escalate_case(case, actor=person, reason="村里办不了")
    actions.escalate_case(case, actor=ground.village_manager, reason="涉及镇里的规划")
    assert at(case) == ("town", "巨日合镇综治中心", "accepted")
    support = case.handlings.get(closed_at=None)
    assert (support.kind, support.part, support.organisation) == ("support", "co", ground.village_centre)
    clock = Clock.objects.get(case=case, kind="tier", stopped_at=None)
    assert (clock.organisation, clock.amount) == (ground.juri_centre, 7)
    assert "case_escalated" in [entry.verb for entry in trail_of(case)]
    actions.escalate_case(case, actor=ground.town_manager, reason="跨镇")
    assert at(case)[0] == "county"
    assert not Clock.objects.filter(case=case, kind="tier", stopped_at=None).exists()
    with pytest.raises(InvalidTransition, match="县级"):
        actions.escalate_case(case, actor=ground.manager, reason="再上")


def test_a_centre_above_takes_over_what_one_below_holds_tier_by_tier(ground: Ground) -> None:
    case = at_village(ground)
    for person in (ground.village_manager, ground.grid_worker, ground.stranger, ground.clerk, ground.leader):
        with pytest.raises((PermissionDenied, InvalidTransition)):
            actions.pull_up_case(case, actor=person, reason="影响大")
    with pytest.raises(BadInput):
        actions.pull_up_case(case, actor=ground.manager, reason=" ")
    actions.pull_up_case(case, actor=ground.manager, reason="涉及多个镇")
    assert at(case) == ("county", "旗综治中心", "accepted")
    moves = TierMove.objects.filter(case=case).order_by("pk")
    assert [(m.from_tier, m.to_tier, m.actor, m.reason) for m in moves] == [
        ("village", "town", ground.manager, "涉及多个镇"),
        ("town", "county", ground.manager, "涉及多个镇"),
    ]
    with pytest.raises(PermissionDenied):
        actions.pull_up_case(case, actor=ground.manager, reason="已在本级")


def test_taking_over_is_offered_above_and_not_where_one_sorts_oneself(ground: Ground) -> None:
    case = at_village(ground)
    offered = {who: [a.name for a in available_acts(ground.people[who], case)] for who in ("manager", "town_manager")}
    assert all("pull-up" in names for names in offered.values())
    assert "pull-up" not in [act.name for act in available_acts(ground.village_manager, case)]
    closed = ways.closed(ground)
    assert "pull-up" not in [act.name for act in available_acts(ground.manager, closed)]


def test_red_risk_goes_to_the_county_at_once(ground: Ground) -> None:
    case = at_village(ground)
    actions.regrade_case(case, actor=ground.village_manager, risk="red", reason="扬言报复")
    assert at(case)[0] == "county"
    move = TierMove.objects.get(case=case)
    assert (move.from_tier, move.to_tier, move.cause) == ("village", "county", "risk")
    fresh = actions.register_case(an_entry(risk="red"), actor=ground.village_manager)
    assert at(fresh) == ("county", "旗综治中心", "registered")
    assert Clock.objects.get(case=fresh, kind="triage", stopped_at=None).organisation == ground.county_centre


def test_what_became_red_while_it_rested_goes_to_the_county_when_it_goes_on(ground: Ground) -> None:
    case = actions.suspend_case(at_village(ground), actor=ground.village_manager, reason="等待鉴定")
    actions.regrade_case(case, actor=ground.village_manager, risk="red", reason="扬言报复")
    assert at(case)[::2] == ("village", "suspended")
    actions.resume_case(case, actor=ground.village_manager)
    assert at(case) == ("county", "旗综治中心", "accepted")


def test_what_became_red_while_its_report_waited_goes_to_the_county_when_it_is_taken_up_again(ground: Ground) -> None:
    def reported() -> Case:
        case = actions.take_up_case(at_village(ground), actor=ground.village_manager)
        actions.report_outcome(case, ways.REPORT, actor=ground.village_manager)
        actions.regrade_case(case, actor=ground.village_manager, risk="red", reason="扬言报复")
        assert at(case)[::2] == ("village", "concluded")
        return case

    sent_back = actions.send_back(reported(), actor=ground.village_manager, reason="矛盾未解")
    assert at(sent_back) == ("county", "旗综治中心", "accepted")
    closed = actions.close_case(reported(), actor=ground.village_manager)
    actions.reopen_case(closed, actor=ground.village_manager, reason="又起争执")
    assert at(closed) == ("county", "旗综治中心", "accepted")


def test_a_category_beyond_the_tier_goes_up_tier_by_tier(ground: Ground) -> None:
    from intake.models import Category

    code = Category.objects.filter(code__startswith="13", parent__isnull=False).values_list("code", flat=True)[0]
    case = at_village(ground, category=code)
    assert at(case)[0] == "county"
    moves = TierMove.objects.filter(case=case).values_list("from_tier", "to_tier", "cause")
    assert list(moves) == [("village", "town", "category"), ("town", "county", "category")]
    with pytest.raises(RuleViolation, match="县级办理"):
        actions.hand_down_case(case, actor=ground.dispatcher, centre=ground.juri_centre, reason="就地")


def test_down_goes_one_tier_to_the_centre_of_the_place(ground: Ground) -> None:
    case = ways.accepted(ground)
    for centre in (None, ground.lubei_centre, ground.village_centre, ground.justice_bureau):
        with pytest.raises(RuleViolation) as refused:
            actions.hand_down_case(case, actor=ground.dispatcher, centre=centre, reason="就地化解")
        assert refused.value.field == "centre"
    actions.hand_down_case(case, actor=ground.dispatcher, centre=ground.juri_centre, reason="就地化解")
    assert at(case)[:2] == ("town", "巨日合镇综治中心")
    actions.escalate_case(case, actor=ground.town_manager, reason="需旗里协调")
    assert at(case)[0] == "county"
    open_parts = case.handlings.filter(closed_at=None)
    assert [part.organisation for part in open_parts] == [ground.juri_centre]


def test_who_answers_again_supports_no_more_and_the_others_go_on(ground: Ground) -> None:
    case = at_village(ground)
    actions.escalate_case(case, actor=ground.village_manager, reason="上报")
    actions.escalate_case(case, actor=ground.town_manager, reason="上报")
    actions.hand_down_case(case, actor=ground.dispatcher, centre=ground.juri_centre, reason="就地化解")
    support = case.handlings.filter(closed_at=None).order_by("pk")
    assert [part.organisation for part in support] == [ground.village_centre, ground.county_centre]


def test_nothing_lies_below_the_village(ground: Ground) -> None:
    with pytest.raises(InvalidTransition, match="村级办理，没有下级"):
        actions.hand_down_case(
            at_village(ground), actor=ground.village_manager, centre=ground.village_centre, reason="就地化解"
        )


def test_a_return_that_was_asked_for_falls_away_when_the_case_goes_up(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    actions.accept_case(case, actor=ground.town_dispatcher)
    for _ in range(2):
        actions.dispatch_case(case, actor=ground.town_dispatcher, organisation=ground.juri_justice)
        actions.return_case(case, actor=ground.town_handler, reason="不属本所")
    request = ReturnRequest.objects.get()
    assert request.granted is None
    actions.escalate_case(case, actor=ground.town_manager, reason="跨镇")
    request.refresh_from_db()
    assert (request.granted, request.decision_note) == (False, "案件已转其他层级办理")


def test_what_was_handed_out_ends_when_the_case_goes_up(ground: Ground) -> None:
    case = actions.dispatch_case(at_village(ground), actor=ground.village_manager, organisation=ground.juri_police)
    actions.escalate_case(case, actor=ground.village_manager, reason="派出所建议上报")
    assert at(case)[2] == "accepted"
    lead = case.handlings.get(part="lead")
    assert lead.close_reason == "moved"
    assert not Clock.objects.filter(case=case, kind__in=["sign", "handle"], stopped_at=None).exists()
    assert case.handlings.filter(kind="support", closed_at=None).count() == 2


def test_support_does_not_hold_up_the_end(ground: Ground) -> None:
    case = at_village(ground)
    actions.escalate_case(case, actor=ground.village_manager, reason="上报")
    actions.take_up_case(case, actor=ground.town_manager)
    actions.report_outcome(case, ways.REPORT, actor=ground.town_manager)
    assert at(case)[2] == "concluded"
    case.refresh_from_db()
    assert case.solved_tier == "town"
    assert actions.close_case(case, actor=ground.town_dispatcher).status == "closed"


def test_who_supports_a_case_is_released_when_it_is_guided_away(ground: Ground) -> None:
    case = at_village(ground)
    actions.escalate_case(case, actor=ground.village_manager, reason="上报")
    support = case.handlings.get(closed_at=None)
    task = coordination_actions.add_task(case, support, actor=ground.town_manager, what="送达告知书")
    actions.guide_case(case, actor=ground.town_manager, receiver=ground.labour_bureau, note="属劳动监察")
    support.refresh_from_db()
    task.refresh_from_db()
    assert (support.close_reason, support.closed_at is not None) == ("released", True)
    assert (task.is_open, task.release_reason) == (False, "案件已导引至人社局")


def test_a_suspended_case_does_not_move(ground: Ground) -> None:
    case = at_village(ground)
    actions.suspend_case(case, actor=ground.village_manager, reason="等待鉴定")
    with pytest.raises(InvalidTransition):
        actions.escalate_case(case, actor=ground.village_manager, reason="上报")
    assert not actions.escalate_by_clock(case, reason="x")


def test_what_the_county_has_goes_no_further_up(ground: Ground) -> None:
    assert not may_go_up(ways.accepted(ground))
    assert may_go_up(at_village(ground))


def test_who_supports_has_it_among_the_work_writes_notes_and_reports(ground: Ground) -> None:
    case = at_village(ground)
    actions.escalate_case(case, actor=ground.village_manager, reason="上报")
    case = actions.take_up_case(Case.objects.get(pk=case.pk), actor=ground.town_manager)
    assert list(queries.cases_in_hand(ground.village_manager)) == [case]
    names = [act.name for act in available_acts(ground.village_manager, case)]
    assert "report-part" in names
    assert "write-note" in names
    note = {"on": timezone.localdate(), "text": "已上门稳控"}
    actions.write_note(case, actor=ground.village_manager, **note)  # type: ignore[arg-type]
    coordination_actions.report_part(Case.objects.get(pk=case.pk), actor=ground.village_manager, note="已配合到位")
    support = case.handlings.get(kind="support")
    assert (support.close_reason, support.report) == ("concluded", "已配合到位")
    assert not queries.cases_in_hand(ground.village_manager).exists()
    with pytest.raises(PermissionDenied):
        coordination_actions.report_part(Case.objects.get(pk=case.pk), actor=ground.village_manager, note="再报")


def test_who_supports_is_released_by_the_centre(ground: Ground) -> None:
    case = at_village(ground)
    actions.escalate_case(case, actor=ground.village_manager, reason="上报")
    support = case.handlings.get(kind="support")
    fresh = Case.objects.get(pk=case.pk)
    coordination_actions.release_part(fresh, support, actor=ground.town_manager, reason="不再需要")
    assert not queries.cases_in_hand(ground.village_manager).exists()
