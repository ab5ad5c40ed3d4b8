"""What a sweep costs: queries grow with batches, not with what is due; and in which order the steps are taken."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import actions as cases
from intake.deadlines.models import Clock
from intake.models import Case
from referrals import actions, escalation
from referrals.models import Document, EscalationRule, EscalationStep, Lapse, Purpose, StepOutcome
from tests.people import Ground, an_entry
from tests.referrals import ways
from zhongzhi.audit.models import TrailEntry

pytestmark = pytest.mark.django_db


def late(ground: Ground, number: int) -> list[Case]:
    """So many cases that were not signed for in time."""
    found = [ways.dispatched(ground, complexity="hard") for _ in range(number)]
    past = timezone.now() - timedelta(hours=1)
    Clock.objects.filter(case__in=found, kind="sign").update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None
    )
    return found


def queries_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def test_lapses_are_taken_up_and_reminders_drafted_with_as_many_queries_for_ten_as_for_four(ground: Ground) -> None:
    counted = []
    for number in (4, 4, 10):  # the first ones reach the number of a quarter, and fill the memory of the process
        late(ground, number)
        taken = queries_of(lambda: escalation.take_up_lapses(limit=50))
        drafted = queries_of(lambda: escalation.take_due_steps(timezone.now(), limit=50))
        counted.append((taken, drafted))
    assert Document.objects.filter(kind__purpose="remind").count() == 18
    assert counted[1] == counted[2]


def test_supervisions_with_the_numbers_of_their_slips_cost_no_query_each(ground: Ground) -> None:
    rule = EscalationRule.objects.get(trigger="overdue", does="supervise")
    counted = []
    for number in (2, 6):
        found = late(ground, number)
        escalation.take_up_lapses(limit=50)
        EscalationStep.objects.filter(case__in=found).update(rule=rule)
        counted.append(queries_of(lambda: escalation.take_due_steps(timezone.now(), limit=50)))
    slips = Document.objects.filter(kind__purpose="supervise")
    assert slips.count() == 8
    assert all("扎鲁特综交〔" in slip.body for slip in slips)
    assert counted[0] == counted[1]


def test_a_suspended_case_puts_all_its_steps_off_together(ground: Ground) -> None:
    counted = []
    for number in (1, 4):
        found = late(ground, number)
        escalation.take_up_lapses(limit=50)
        for case in found:
            cases.suspend_case(case, actor=ground.dispatcher, reason="等待鉴定")
        counted.append(queries_of(lambda: escalation.take_due_steps(timezone.now(), limit=50)))
    assert EscalationStep.objects.filter(taken_at=None, due_at__gt=timezone.now()).count() == 5
    assert counted[0] == counted[1]


@pytest.fixture
def reminder_with_the_move(db: None) -> None:
    """A county that also reminds when the tier's limit has passed."""
    EscalationRule.objects.create(trigger="tier_passed", does="remind", starts_on="2020-01-01")


@pytest.mark.usefixtures("reminder_with_the_move")
def test_who_loses_a_case_to_the_tier_above_is_not_reminded_of_that_lapse(ground: Ground) -> None:
    case = tier_passed(ground)
    escalation.take_due_steps(timezone.now(), limit=50)
    case.refresh_from_db()
    assert case.centre == ground.juri_centre
    assert not Document.objects.filter(case=case, kind__purpose="remind").exists()
    steps = EscalationStep.objects.filter(lapse__case=case).values_list("rule__does", "outcome")
    assert dict(steps) == {"escalate": StepOutcome.DONE, "remind": StepOutcome.COVERED}
    taken = TrailEntry.objects.filter(verb="ladder_step_taken", chain=f"case:{case.pk}")
    assert sorted(entry.facts["outcome"] for entry in taken) == ["covered", "done"]


@pytest.mark.usefixtures("reminder_with_the_move")
def test_where_there_is_no_tier_above_the_reminder_goes_out(ground: Ground) -> None:
    case = tier_passed(ground)
    Case.objects.filter(pk=case.pk).update(tier="county")
    escalation.take_due_steps(timezone.now(), limit=50)
    steps = EscalationStep.objects.filter(lapse__case=case).values_list("rule__does", "outcome")
    assert dict(steps) == {"escalate": StepOutcome.OBSOLETE, "remind": StepOutcome.DONE}


def test_a_letter_for_another_lapse_is_written_by_the_centre_that_answered_then(ground: Ground) -> None:
    case = tier_passed(ground)
    past = timezone.now() - timedelta(hours=1)
    Clock.objects.filter(case=case, kind="sign").update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None
    )
    escalation.take_up_lapses(limit=50)
    escalation.take_due_steps(timezone.now(), limit=50)
    case.refresh_from_db()
    assert case.centre == ground.juri_centre
    assert Document.objects.get(case=case, kind__purpose="remind").issuer == ground.village_centre


def test_a_case_that_a_red_supervision_and_its_tier_bring_up_at_once_climbs_one_tier(ground: Ground) -> None:
    case = tier_passed(ground)
    yellow = yellow_supervision(ground, case)
    past = timezone.now() - timedelta(hours=1)
    EscalationStep.objects.filter(document=yellow, rule__does="supervise_red").update(due_at=past)
    escalation.take_due_steps(timezone.now(), limit=50)
    case.refresh_from_db()
    assert Document.objects.filter(case=case, level="red").exists()
    assert case.centre == ground.juri_centre
    assert [move.cause for move in case.tier_moves.all()] == ["clock"]
    assert EscalationStep.objects.get(lapse__case=case, rule__does="escalate").outcome == StepOutcome.DONE


def yellow_supervision(ground: Ground, case: Case) -> Document:
    """Of the village's centre to the station that does not sign, issued."""
    letter = actions.Draft(
        kind=ways.kind(Purpose.SUPERVISE),
        centre=ground.village_centre,
        addressee=ground.juri_police,
        case=case,
        handling=case.handlings.get(part="lead", closed_at=None),
        level="yellow",
        facts={"missed": "至今未签收", "matters": ("第一项",), "subject_matter": "签收超期"},
    )
    return actions.sign_document(
        actions.draft_document(letter, actor=ground.village_manager), actor=ground.village_manager
    )


def tier_passed(ground: Ground) -> Case:
    """A case of the village whose tier limit has passed, taken up."""
    case = cases.register_case(an_entry(complexity="hard"), actor=ground.village_manager)
    cases.accept_case(case, actor=ground.village_manager)
    case = actions.dispatch_with_slip(case, actor=ground.village_manager, organisation=ground.juri_police)
    past = timezone.now() - timedelta(hours=1)
    Clock.objects.filter(case=case, kind="tier").update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None
    )
    escalation.take_up_lapses(limit=50)
    assert Lapse.objects.filter(case=case, kind="tier").exists()
    return case
