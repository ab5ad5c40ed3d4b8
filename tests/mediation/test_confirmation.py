"""Judicial confirmation: 30 natural days, both sides, no status relations; the court's answers and what follows."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from intake.actions import close_case
from mediation import actions
from mediation.lifecycle import AgreementState, ConfirmationState
from mediation.models import Agreement, Confirmation
from mediation.tasks import sweep_obligations
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.errors import InvalidTransition, RuleViolation
from zhongzhi.notices.models import OutboxMessage

MONDAY = date(2026, 10, 12)  # its 30th day is Wednesday, 11 November
DAY = timedelta(days=1)
NUMBER = "（2026）内0526调确字第12号"


def agreed(ground: Ground, house: House, on: date = MONDAY, **changes: object) -> Agreement:
    with time_machine.travel(ways.at(on, 10), tick=False):
        case = ways.accepted(ground, category=changes.pop("category", "0901"))
        mediation = ways.running(ground, house, case)
        due = ways.obligations(case, on + 60 * DAY)
        return ways.in_force(ground, mediation, obligations=due, **changes)


def apply(agreement: Agreement, ground: Ground, house: House, on: date, **changes: object) -> Confirmation:
    everyone = [str(p.uid) for p in agreement.mediation.case.parties.all()]
    values: dict[str, object] = {"court": house.court, "applicants": everyone, "on": on}
    with time_machine.travel(ways.at(on, 11), tick=False):
        return actions.apply_for_confirmation(agreement, actor=ground.town_mediator, **(values | changes))  # type: ignore[arg-type]


def test_on_day_30_it_is_accepted_and_on_day_31_refused(ground: Ground, house: House) -> None:
    first, second = agreed(ground, house), agreed(ground, house)
    assert first.confirm_by == MONDAY + 30 * DAY
    confirmation = apply(first, ground, house, MONDAY + 30 * DAY)
    assert confirmation.status == ConfirmationState.APPLIED
    assert confirmation.accept_by == date(2026, 11, 16)  # three days on is a Saturday
    with pytest.raises(RuleViolation, match="2026-11-11 届满") as refusal:
        apply(second, ground, house, MONDAY + 31 * DAY)
    assert refusal.value.field == "on"
    assert Confirmation.objects.count() == 1


def test_when_the_time_is_over_no_day_is_proposed_and_none_behind_it_can_be_picked(
    ground: Ground, house: House
) -> None:
    agreement = agreed(ground, house)
    offered = {}
    for days in (30, 31):
        with time_machine.travel(ways.at(MONDAY + days * DAY, 10), tick=False):
            address = reverse("mediation:act", args=["agreement", agreement.uid, "confirm"])
            form = signed_in(ground.town_mediator).get(address).context["form"]
            offered[days] = form.get_initial_for_field(form.fields["on"], "on")
            assert form.fields["on"].widget.attrs["max"] == "2026-11-11"
    assert offered == {30: date(2026, 11, 11), 31: None}
    late = apply(agreement, ground, house, MONDAY + 30 * DAY)
    assert late.applied_on == date(2026, 11, 11)


def test_a_last_day_on_a_weekend_moves_to_the_next_working_day(ground: Ground, house: House) -> None:
    thursday = date(2026, 10, 15)
    agreement = agreed(ground, house, on=thursday)
    assert agreement.confirm_by == date(2026, 11, 16)
    assert apply(agreement, ground, house, date(2026, 11, 16))


def test_a_divorce_may_be_mediated_but_not_confirmed(ground: Ground, house: House) -> None:
    agreement = agreed(ground, house, category="0101", about_status=True)
    assert agreement.status == AgreementState.IN_FORCE
    with pytest.raises(RuleViolation, match="可以调解，但法院不受理司法确认"):
        apply(agreement, ground, house, MONDAY + DAY)


def test_all_sides_apply_together_to_a_court(ground: Ground, house: House) -> None:
    agreement = agreed(ground, house)
    one = [str(agreement.mediation.case.parties.first().uid)]  # type: ignore[union-attr]
    with pytest.raises(RuleViolation, match="共同申请，还缺 2 方"):
        apply(agreement, ground, house, MONDAY + DAY, applicants=one)
    with pytest.raises(RuleViolation, match="人民法院"):
        apply(agreement, ground, house, MONDAY + DAY, court=ground.juri_justice)
    apply(agreement, ground, house, MONDAY + DAY)
    with pytest.raises(InvalidTransition, match="已经申请过"):
        apply(agreement, ground, house, MONDAY + 2 * DAY)


def test_a_draft_is_not_confirmed(ground: Ground, house: House) -> None:
    agreement = ways.drafted(ground, ways.running(ground, house))
    with pytest.raises(InvalidTransition, match="生效后"):
        actions.apply_for_confirmation(
            agreement, actor=ground.town_mediator, court=house.court, applicants=[], on=agreement.reached_on
        )


def test_the_court_takes_it_on_and_confirms(ground: Ground, house: House) -> None:
    confirmation = apply(agreed(ground, house), ground, house, MONDAY + DAY)
    with time_machine.travel(ways.at(MONDAY + 3 * DAY), tick=False):
        day = MONDAY + 3 * DAY
        with pytest.raises(RuleViolation, match="调确"):
            actions.record_acceptance(
                confirmation, actor=ground.town_mediator, accepted=True, on=day, case_number="12号"
            )
        confirmation = actions.record_acceptance(
            confirmation, actor=ground.town_mediator, accepted=True, on=day, case_number=NUMBER
        )
        assert confirmation.decide_by == MONDAY + 18 * DAY
        confirmation = actions.extend_ruling(confirmation, actor=ground.town_mediator)
        assert confirmation.decide_by == date(2026, 11, 9)  # 25 days on is a Sunday
    with time_machine.travel(ways.at(MONDAY + 10 * DAY), tick=False):
        confirmation = actions.record_ruling(
            confirmation, actor=ground.town_mediator, confirmed=True, on=MONDAY + 10 * DAY
        )
    assert (confirmation.status, confirmation.agreement.confirmed) == (ConfirmationState.CONFIRMED, True)


def test_refused_the_agreement_may_be_changed_and_applied_for_again(ground: Ground, house: House) -> None:
    agreement = agreed(ground, house)
    confirmation = apply(agreement, ground, house, MONDAY + DAY)
    with time_machine.travel(ways.at(MONDAY + 3 * DAY), tick=False):
        confirmation = actions.record_acceptance(
            confirmation, actor=ground.town_mediator, accepted=False, on=MONDAY + 3 * DAY, refusal="内容不明确"
        )
        assert confirmation.status == ConfirmationState.NOT_ACCEPTED
        with pytest.raises(InvalidTransition):
            actions.record_ruling(confirmation, actor=ground.town_mediator, confirmed=True, on=MONDAY + 3 * DAY)
    assert apply(agreement, ground, house, MONDAY + 5 * DAY)


def test_the_end_of_the_time_is_told_beforehand_and_not_once_applied_for(ground: Ground, house: House) -> None:
    agreed(ground, house)
    applied = agreed(ground, house)
    apply(applied, ground, house, MONDAY + DAY)
    for day in (19, 20, 21, 27, 29, 30):
        with time_machine.travel(ways.at(MONDAY + day * DAY), tick=False):
            sweep_obligations()
    assert OutboxMessage.objects.filter(payload__kind="confirmation_near").count() == 3


def test_a_confirmed_agreement_that_is_broken_leads_to_enforcement_not_to_reopening(
    ground: Ground, house: House
) -> None:
    agreement = agreed(ground, house)
    with time_machine.travel(ways.at(MONDAY, 12), tick=False):
        close_case(agreement.mediation.case, actor=ground.town_dispatcher)
    Agreement.objects.filter(pk=agreement.pk).update(confirmed=True)
    with time_machine.travel(ways.at(MONDAY + 62 * DAY), tick=False):
        sweep_obligations()
    agreement.mediation.case.refresh_from_db()
    assert agreement.mediation.case.status == "closed"
    assert OutboxMessage.objects.filter(payload__title__icontains="强制执行").exists()
