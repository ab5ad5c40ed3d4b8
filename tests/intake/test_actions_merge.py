"""Merging keeps both histories and all parties, is undone by one act, and counts once."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from intake import actions, queries
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.entries import PartyEntry
from intake.models import Case, Merger, Party
from tests.intake import ways
from tests.people import Ground, an_entry, make_ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
CHILD = PartyEntry(name="小徐", phone="13847500008")
FATHER = PartyEntry(name="徐父", role="guardian", represents=0, phone="13847500007")


def names(case: Case) -> list[str]:
    return [party.name for party in case.parties.order_by("ordinal")]


def test_the_parties_come_along_once_each_with_their_guardians_and_sealed_numbers(ground: Ground) -> None:
    target = ways.registered(ground)
    known = an_entry().parties[0]
    case = ways.registered(
        ground,
        parties=(known, PartyEntry(**CHILD.__dict__), FATHER.__class__(**{**FATHER.__dict__, "represents": 1})),
    )
    actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一块地")
    assert names(target) == ["岳某某", "付某", "小徐", "徐父"]
    father = target.parties.get(name="徐父")
    assert father.represents is not None
    assert (father.represents.name, father.represents.case_id, father.phone) == ("小徐", target.pk, "13847500007")
    assert names(case) == ["岳某某", "小徐", "徐父"]


FIRM = PartyEntry(side="respondent", kind="organisation", name="安居物业有限公司", phone="13847500021")


@pytest.mark.parametrize(
    ("code", "again"),
    [
        ("91150526MA0N123455", {"name": "安居物业", "paper_number": "91150526MA0N123455"}),
        ("", {"phone": "04757221234", "address": "鲁北镇北二路"}),
        ("91150526MA0N123455", {"name": "安居 物业有限公司", "phone": ""}),
    ],
)
def test_owners_against_one_firm_leave_one_firm_however_they_wrote_it(
    code: str, again: dict[str, str], ground: Ground
) -> None:
    owners = [PartyEntry(name=f"业主{n}", phone=f"1384750100{n}") for n in range(3)]
    target = ways.registered(ground, parties=(owners[0], replace(FIRM, paper_number=code)))
    for owner in owners[1:]:
        case = ways.registered(ground, parties=(owner, replace(FIRM, **again)))
        actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一小区同一物业")
    assert names(target) == ["业主0", "安居物业有限公司", "业主1", "业主2"]


ACCUSED = PartyEntry(side="respondent", role="accused", name="付德柱", works_at="五家子村综治中心")


def test_whom_a_complaint_is_about_comes_along_with_where_they_work(ground: Ground) -> None:
    target = ways.registered(ground)
    case = ways.registered(ground, parties=(an_entry().parties[0], ACCUSED))
    actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一块地")
    came = target.parties.get(role="accused")
    assert came.works_at is not None
    assert (came.name, came.works_at.name) == ("付德柱", "五家子村综治中心")


def test_a_complaint_is_not_merged_into_what_those_have_in_hand_whom_it_is_about(ground: Ground) -> None:
    case = ways.registered(ground, parties=(an_entry().parties[0], ACCUSED))
    of_village = actions.register_case(an_entry(), actor=ground.people["village_manager"])
    of_county = ways.registered(ground)
    fitting = Case.objects.filter(queries.takes_in(case)).exclude(pk=case.pk)
    assert list(fitting) == [of_county]
    with pytest.raises(RuleViolation, match="由被反映的单位或其所在村镇办理") as refused:
        actions.merge_case(case, actor=ground.dispatcher, target=str(of_village.code), reason="同一块地")
    assert refused.value.field == "target"
    assert Case.objects.get(pk=case.pk).status == "registered"


def test_firms_with_other_credit_codes_stay_two(ground: Ground) -> None:
    target = ways.registered(ground, parties=(CHILD, replace(FIRM, paper_number="91150526MA0N123455")))
    other = replace(FIRM, paper_number="91350100M000100Y43")
    case = ways.registered(ground, parties=(PartyEntry(name="业主", phone="13847501009"), other))
    actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一小区")
    assert names(target).count(FIRM.name) == 2


def test_both_histories_are_read_at_the_target_and_the_case_keeps_its_own(ground: Ground) -> None:
    case, target = ways.merged(ground)
    story = queries.timeline_of(target)
    assert [(s.event, s.case_code) for s in story] == [
        ("register", ""),
        ("register", case.code),
        ("merge", case.code),
        ("merged_in", ""),
    ]
    assert [s.event for s in queries.timeline_of(case)] == ["register", "merge"]
    assert [e.verb for e in trail_of(case)] == ["case_registered", "case_merged"]
    assert [e.verb for e in trail_of(target)] == ["case_registered", "case_merged_in"]
    assert (case.status, case.merged_into_id) == ("merged", target.pk)


def test_splitting_undoes_it_and_the_clock_runs_on_where_it_stood(ground: Ground) -> None:
    case, target = ways.merged(ground)
    clock = case.clocks.get()
    assert clock.paused_at is not None
    case = actions.split_case(case, actor=ground.clerk, reason="不是一件事")
    clock.refresh_from_db()
    assert (case.status, case.merged_into_id, clock.paused_at) == ("registered", None, None)
    assert clock.next_at is not None
    assert names(target) == ["岳某某", "付某"]
    assert names(case) == ["徐某"]
    assert [s.event for s in queries.timeline_of(target)][-2:] == ["merged_in", "split_off"]
    again = actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="还是一件事")
    assert again.status == "merged"
    assert Merger.objects.count() == 2


def test_figures_count_the_merged_case_once(ground: Ground) -> None:
    def counts() -> list[int]:
        day = timezone.localdate()
        found = counting_queries.counts(Slice("150526", day, day))
        return [found.get((measure, "", ""), 0) for measure in ("accepted", "open")]

    target, case = ways.accepted(ground), ways.accepted(ground)
    assert counts() == [2, 2]
    case = actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一块地")
    assert counts() == [1, 1]
    actions.take_up_case(target, actor=ground.dispatcher)
    target = actions.report_outcome(target, ways.REPORT, actor=ground.dispatcher)
    day = timezone.localdate()
    assert counting_queries.counts(Slice("150526", day, day))["resolved", "", ""] == 1
    actions.split_case(case, actor=ground.clerk, reason="不是一件事")
    assert counts() == [2, 2]


def test_a_case_that_somebody_works_on_is_not_merged_away(ground: Ground) -> None:
    target, case = ways.registered(ground), ways.handling(ground)
    with pytest.raises(InvalidTransition):
        actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一块地")


def test_a_party_whose_number_was_taken_off_at_the_target_does_not_come_back(ground: Ground) -> None:
    case, target = ways.merged(ground)
    Party.objects.filter(case=target, name="徐某").delete()
    actions.split_case(case, actor=ground.clerk, reason="不是一件事")
    assert names(case) == ["徐某"]


@pytest.mark.parametrize("state", ["closed", "archived", "merged", "withdrawn", "guided"])
def test_a_case_is_not_merged_into_one_that_is_done(state: str, ground: Ground) -> None:
    from intake.lifecycle import State

    target, case = ways.in_state(ground, State(state)), ways.registered(ground)
    with pytest.raises(RuleViolation) as refusal:
        actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一事项")
    assert refusal.value.field == "target"
    assert State(state).label in refusal.value.message


def test_chains_are_refused_and_the_way_out_is_named(ground: Ground) -> None:
    _, target = ways.merged(ground)
    third = ways.registered(ground)
    with pytest.raises(RuleViolation, match=str(third.code)):
        actions.merge_case(target, actor=ground.clerk, target=str(third.code), reason="同一事项")


def test_not_into_itself_nor_out_of_sight_nor_without_a_reason(ground: Ground) -> None:
    case = ways.registered(ground)
    unseen = actions.register_case(an_entry(territory="150526100001"), actor=ground.stranger)
    for target, reason in ((str(case.code), "x"), ("ZJ0", "x"), (str(unseen.code), "")):
        with pytest.raises(DomainError):
            actions.merge_case(case, actor=ground.clerk, target=target, reason=reason)
    with pytest.raises(RuleViolation, match="没有找到"):
        actions.merge_case(
            actions.register_case(an_entry(), actor=ground.town_clerk),
            actor=ground.town_clerk,
            target=str(unseen.code),
            reason="同一事项",
        )
    assert not Merger.objects.exists()


def test_who_is_not_at_the_window_does_not_merge(ground: Ground) -> None:
    target, case = ways.registered(ground), ways.registered(ground)
    for person in (ground.stranger, ground.handler, ground.leader, ground.town_clerk):
        with pytest.raises((PermissionDenied, RuleViolation)):
            actions.merge_case(case, actor=person, target=str(target.code), reason="同一事项")
    case.refresh_from_db()
    assert case.status == "registered"


def test_a_merger_is_not_undone_once_the_target_is_done(ground: Ground) -> None:
    case, target = ways.merged(ground)
    Case.objects.filter(pk=target.pk).update(
        status="closed", outcome="other", concluded_at=target.registered_at, closed_at=target.registered_at
    )
    with pytest.raises(InvalidTransition, match=str(target.code)):
        actions.split_case(case, actor=ground.clerk, reason="不是一件事")


def test_repeats_are_linked_once_shown_on_both_and_taken_off(ground: Ground) -> None:
    earlier, case = ways.closed(ground), ways.registered(ground)
    actions.link_repeat(case, actor=ground.clerk, earlier=str(earlier.code).lower())
    assert [row.earlier_id for row in queries.related_cases_of(case).repeats_of] == [earlier.pk]
    assert [row.case_id for row in queries.related_cases_of(earlier).repeated_by] == [case.pk]
    with pytest.raises(RuleViolation, match="已与"):
        actions.link_repeat(case, actor=ground.clerk, earlier=str(earlier.code))
    with pytest.raises(RuleViolation):
        actions.link_repeat(case, actor=ground.clerk, earlier=str(case.code))
    actions.unlink_repeat(case, actor=ground.clerk, earlier=str(earlier.code))
    assert queries.related_cases_of(case).is_empty
    assert [e.verb for e in trail_of(case)][-2:] == ["repeat_linked", "repeat_unlinked"]


def test_registering_beside_an_earlier_case_merges_or_links_all_or_nothing(ground: Ground) -> None:
    earlier = ways.registered(ground)
    merged = actions.register_beside(an_entry(), actor=ground.clerk, earlier=str(earlier.code), merge=True)
    linked = actions.register_beside(an_entry(), actor=ground.clerk, earlier=str(earlier.code))
    assert (merged.status, linked.status) == ("merged", "registered")
    settled = actions.register_beside(an_entry(), actor=ground.clerk, earlier=str(earlier.code), report=ways.REPORT)
    assert (settled.status, settled.repeats_of.count()) == ("closed", 1)
    before = Case.objects.count()
    with pytest.raises(RuleViolation):
        actions.register_beside(an_entry(), actor=ground.clerk, earlier="ZJ000", merge=True)
    assert Case.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_merged_into_each_other_at_once_one_wins_and_nobody_hangs() -> None:
    ground = make_ground()
    one, two = ways.registered(ground), ways.registered(ground)
    gate, refused = Barrier(2), []

    def merge(case: Case, into: Case) -> None:
        gate.wait()
        try:
            actions.merge_case(case, actor=ground.clerk, target=str(into.code), reason="同一事项")
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=merge, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Case.objects.filter(status="merged").count() == 1
