"""Who sees what, and that it costs the same however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import actions, queries
from intake.lifecycle import State
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.core.errors import NotFound

pytestmark = pytest.mark.django_db


def sees(person: object, case: object) -> bool:
    return queries.cases_visible_to(person).filter(pk=case.pk).exists()


def test_the_subtree_of_centre_and_leader_posts_is_seen_and_the_next_town_is_not(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    for person in (ground.clerk, ground.manager, ground.leader, ground.town_manager, ground.village_manager):
        assert sees(person, case), person
    for person in (ground.stranger, ground.handler, ground.mediator, ground.auditor, ground.system_admin):
        assert not sees(person, case), person


def test_a_case_that_came_in_elsewhere_is_seen_by_the_centre_that_answers(ground: Ground) -> None:
    case = actions.register_case(an_entry(territory="150526100001"), actor=ground.town_clerk)
    assert sees(ground.town_dispatcher, case)
    assert sees(ground.stranger, case)


def test_a_department_sees_a_case_from_its_dispatch_on_and_after_a_return(ground: Ground) -> None:
    case = ways.accepted(ground)
    assert not sees(ground.handler, case)
    case = actions.dispatch_case(case, actor=ground.dispatcher, organisation=ground.justice_bureau)
    assert sees(ground.handler, case)
    actions.return_case(case, actor=ground.handler, reason="不属本局")
    assert sees(ground.handler, case)
    assert not sees(ground.other_handler, case)


def test_a_grid_worker_sees_the_own_reports_only(ground: Ground) -> None:
    own = actions.register_case(an_entry(channel="02"), actor=ground.grid_worker)
    other = actions.register_case(an_entry(), actor=ground.town_clerk)
    assert sees(ground.grid_worker, own)
    assert not sees(ground.grid_worker, other)


def test_a_draft_is_seen_by_its_author_only(ground: Ground) -> None:
    draft = actions.save_draft(an_entry(), actor=ground.clerk)
    assert sees(ground.clerk, draft)
    assert not sees(ground.manager, draft)


def test_out_of_sight_and_not_there_answer_the_same(ground: Ground) -> None:
    case = ways.registered(ground)
    answers = set()
    for code in (case.code, "ZJ150526202601010000X"):
        with pytest.raises(NotFound) as refusal:
            queries.case_visible_to(ground.other_handler, code)
        answers.add(refusal.value.message)
    assert len(answers) == 1


def test_a_person_whose_posting_ended_sees_nothing(ground: Ground) -> None:
    from django.utils import timezone

    from grids.actions import end_posting
    from zhongzhi.accounts.models import User

    case = ways.registered(ground)
    end_posting(ground.clerk.postings.get(), ends_on=timezone.localdate())
    again = User.objects.get(pk=ground.dispatcher.pk)
    assert sees(again, case)
    end_posting(again.postings.get(), ends_on=timezone.localdate())
    assert not sees(User.objects.get(pk=again.pk), case)


def test_the_lists_of_the_day_hold_what_waits_for_each(ground: Ground) -> None:
    registered, accepted = ways.registered(ground), ways.accepted(ground)
    dispatched, handled, concluded = ways.dispatched(ground), ways.handling(ground), ways.concluded(ground)
    assert [c.pk for c in queries.cases_to_triage(ground.dispatcher)] == [registered.pk]
    assert [c.pk for c in queries.cases_to_dispatch(ground.dispatcher)] == [accepted.pk]
    assert [c.pk for c in queries.cases_to_review(ground.dispatcher)] == [concluded.pk]
    assert [c.pk for c in queries.cases_to_sign(ground.handler)] == [dispatched.pk]
    assert [c.pk for c in queries.cases_in_hand(ground.handler)] == [handled.pk]
    assert not queries.cases_to_triage(ground.stranger).exists()


def test_earlier_cases_are_found_by_paper_phone_and_name_with_place(ground: Ground) -> None:
    case = ways.registered(ground)
    found = [
        queries.earlier_cases(ground.clerk, paper_number="152327196503152419"),
        queries.earlier_cases(ground.clerk, phone="13847500002"),
        queries.earlier_cases(ground.clerk, name="岳某某", territory="150526103200"),
    ]
    assert [[c.pk for c in rows] for rows in found] == [[case.pk]] * 3
    assert not queries.earlier_cases(ground.clerk, name="岳某某").exists()
    assert not queries.earlier_cases(ground.other_handler, phone="13847500002").exists()


def test_the_story_of_a_case_takes_the_same_queries_however_long(ground: Ground) -> None:
    short, long = ways.registered(ground), ways.closed(ground)
    long = actions.reopen_case(long, actor=ground.manager, reason="协议未履行")
    counts = []
    for case in (short, long):
        with CaptureQueriesContext(connection) as captured:
            queries.timeline_of(case)
        counts.append(len(captured))
    assert counts[0] == counts[1] == 13
    assert [s.event for s in queries.timeline_of(long)][-1] == "reopen"
    assert long.status == State.HANDLING
