"""Performance: proof, parts, reminders and breach by the sweep, each exactly once; what breach leads to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from intake.actions import close_case
from intake.lifecycle import State as CaseState
from intake.queries import open_roads_of
from mediation import actions
from mediation.lifecycle import AgreementState
from mediation.models import Agreement, Performance
from mediation.tasks import sweep_obligations
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

MONDAY = date(2026, 10, 12)
DAY = timedelta(days=1)


def verbs(verb: str) -> int:
    return TrailEntry.objects.filter(verb=verb).count()


def closed_agreement(ground: Ground, house: House) -> Agreement:
    agreement = ways.in_force(ground, ways.running(ground, house))
    close_case(agreement.mediation.case, actor=ground.town_dispatcher)
    return agreement


def test_performance_with_proof_completes_the_agreement(ground: Ground, house: House) -> None:
    agreement = ways.in_force(ground, ways.running(ground, house))
    first, second = ways.instalments(agreement)
    ways.performed(ground, agreement, [first])
    agreement.refresh_from_db()
    assert agreement.status == AgreementState.IN_FORCE
    ways.performed(ground, agreement, [second])
    agreement.refresh_from_db()
    assert agreement.status == AgreementState.PERFORMED
    assert Performance.objects.filter(proofs__isnull=False).count() == 2
    with pytest.raises(InvalidTransition):
        ways.performed(ground, agreement, [first])


def test_money_comes_in_parts_and_never_more_than_is_owed(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    today = timezone.localdate()
    debt = ways.money(ground, mediation, "900", (today, "300"), (today + 30 * DAY, "600"))
    agreement = ways.in_force(ground, mediation, obligations=[debt])
    first = ways.instalments(agreement)[0]

    def pay(amount: str | None) -> None:
        sum_ = Decimal(amount) if amount else None
        actions.perform(first, actor=ground.town_clerk, on=today, note="转账", amount=sum_)

    pay("100")
    first.refresh_from_db()
    assert first.performed_on is None
    with pytest.raises(RuleViolation, match=r"还应给付 200\.00 元"):
        pay("250")
    with pytest.raises(RuleViolation, match="实际履行的金额"):
        pay(None)
    pay("200")
    first.refresh_from_db()
    assert first.performed_on == today


def test_strangers_record_no_performance(ground: Ground, house: House) -> None:
    row = ways.instalments(ways.in_force(ground, ways.running(ground, house)))[0]
    for person in (ground.stranger, ground.clerk, ground.leader):
        with pytest.raises(PermissionDenied):
            actions.perform(row, actor=person, on=timezone.localdate(), note="x")


def test_a_reminder_goes_out_once_on_the_working_day_before(ground: Ground, house: House) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        agreement = ways.in_force(ground, ways.running(ground, house))
        sweep_obligations()
        assert verbs("obligation_reminded") == 0
    before = OutboxMessage.objects.filter(topic="text_message").count()
    with time_machine.travel(ways.at(MONDAY + 2 * DAY, 8, 31), tick=False):
        sweep_obligations()
        sweep_obligations()
    assert verbs("obligation_reminded") == 2
    assert OutboxMessage.objects.filter(topic="text_message").count() == before + 2
    assert OutboxMessage.objects.filter(payload__kind="obligation_near").count() == 2
    assert {row.reminded for row in ways.instalments(agreement)} == {1}


@pytest.mark.parametrize(("hour", "told"), [(9, 9), (2, 8.5)])
def test_a_reminder_that_would_come_after_the_day_goes_out_on_a_closed_day(
    ground: Ground, house: House, hour: int, told: float
) -> None:
    saturday, sunday = MONDAY + 5 * DAY, MONDAY + 6 * DAY
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        mediation = ways.running(ground, house)
        ways.in_force(ground, mediation, obligations=ways.obligations(mediation.case, sunday))
    with time_machine.travel(ways.at(saturday, hour), tick=False):
        sweep_obligations()
    due = set(OutboxMessage.objects.filter(payload__kind="obligation_near").values_list("not_before", flat=True))
    assert due == {ways.at(saturday, 0) + timedelta(hours=told)}


def test_a_performed_obligation_is_neither_reminded_of_nor_broken(ground: Ground, house: House) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        ways.performed(ground, closed_agreement(ground, house))
    with time_machine.travel(ways.at(MONDAY + 9 * DAY), tick=False):
        assert sweep_obligations() == 0
    assert verbs("obligation_reminded") == verbs("obligation_broken") == 0


def test_breach_marks_once_and_takes_the_closed_case_up_again(ground: Ground, house: House) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        agreement = closed_agreement(ground, house)
    with time_machine.travel(ways.at(MONDAY + 3 * DAY, 23, 59), tick=False):
        sweep_obligations()
        assert verbs("obligation_broken") == 0
    with time_machine.travel(ways.at(MONDAY + 4 * DAY, 0, 1), tick=False):
        sweep_obligations()
        sweep_obligations()
    agreement.refresh_from_db()
    case = agreement.mediation.case
    case.refresh_from_db()
    assert (agreement.status, case.status, verbs("obligation_broken")) == (AgreementState.BREACHED, "handling", 2)
    step = case.status_changes.order_by("-pk").first()
    assert step
    assert (step.event, step.actor) == ("reopen", None)
    assert "到期未履行" in step.reason
    assert verbs("case_reopened") == 1
    told = OutboxMessage.objects.filter(payload__kind="obligation_broken").first()
    assert told
    assert told.not_before
    assert timezone.localtime(told.not_before).hour == 8


def test_a_broken_agreement_may_still_be_performed_late(ground: Ground, house: House) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        agreement = closed_agreement(ground, house)
    with time_machine.travel(ways.at(MONDAY + 5 * DAY), tick=False):
        sweep_obligations()
        ways.performed(ground, agreement)
    agreement.refresh_from_db()
    assert agreement.status == AgreementState.PERFORMED


def test_a_broken_agreement_leads_on_and_is_watched_no_more(ground: Ground, house: House) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        agreement = closed_agreement(ground, house)
        with pytest.raises(InvalidTransition):
            actions.lead_on(agreement, actor=ground.town_mediator, road="litigation", note="起诉")
    with time_machine.travel(ways.at(MONDAY + 5 * DAY), tick=False):
        sweep_obligations()
        actions.lead_on(agreement, actor=ground.town_mediator, road="litigation", note="引导起诉，已交材料清单")
    agreement.refresh_from_db()
    assert agreement.road == "litigation"
    assert all(row.released_at for row in ways.instalments(agreement))
    waiting = open_roads_of(agreement.mediation.case)
    assert [(row.road, row.led_by) for row in waiting] == [("litigation", ground.committee)]


def test_a_broken_agreement_on_a_case_under_review_is_told_to_the_centre(ground: Ground, house: House) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        agreement = ways.in_force(ground, ways.running(ground, house))
    with time_machine.travel(ways.at(MONDAY + 5 * DAY), tick=False):
        sweep_obligations()
    agreement.mediation.case.refresh_from_db()
    assert agreement.mediation.case.status == CaseState.CONCLUDED
    assert OutboxMessage.objects.filter(payload__title__icontains="到期未履行").exists()
