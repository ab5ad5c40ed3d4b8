"""Following up after a case is closed, and the archive that asks for it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from intake import actions, queries
from intake.actions import Heard
from intake.models import Case, FollowUp
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
NOBODY = Heard("phone", reached=False, note="无人接听")


def follow_up_clock(case: Case) -> object:
    return case.clocks.filter(kind="follow_up", stopped_at=None).first()


def test_what_was_heard_is_kept_and_ends_the_limit(ground: Ground) -> None:
    case = ways.closed(ground)
    assert follow_up_clock(case)
    row = actions.record_follow_up(case, Heard("visit", True, "done", 5, note="很好"), actor=ground.clerk)
    assert (row.satisfaction, row.performance, row.made_by) == (5, "done", ground.clerk)
    assert follow_up_clock(case) is None
    assert trail_of(case).last().verb == "case_followed_up"
    step = queries.timeline_of(case)[-1]
    assert (step.event, step.reason) == ("follow_up", "上门，已全部履行，满意度 5（很满意）：很好")


def test_an_attempt_that_reached_nobody_lets_the_limit_run(ground: Ground) -> None:
    case = ways.closed(ground)
    actions.record_follow_up(case, NOBODY, actor=ground.clerk)
    assert follow_up_clock(case)
    with pytest.raises(RuleViolation) as refusal:
        actions.record_follow_up(case, Heard("phone", reached=False), actor=ground.clerk)
    assert refusal.value.field == "note"


@pytest.mark.parametrize(
    ("heard", "field"),
    [
        (Heard("pigeon", True, "done", 5), "way"),
        (Heard("phone", True, "", 5), "performance"),
        (Heard("phone", True, "done", None), "satisfaction"),
        (Heard("phone", True, "done", 6), "satisfaction"),
        (Heard("phone", True, "done", 4, escalating=True), "note"),
    ],
)
def test_what_is_missing_is_told_at_its_field(heard: Heard, field: str, ground: Ground) -> None:
    with pytest.raises(RuleViolation) as refusal:
        actions.record_follow_up(ways.closed(ground), heard, actor=ground.clerk)
    assert refusal.value.field == field
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (Heard("phone", True, "done", 2), "群众不满意"),
        (Heard("phone", True, "not", 3), "协议未履行"),
        (Heard("phone", True, "done", 4, escalating=True, note="扬言上访"), "激化苗头"),
    ],
)
def test_bad_news_goes_to_those_who_sort(heard: Heard, words: str, ground: Ground) -> None:
    actions.record_follow_up(ways.closed(ground), heard, actor=ground.clerk)
    told = OutboxMessage.objects.filter(payload__title__icontains=words)
    assert {row.payload["user"] for row in told} == {ground.dispatcher.pk, ground.manager.pk}


def test_it_is_for_the_window_of_the_centre_and_for_closed_cases(ground: Ground) -> None:
    closed, heard = ways.closed(ground), ways.HEARD
    for person in (ground.handler, ground.leader, ground.stranger):
        with pytest.raises(PermissionDenied):
            actions.record_follow_up(closed, heard, actor=person)
    with pytest.raises(InvalidTransition):
        actions.record_follow_up(ways.concluded(ground), heard, actor=ground.clerk)


# --- archive ---------------------------------------------------------------------------------------------


def test_the_archive_names_what_is_missing_and_takes_a_complete_file(ground: Ground) -> None:
    case = ways.closed(ground)
    with pytest.raises(RuleViolation, match="还没有回访"):
        actions.archive_case(case, actor=ground.dispatcher)
    assert queries.archive_gaps(case) == ["还没有回访（联系不上的，至少联系 2 次，还差 2 次）"]
    actions.record_follow_up(case, ways.HEARD, actor=ground.clerk)
    assert actions.archive_case(case, actor=ground.dispatcher).status == "archived"


def test_two_attempts_that_reached_nobody_are_enough(ground: Ground) -> None:
    case = ways.closed(ground)
    actions.record_follow_up(case, NOBODY, actor=ground.clerk)
    assert "还差 1 次" in queries.archive_gaps(case)[0]
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        actions.record_follow_up(case, NOBODY, actor=ground.clerk)
        assert queries.archive_gaps(case) == []


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (Heard("phone", True, "not_yet", 4), "履行期满"),
        (Heard("phone", True, "not", 4), "协议未履行"),
        (Heard("phone", True, "done", 4, escalating=True, note="扬言上访"), "激化苗头"),
    ],
)
def test_what_the_last_follow_up_left_open_keeps_the_file_open(heard: Heard, words: str, ground: Ground) -> None:
    case = ways.closed(ground)
    actions.record_follow_up(case, heard, actor=ground.clerk)
    assert words in queries.archive_gaps(case)[0]
    actions.record_follow_up(case, ways.HEARD, actor=ground.clerk)
    assert queries.archive_gaps(case) == []


def test_a_follow_up_before_the_case_was_reopened_does_not_count(ground: Ground) -> None:
    case = ways.followed_up(ground)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        case = actions.reopen_case(case, actor=ground.dispatcher, reason="对方反悔")
        case = actions.report_outcome(case, ways.REPORT, actor=ground.handler)
        case = actions.close_case(case, actor=ground.dispatcher)
        assert "还没有回访" in queries.archive_gaps(case)[0]
