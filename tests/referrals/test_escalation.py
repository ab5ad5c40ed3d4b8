"""Escalation with simulated time: each letter, slip and move between the tiers at its hour, once each."""

import re

import pytest

from intake import actions as cases
from intake.models import Case, TierMove
from referrals import actions
from referrals.escalation import plan_steps_of_document
from referrals.models import Document, DocumentKind, EscalationRule, EscalationStep, Lapse, StepOutcome
from tests.people import Ground, an_entry
from tests.referrals import ways
from tests.referrals.ways import SHANGHAI, on, sweep
from zhongzhi.audit.models import TrailEntry
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


def village_case(ground: Ground, moment: str, **changes: object) -> Case:
    """Taken in at the village, handed to the town's police station, and then left alone."""
    with on(moment):
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
def test_a_case_left_alone_goes_from_village_to_county_each_step_at_its_hour(
    when: dict[str, str], ground: Ground
) -> None:
    EscalationRule.objects.filter(trigger="late_dispatch").delete()  # nobody hands it out; that is another story
    case = village_case(ground, when["begins"], complexity="simple")  # whose handling is due before the tier
    sweep(just_before(when["sign"]))
    assert ways.letters(case) == []
    sweep(just_after(when["sign"]))
    assert ways.letters(case) == [("remind", "", "issued")]
    reminder = Document.objects.get(case=case, kind__purpose="remind")
    assert (reminder.by_system, reminder.signed_by, reminder.serial) == (True, None, 1)
    assert reminder.issuer == ground.village_centre
    assert f"编号{case.code}" in reminder.body and "签收" in reminder.body
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
    assert not EscalationStep.objects.filter(taken_at=None).exists()


@pytest.mark.usefixtures("automatic")
@pytest.mark.parametrize("when", [HOLIDAY, NEW_YEAR], ids=["over National Day", "over New Year"])
def test_a_slip_not_signed_for_brings_reminder_yellow_red_leaders_and_recommendation_each_once(
    when: dict[str, str], ground: Ground
) -> None:
    with on(when["begins"]):
        case = ways.dispatched(ground, complexity="hard")
    sweep(just_after(when["sign"]))
    sweep(just_before(when["unanswered"]))
    assert ways.letters(case) == [("remind", "", "issued")]
    sweep(just_after(when["unanswered"]))
    assert ways.letters(case)[1:] == [("supervise", "yellow", "issued")]
    yellow = Document.objects.get(case=case, level="yellow")
    assert yellow.number == f"扎鲁特综督〔{yellow.signed_at:%Y}〕1号"
    due = yellow.answer_due_at.astimezone(SHANGHAI)
    sweep(f"{due:%Y-%m-%d}T17:29")
    assert OutboxMessage.objects.filter(key__contains="document_near").exists()
    assert len(ways.letters(case)) == 2
    sweep(f"{due:%Y-%m-%d}T17:31")
    assert ways.letters(case)[2:] == [("supervise", "red", "issued")]
    red = Document.objects.get(case=case, level="red")
    assert (red.answer_due_at - red.issued_at).total_seconds() == 24 * 3600
    assert red.follows == yellow
    told = OutboxMessage.objects.filter(key__contains="document_leader", payload__user=ground.leader.pk)
    assert told.count() >= 1
    for day in ("02-10", "02-20", "03-05"):
        sweep(f"{due.year + (1 if due.month > 2 else 0)}-{day}T10:00")
    kinds = [purpose for purpose, _, _ in ways.letters(case)]
    assert (kinds.count("supervise"), kinds.count("recommend")) == (2, 1)
    assert kinds.count("remind") == 2  # late signature, and then late handling
    occasions = list(Document.objects.exclude(occasion=None).values_list("occasion", flat=True))
    assert len(occasions) == len(set(occasions))


def test_drafts_wait_for_a_signature_where_the_kind_says_so(ground: Ground) -> None:
    with on(NEW_YEAR["begins"]):
        case = ways.dispatched(ground, complexity="hard")
    sweep(just_after(NEW_YEAR["sign"]))
    assert ways.letters(case) == [("remind", "", "draft")]
    draft = Document.objects.get(case=case, kind__purpose="remind")
    with on("2026-01-04T09:00"):
        signed = actions.sign_document(draft, actor=ground.manager)
    assert signed.number == "扎鲁特综提〔2026〕1号"  # the year of the signature, not of the draft
    sweep("2026-01-07T17:29")
    assert len(ways.letters(case)) == 1
    sweep("2026-01-07T17:31")
    assert ways.letters(case)[1:] == [("supervise", "yellow", "draft")]


def test_what_was_done_in_time_or_meanwhile_causes_nothing(ground: Ground) -> None:
    with on(NEW_YEAR["begins"]):
        case = ways.dispatched(ground, complexity="hard")
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2026-01-07T10:00")
    assert ways.letters(case) == []
    assert not Lapse.objects.filter(case=case, kind="sign").exists()


def test_late_by_a_day_reminds_by_five_supervises(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        case = ways.dispatched(ground)  # simple: one natural day, due on the 4th
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-05T17:29")
    assert ways.letters(case) == []
    sweep("2025-11-05T17:31")
    assert ways.letters(case) == [("remind", "", "draft")]
    sweep("2025-11-11T17:29")
    assert len(ways.letters(case)) == 1
    sweep("2025-11-11T17:31")
    assert ways.letters(case)[1:] == [("supervise", "yellow", "draft")]
    slip = Document.objects.get(case=case, level="yellow")
    assert re.search(r"应于\d{4}年11月4日17时30分前办结", slip.body)
    assert "扎鲁特综交〔2025〕1号" in slip.body


def test_where_no_reminders_are_written_the_yellow_slip_comes_in_its_place_and_names_the_slip(ground: Ground) -> None:
    DocumentKind.objects.filter(purpose="remind").update(ends_on="2025-10-31")
    with on("2025-11-03T10:00"):
        case = ways.dispatched(ground)
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-05T17:31")
    assert ways.letters(case) == [("supervise", "yellow", "draft")]
    assert "扎鲁特综交〔2025〕1号" in Document.objects.get(case=case, level="yellow").body


def test_a_step_of_a_document_is_planned_once_also_where_an_old_one_had_its_hour(ground: Ground) -> None:
    document = ways.signed(ground)
    steps = EscalationStep.objects.filter(document=document, rule__does="supervise_red")
    steps.update(taken_at=document.issued_at, outcome="moot")
    plan_steps_of_document(document)
    plan_steps_of_document(document)
    assert sorted(step.taken_at is None for step in steps) == [False, True]
    assert len({step.due_at for step in steps}) == 1


def test_a_late_act_counts_as_a_lapse_and_sends_no_letter(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        case = ways.dispatched(ground, complexity="hard")
    with on("2025-11-05T10:00"):
        cases.sign_for_case(case, actor=ground.handler)
    sweep("2025-11-05T10:01")
    assert Lapse.objects.filter(case=case, kind="sign").count() == 1
    assert ways.letters(case) == []


def test_every_lapse_that_is_taken_up_stands_in_the_trail_of_its_case_once(ground: Ground) -> None:
    case = ways.overdue_case(ground)
    sweep("2025-11-04T17:32")
    lapse = Lapse.objects.get(case=case, kind="handle")
    entries = TrailEntry.objects.filter(verb="lapse_taken_up")
    assert [(entry.chain, entry.actor, entry.facts) for entry in entries] == [
        (f"case:{case.pk}", None, {"lapse": lapse.pk, "clock": lapse.clock_id})
    ]


def test_steps_of_a_lapse_are_obsolete_once_the_work_is_done(ground: Ground) -> None:
    case = ways.overdue_case(ground)
    with on("2025-11-05T09:00"):
        cases.report_outcome(case, cases.Report("peoples_mediation", "各自归还"), actor=ground.handler)
    sweep("2025-11-12T17:31")
    steps = EscalationStep.objects.filter(lapse__case=case)
    assert set(steps.values_list("rule__does", "outcome")) == {
        ("remind", StepOutcome.OBSOLETE),
        ("supervise", StepOutcome.OBSOLETE),
    }
    assert ways.letters(case) == []
    assert not TrailEntry.objects.filter(verb="ladder_step_taken").exists()


def test_steps_of_an_unanswered_letter_are_obsolete_once_its_case_has_ended(ground: Ground) -> None:
    with on("2025-11-10T10:00"):
        document = ways.signed(ground)  # to be answered by the 13th
        assert document.case is not None
        cases.withdraw_case(document.case, actor=ground.dispatcher, reason="双方自行和解")
    sweep("2025-11-20T17:31")
    outcomes = EscalationStep.objects.filter(document=document).values_list("outcome", flat=True)
    assert set(outcomes) == {StepOutcome.OBSOLETE}
    assert ways.letters(document.case) == [("supervise", "yellow", "issued")]


def test_a_supervision_about_no_single_case_turns_red_and_moves_none(ground: Ground) -> None:
    with on("2025-11-10T10:00"):
        document = ways.draft(ground)
        Document.objects.filter(pk=document.pk).update(case=None, handling=None)
        document = actions.sign_document(Document.objects.get(pk=document.pk), actor=ground.manager)
    for day in range(11, 29):
        sweep(f"2025-11-{day}T17:31")
    assert Document.objects.filter(level="red", case=None).exists()
    assert not TierMove.objects.exists()


def test_a_case_that_nobody_accepted_is_a_lapse_of_its_centre_and_its_rule_is_followed(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        case = cases.register_case(an_entry(), actor=ground.clerk)
    sweep("2025-11-07T17:31")
    lapse = Lapse.objects.get(case=case)
    assert (lapse.kind, lapse.organisation) == ("triage", ground.county_centre)
    step = EscalationStep.objects.get(lapse=lapse)
    assert (step.rule.trigger, step.taken_at is not None) == ("late_triage", True)


def test_an_answer_cancels_the_planned_steps_of_its_own_letter_alone(ground: Ground) -> None:
    with on("2025-11-03T10:00"):
        first, second = ways.signed(ground), ways.signed(ground)
    assert first.answer_due_at is not None
    before_due = first.answer_due_at.astimezone(SHANGHAI).replace(hour=16, minute=0)
    sweep(f"{before_due:%Y-%m-%dT%H:%M}")  # the warning of both went out
    with on(f"{before_due:%Y-%m-%dT%H:%M}"):
        actions.answer_document(first, actor=ground.handler, text="已整改")
    outcomes = {
        letter.pk: list(EscalationStep.objects.filter(document=letter).order_by("due_at", "pk").values_list("outcome"))
        for letter in (first, second)
    }
    done, cancelled, planned = (StepOutcome.DONE,), (StepOutcome.OBSOLETE,), ("",)
    assert outcomes[first.pk][0] == outcomes[second.pk][0] == done
    assert set(outcomes[first.pk][1:]) == {cancelled}
    assert set(outcomes[second.pk][1:]) == {planned}
