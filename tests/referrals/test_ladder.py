"""The ladder with simulated time: each letter, slip and escalation at its hour, once each."""

import pytest
import time_machine

from intake import actions as cases
from intake.models import Case, TierMove
from referrals import actions
from referrals.actions.steps import plan_steps_of_document
from referrals.models import Document, DocumentKind, LadderRule, LadderStep, Lapse
from referrals.tasks import climb_ladder
from tests.people import Ground, an_entry
from tests.referrals import ways
from tests.referrals.ways import SHANGHAI, at, rests, sweep
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def papers(case: Case) -> list[tuple[str, str, str]]:
    rows = Document.objects.filter(case=case).exclude(kind__purpose="dispatch").order_by("id")
    return [(d.kind.purpose, d.level, d.status) for d in rows]


@pytest.fixture
def automatic(db: None) -> None:
    """Letters and supervisions go out without a signature."""
    DocumentKind.objects.filter(code__in=["reminder", "supervision"]).update(by_itself=True)


def village_case(ground: Ground, moment: str, **changes: object) -> Case:
    """Taken in at the village, handed to the town's police station, and then left alone."""
    with time_machine.travel(at(moment), tick=False):
        case = cases.register_case(an_entry(**changes), actor=ground.village_manager)
        cases.accept_case(case, actor=ground.village_manager)
        return actions.dispatch_with_slip(case, actor=ground.village_manager, organisation=ground.juri_police)


# Moments by the announced calendars: National Day 2025 was 1-8 October with make-up days on 28 September (Sunday)
# and 11 October (Saturday); New Year 2026 was 1-3 January with a make-up day on 4 January (Sunday).
HOLIDAY = {
    "begins": "2025-09-26T10:00",  # a Friday
    "sign": "2025-09-28T17:30",  # one working day: the make-up Sunday
    "tier_village": "2025-09-30T17:30",  # three working days: 28, 29, 30
    "unanswered": "2025-10-09T17:30",  # three working days after 28 September 17:30: 29, 30, 9 October
}
NEW_YEAR = {
    "begins": "2025-12-30T10:00",  # a Tuesday
    "sign": "2025-12-31T17:30",
    "tier_village": "2026-01-05T17:30",  # 31 December, the make-up Sunday 4 January, 5 January
    "unanswered": "2026-01-06T17:30",  # 4, 5, 6 January
}


def just_before(moment: str) -> str:
    return f"{moment[:-5]}17:29"


def just_after(moment: str) -> str:
    return f"{moment[:-5]}17:31"


@pytest.mark.usefixtures("automatic")
@pytest.mark.parametrize("when", [HOLIDAY, NEW_YEAR], ids=["over National Day", "over New Year"])
def test_a_case_left_alone_climbs_from_village_to_county_each_rung_at_its_hour(
    when: dict[str, str], ground: Ground
) -> None:
    case = village_case(ground, when["begins"], complexity="hard")
    sweep(just_before(when["sign"]))
    assert papers(case) == []
    sweep(just_after(when["sign"]))
    assert papers(case) == [("remind", "", "issued")]
    reminder = Document.objects.get(case=case, kind__purpose="remind")
    assert (reminder.by_system, reminder.signed_by, reminder.serial) == (True, None, 1)
    assert reminder.issuer == ground.village_centre
    sweep(just_before(when["tier_village"]))
    case.refresh_from_db()
    assert case.tier == "village"
    sweep(just_after(when["tier_village"]))
    case.refresh_from_db()
    assert (case.tier, case.centre, case.status) == ("town", ground.juri_centre, "accepted")
    stay = {part.organisation for part in case.handlings.filter(kind="support")}
    assert stay == {ground.village_centre, ground.juri_police}
    town_due = case.clocks.get(kind="tier", stopped_at=None).due_at.astimezone(SHANGHAI)
    sweep(f"{town_due:%Y-%m-%d}T17:29")
    case.refresh_from_db()
    assert case.tier == "town"
    sweep(f"{town_due:%Y-%m-%d}T17:31")
    case.refresh_from_db()
    assert (case.tier, case.centre) == ("county", ground.county_centre)
    for day in ("01-20", "02-02", "03-02", "04-01"):
        sweep(f"{town_due.year + 1}-{day}T09:00")
    moves = TierMove.objects.filter(case=case)
    assert [(m.from_tier, m.to_tier, m.cause, m.actor) for m in moves] == [
        ("village", "town", "clock", None),
        ("town", "county", "clock", None),
    ]
    assert [m.at.astimezone(SHANGHAI).strftime("%H:%M") for m in moves] == ["17:31", "17:31"]
    assert not LadderStep.objects.filter(taken_at=None).exists()


@pytest.mark.usefixtures("automatic")
@pytest.mark.parametrize("when", [HOLIDAY, NEW_YEAR], ids=["over National Day", "over New Year"])
def test_unsigned_slip_reminder_yellow_red_leader_advice_each_once(when: dict[str, str], ground: Ground) -> None:
    with time_machine.travel(at(when["begins"]), tick=False):
        case = ways.dispatched(ground, complexity="hard")
    sweep(just_after(when["sign"]))
    sweep(just_before(when["unanswered"]))
    assert papers(case) == [("remind", "", "issued")]
    sweep(just_after(when["unanswered"]))
    assert papers(case)[1:] == [("supervise", "yellow", "issued")]
    yellow = Document.objects.get(case=case, level="yellow")
    assert yellow.number == f"扎鲁特综督〔{yellow.signed_at:%Y}〕1号"
    due = yellow.answer_due_at.astimezone(SHANGHAI)
    sweep(f"{due:%Y-%m-%d}T17:29")
    assert OutboxMessage.objects.filter(key__contains="document_near").exists()
    assert len(papers(case)) == 2
    sweep(f"{due:%Y-%m-%d}T17:31")
    assert papers(case)[2:] == [("supervise", "red", "issued")]
    red = Document.objects.get(case=case, level="red")
    assert (red.answer_due_at - red.issued_at).total_seconds() == 24 * 3600
    assert red.follows == yellow
    told = OutboxMessage.objects.filter(key__contains="document_leader", payload__user=ground.leader.pk)
    assert told.count() >= 1
    for day in ("02-10", "02-20", "03-05"):
        sweep(f"{due.year + (1 if due.month > 2 else 0)}-{day}T10:00")
    kinds = [purpose for purpose, _, _ in papers(case)]
    assert (kinds.count("supervise"), kinds.count("recommend")) == (2, 1)
    assert kinds.count("remind") == 2  # late signature, and then late handling
    occasions = list(Document.objects.exclude(occasion=None).values_list("occasion", flat=True))
    assert len(occasions) == len(set(occasions))


def test_drafts_wait_for_a_signature_where_the_kind_says_so(ground: Ground) -> None:
    with time_machine.travel(at(NEW_YEAR["begins"]), tick=False):
        case = ways.dispatched(ground, complexity="hard")
    sweep(just_after(NEW_YEAR["sign"]))
    assert papers(case) == [("remind", "", "draft")]
    draft = Document.objects.get(case=case, kind__purpose="remind")
    with time_machine.travel(at("2026-01-04T09:00"), tick=False):
        signed = actions.sign_document(draft, actor=ground.manager)
    assert signed.number == "扎鲁特综提〔2026〕1号"  # the year of the signature, not of the draft
    sweep("2026-01-07T17:29")
    assert len(papers(case)) == 1
    sweep("2026-01-07T17:31")
    assert papers(case)[1:] == [("supervise", "yellow", "draft")]


def test_what_was_done_in_time_or_meanwhile_causes_nothing(ground: Ground) -> None:
    with time_machine.travel(at(NEW_YEAR["begins"]), tick=False):
        case = ways.dispatched(ground, complexity="hard")
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2026-01-07T10:00")
    assert papers(case) == []
    assert not Lapse.objects.filter(case=case, kind="sign").exists()


def test_late_by_a_day_reminds_by_five_supervises(ground: Ground) -> None:
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        case = ways.dispatched(ground)  # simple: one natural day, due on the 4th
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-05T17:29")
    assert papers(case) == []
    sweep("2025-11-05T17:31")
    assert papers(case) == [("remind", "", "draft")]
    sweep("2025-11-11T17:29")
    assert len(papers(case)) == 1
    sweep("2025-11-11T17:31")
    assert papers(case)[1:] == [("supervise", "yellow", "draft")]
    slip = Document.objects.get(case=case, level="yellow")
    assert "应于11月4日17时30分前办结" in slip.body
    assert "扎鲁特综交〔2025〕1号" in slip.body


def test_a_suspended_case_rests_on_its_rung(ground: Ground) -> None:
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        case = ways.dispatched(ground)
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-04T17:31")
    with time_machine.travel(at("2025-11-05T09:00"), tick=False):
        cases.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
    sweep("2025-11-20T10:00")
    assert papers(case) == []
    with time_machine.travel(at("2025-11-20T11:00"), tick=False):
        cases.resume_case(case, actor=ground.dispatcher)
    sweep("2025-11-24T10:00")
    assert ("remind", "", "draft") in papers(case)


def drafted_on(case: Case) -> list[tuple[str, str]]:
    rows = Document.objects.filter(case=case).exclude(kind__purpose="dispatch").order_by("id")
    return [(d.kind.purpose, f"{d.drafted_at.astimezone(SHANGHAI):%m-%d}") for d in rows]


def overdue_case(ground: Ground) -> Case:
    """Due on Tuesday 4 November at 17:30; the reminder would follow on the 5th, the supervision on the 11th."""
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        case = ways.dispatched(ground)
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-04T17:31")
    return case


def test_after_a_rest_the_letters_of_a_lapse_keep_their_distance(ground: Ground) -> None:
    case = overdue_case(ground)
    rests(ground, case, "2025-11-05T09:00", "2025-11-20T11:00")
    sweep("2025-11-20T17:29")
    assert papers(case) == []
    for day in ("20", "21", "22", "24", "25"):
        sweep(f"2025-11-{day}T17:31")
    assert drafted_on(case) == [("remind", "11-20")]
    sweep("2025-11-26T17:29")
    assert len(papers(case)) == 1
    sweep("2025-11-26T17:31")  # four working days after the reminder, as without the rest
    assert drafted_on(case) == [("remind", "11-20"), ("supervise", "11-26")]


def test_a_rest_between_two_letters_puts_the_second_off_by_its_working_days(ground: Ground) -> None:
    case = overdue_case(ground)
    sweep("2025-11-05T17:31")
    rests(ground, case, "2025-11-06T09:00", "2025-11-10T11:00")  # Thursday to Monday: two closings of working days
    sweep("2025-11-12T17:31")
    assert drafted_on(case) == [("remind", "11-05")]
    sweep("2025-11-13T17:31")
    assert drafted_on(case) == [("remind", "11-05"), ("supervise", "11-13")]


def test_a_sweep_that_was_away_drafts_the_letters_of_a_lapse_one_after_the_other(ground: Ground) -> None:
    case = overdue_case(ground)
    sweep("2025-11-17T10:00")
    assert drafted_on(case) == [("remind", "11-17")]
    sweep("2025-11-21T17:29")
    assert len(papers(case)) == 1
    sweep("2025-11-21T17:31")
    assert drafted_on(case) == [("remind", "11-17"), ("supervise", "11-21")]


def test_rungs_of_one_hour_are_a_working_day_apart(ground: Ground) -> None:
    LadderRule.objects.filter(trigger="overdue", does="supervise").update(after_amount=1)
    case = overdue_case(ground)
    sweep("2025-11-07T18:00")  # a Friday
    sweep("2025-11-09T18:00")
    assert drafted_on(case) == [("remind", "11-07")]
    sweep("2025-11-10T17:31")
    assert drafted_on(case) == [("remind", "11-07"), ("supervise", "11-10")]


def recommended_on(case: Case) -> list[str]:
    return [day for purpose, day in drafted_on(case) if purpose == "recommend"]


def test_a_red_one_unanswered_is_told_and_no_letter_waits_for_that(ground: Ground) -> None:
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        red = ways.signed(ground, level="red")  # to be answered in 24 hours
    assert red.case is not None
    sweep("2025-11-07T18:00")  # the sweep was away: the leaders hear of it on Friday
    assert LadderStep.objects.get(document=red, rule__does="supervise_red").outcome == "done"
    assert OutboxMessage.objects.filter(key__contains="document_leader").exists()
    sweep("2025-11-11T17:29")
    assert recommended_on(red.case) == []
    sweep("2025-11-11T17:31")  # five working days after the limit, not after the message
    assert recommended_on(red.case) == ["11-11"]


def test_a_letter_does_not_wait_for_one_that_was_not_written(ground: Ground) -> None:
    for does, days in (("supervise", 1), ("remind", 5)):
        LadderRule.objects.filter(trigger="overdue", does=does).update(after_amount=days)
    case = overdue_case(ground)
    with time_machine.travel(at("2025-11-05T09:00"), tick=False):
        handling = case.handlings.get(part="lead", closed_at=None)
        ways.draft(ground, case=case, occasion=f"supervise:yellow:handling:{handling.pk}")
    sweep("2025-11-17T10:00")
    taken = LadderStep.objects.filter(lapse__case=case).values_list("rule__does", "outcome")
    assert dict(taken) == {"supervise": "covered", "remind": "done"}
    assert drafted_on(case) == [("supervise", "11-05"), ("remind", "11-17")]


@pytest.mark.usefixtures("automatic")
def test_an_answer_is_owed_later_by_the_rest_and_its_letters_stay_apart(ground: Ground) -> None:
    DocumentKind.objects.filter(code="recommendation").update(by_itself=True)
    case = overdue_case(ground)
    sweep("2025-11-05T17:31")
    sweep("2025-11-10T17:31")  # three working days without a receipt of the reminder
    assert drafted_on(case)[1:] == [("supervise", "11-10")]
    yellow = Document.objects.get(case=case, level="yellow")
    assert f"{yellow.answer_due_at.astimezone(SHANGHAI):%m-%d %H:%M}" == "11-13 17:30"
    rests(ground, case, "2025-11-12T09:00", "2025-11-24T11:00")  # eight closings: one of three days was used
    sweep("2025-11-24T17:31")
    assert len(papers(case)) == 2
    sweep("2025-11-25T17:31")
    assert drafted_on(case)[2:] == [("supervise", "11-25")]
    sweep("2025-12-01T17:31")
    assert len(papers(case)) == 3
    sweep("2025-12-02T17:31")
    assert drafted_on(case)[3:] == [("recommend", "12-02")]


def test_a_rung_of_a_document_waits_once_also_where_an_old_one_had_its_hour(ground: Ground) -> None:
    document = ways.signed(ground)
    steps = LadderStep.objects.filter(document=document, rule__does="supervise_red")
    steps.update(taken_at=document.issued_at, outcome="moot")
    plan_steps_of_document(document)
    plan_steps_of_document(document)
    assert sorted(step.taken_at is None for step in steps) == [False, True]
    assert len({step.due_at for step in steps}) == 1


def test_three_lapses_of_an_organisation_in_a_quarter_draft_one_recommendation(ground: Ground) -> None:
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        for _ in range(4):
            ways.dispatched(ground, complexity="hard")
    sweep("2025-11-05T10:00")
    letters = Document.objects.filter(kind__purpose="recommend")
    assert [(d.addressee, d.status, d.trigger) for d in letters] == [
        (ground.justice_bureau, "draft", "lapses_of_organisation")
    ]
    assert letters[0].issuer == ground.politics_and_law
    assert letters[0].subject == "关于2025年第四季度办件多次超期的建议函"


def test_a_category_that_doubles_drafts_one_recommendation_a_quarter(ground: Ground) -> None:
    for moment, number in (("2025-08-05T10:00", 5), ("2025-10-15T10:00", 11)):
        with time_machine.travel(at(moment), tick=False):
            for _ in range(number):
                cases.register_case(an_entry(), actor=ground.clerk)
    with time_machine.travel(at("2025-10-16T10:00"), tick=False):
        assert actions.look_for_patterns(at("2025-10-16T10:00").date())
        assert not actions.look_for_patterns(at("2025-10-16T10:00").date())
        assert actions.look_for_patterns(at("2025-10-17T10:00").date())
    letter = Document.objects.get(trigger="category_doubled")
    assert "11件，上季度5件" in letter.body


def test_red_risk_and_a_second_reopening_call_for_a_supervision_once(ground: Ground) -> None:
    case = ways.dispatched(ground, risk="red")
    climb_ladder()
    climb_ladder()
    assert papers(case) == [("supervise", "yellow", "draft")]


def test_a_late_act_counts_as_a_lapse_and_sends_no_letter(ground: Ground) -> None:
    with time_machine.travel(at("2025-11-03T10:00"), tick=False):
        case = ways.dispatched(ground, complexity="hard")
    with time_machine.travel(at("2025-11-05T10:00"), tick=False):
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-05T10:01")
    assert Lapse.objects.filter(case=case, kind="sign").count() == 1
    assert papers(case) == []
