"""The interval between letters: suspensions do not count, and no two letters of one cause come too close."""

import pytest

from intake import actions as cases
from intake.models import Case
from referrals.models import Document, DocumentKind, EscalationRule, EscalationStep
from tests.people import Ground
from tests.referrals import ways
from tests.referrals.ways import SHANGHAI, on, suspend, sweep
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def test_the_steps_of_a_suspended_case_wait_until_it_goes_on(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        case = ways.dispatched(ground)
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-04T17:31")
    with on("2025-11-05T09:00"):
        cases.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    sweep("2025-11-20T10:00")
    assert ways.letters(case) == []
    with on("2025-11-20T11:00"):
        cases.resume_case(case, actor=ground.dispatcher)
    sweep("2025-11-24T10:00")
    assert ("remind", "", "draft") in ways.letters(case)


def test_after_a_suspension_the_letters_of_a_lapse_keep_their_interval(ground: Ground) -> None:
    case = ways.overdue_case(ground)
    suspend(ground, case, "2025-11-05T09:00", "2025-11-20T11:00")
    sweep("2025-11-20T17:29")
    assert ways.letters(case) == []
    for day in ("20", "21", "22", "24", "25"):
        sweep(f"2025-11-{day}T17:31")
    assert ways.letter_days(case) == [("remind", "11-20")]
    sweep("2025-11-26T17:29")
    assert len(ways.letters(case)) == 1
    sweep("2025-11-26T17:31")  # four working days after the reminder, as without the suspension
    assert ways.letter_days(case) == [("remind", "11-20"), ("supervise", "11-26")]


def test_a_suspension_between_two_letters_puts_the_second_off_by_its_working_days(ground: Ground) -> None:
    case = ways.overdue_case(ground)
    sweep("2025-11-05T17:31")
    suspend(ground, case, "2025-11-06T09:00", "2025-11-10T11:00")  # Thursday to Monday: two closings of working days
    sweep("2025-11-12T17:31")
    assert ways.letter_days(case) == [("remind", "11-05")]
    sweep("2025-11-13T17:31")
    assert ways.letter_days(case) == [("remind", "11-05"), ("supervise", "11-13")]


def test_a_sweep_that_was_away_drafts_the_letters_of_a_lapse_one_after_the_other(ground: Ground) -> None:
    case = ways.overdue_case(ground)
    sweep("2025-11-17T10:00")
    assert ways.letter_days(case) == [("remind", "11-17")]
    sweep("2025-11-21T17:29")
    assert len(ways.letters(case)) == 1
    sweep("2025-11-21T17:31")
    assert ways.letter_days(case) == [("remind", "11-17"), ("supervise", "11-21")]


def test_a_letter_drafted_late_by_an_earlier_sweep_delays_the_next_by_the_days_between_their_rules(
    ground: Ground,
) -> None:
    case = ways.overdue_case(ground)
    sweep("2025-11-10T10:00")  # the sweep was away: the reminder of the 5th is drafted on Monday the 10th
    sweep("2025-11-11T17:31")  # only now is the supervision due by its own rule
    sweep("2025-11-14T17:29")
    assert ways.letter_days(case) == [("remind", "11-10")]
    sweep("2025-11-14T17:31")  # four working days after the reminder was drafted
    assert ways.letter_days(case) == [("remind", "11-10"), ("supervise", "11-14")]


def test_letters_due_at_one_hour_are_a_working_day_apart(ground: Ground) -> None:
    EscalationRule.objects.filter(trigger="overdue", does="supervise").update(after_amount=1)
    case = ways.overdue_case(ground)
    sweep("2025-11-07T18:00")  # a Friday
    sweep("2025-11-09T18:00")
    assert ways.letter_days(case) == [("remind", "11-07")]
    sweep("2025-11-10T17:31")
    assert ways.letter_days(case) == [("remind", "11-07"), ("supervise", "11-10")]


def recommended_on(case: Case) -> list[str]:
    return [day for purpose, day in ways.letter_days(case) if purpose == "recommend"]


def test_leaders_are_notified_of_a_red_one_unanswered_and_no_letter_waits_for_that(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        red = ways.signed(ground, level="red")  # to be answered in 24 hours
    assert red.case is not None
    sweep("2025-11-07T18:00")  # the sweep was away: the leaders hear of it on Friday
    assert EscalationStep.objects.get(document=red, rule__does="supervise_red").outcome == "done"
    assert OutboxMessage.objects.filter(key__contains="document_leader").exists()
    sweep("2025-11-11T17:29")
    assert recommended_on(red.case) == []
    sweep("2025-11-11T17:31")  # five working days after the limit, not after the message
    assert recommended_on(red.case) == ["11-11"]


def test_a_letter_does_not_wait_for_one_that_was_not_drafted(ground: Ground) -> None:
    for does, days in (("supervise", 1), ("remind", 5)):
        EscalationRule.objects.filter(trigger="overdue", does=does).update(after_amount=days)
    case = ways.overdue_case(ground)
    with on("2025-11-05T09:00"):
        handling = case.handlings.get(part="lead", closed_at=None)
        ways.draft(ground, case=case, occasion=f"supervise:yellow:handling:{handling.pk}")
    sweep("2025-11-17T10:00")
    taken = EscalationStep.objects.filter(lapse__case=case).values_list("rule__does", "outcome")
    assert dict(taken) == {"supervise": "covered", "remind": "done"}
    assert ways.letter_days(case) == [("supervise", "11-05"), ("remind", "11-17")]


@pytest.mark.usefixtures("automatic")
def test_an_answer_is_due_later_by_the_suspension_and_its_letters_keep_their_interval(ground: Ground) -> None:
    DocumentKind.objects.filter(code="recommendation").update(by_itself=True)
    case = ways.overdue_case(ground)
    sweep("2025-11-05T17:31")
    sweep("2025-11-10T17:31")  # three working days without a receipt of the reminder
    assert ways.letter_days(case)[1:] == [("supervise", "11-10")]
    yellow = Document.objects.get(case=case, level="yellow")
    assert f"{yellow.answer_due_at.astimezone(SHANGHAI):%m-%d %H:%M}" == "11-13 17:30"
    suspend(ground, case, "2025-11-12T09:00", "2025-11-24T11:00")  # eight closings: one of three days was used
    sweep("2025-11-24T17:31")
    assert len(ways.letters(case)) == 2
    sweep("2025-11-25T17:31")
    assert ways.letter_days(case)[2:] == [("supervise", "11-25")]
    sweep("2025-12-01T17:31")
    assert len(ways.letters(case)) == 3
    sweep("2025-12-02T17:31")
    assert ways.letter_days(case)[3:] == [("recommend", "12-02")]
