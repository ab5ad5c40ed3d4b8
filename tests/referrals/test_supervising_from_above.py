"""A centre supervises what a centre below holds (督办): who may, whom the slip goes to, what it says."""

from typing import Any

import pytest

from intake import actions as cases
from intake.lifecycle import State
from intake.models import Case
from referrals import actions
from referrals.models import Document, Purpose
from tests.intake import ways as intake_ways
from tests.people import Ground, an_entry
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {"level": "yellow", "trigger": "not_handled", "instruction": "三日内丈量完毕"}


def of_the_town(ground: Ground) -> Case:
    """Registered by the town's window and accepted; nobody has it in hand."""
    case = cases.register_case(an_entry(), actor=ground.town_clerk)
    return cases.accept_case(case, actor=ground.town_dispatcher)


def in_hand(ground: Ground) -> Case:
    return cases.dispatch_case(of_the_town(ground), actor=ground.town_dispatcher, organisation=ground.juri_justice)


def refused(case: Case, wanted: type[DomainError], **changes: Any) -> DomainError:
    with pytest.raises(wanted) as error:
        actions.supervise_from_above(case, **(WORDS | changes))
    assert not Document.objects.filter(kind__purpose=Purpose.SUPERVISE).exists()
    return error.value


def test_the_slip_is_the_county_s_and_goes_to_the_organisation_in_charge(ground: Ground) -> None:
    case = in_hand(ground)
    slip = actions.supervise_from_above(case, actor=ground.manager, **WORDS)
    assert (slip.issuer, slip.addressee, slip.level) == (ground.county_centre, ground.juri_justice, "yellow")
    assert slip.drafted_by == ground.manager
    assert "三日内丈量完毕" in slip.body
    assert slip.body.index("应办理未办理") < slip.body.index("黄色督办")
    case.refresh_from_db()
    assert (case.status, case.centre) == (State.DISPATCHED, ground.juri_centre)


def test_while_nobody_has_it_in_hand_it_goes_to_the_centre_below(ground: Ground) -> None:
    slip = actions.supervise_from_above(of_the_town(ground), actor=ground.dispatcher, **WORDS)
    assert (slip.issuer, slip.addressee) == (ground.county_centre, ground.juri_centre)


def test_it_is_signed_received_and_answered_as_any_other(ground: Ground) -> None:
    slip = actions.supervise_from_above(in_hand(ground), actor=ground.dispatcher, **WORDS)
    slip = actions.sign_document(slip, actor=ground.manager)
    slip = actions.receive_document(slip, actor=ground.town_handler)
    actions.answer_document(slip, actor=ground.town_handler, text="已丈量，双方认可")
    slip.refresh_from_db()
    assert slip.status == "answered"
    actions.decide_answer(slip, actor=ground.manager, accepted=True)
    slip.refresh_from_db()
    assert slip.status == "done"


@pytest.mark.parametrize("who", ["town_manager", "town_dispatcher", "town_handler", "clerk", "leader"])
def test_only_who_sorts_at_a_centre_above_does_it(who: str, ground: Ground) -> None:
    refused(in_hand(ground), PermissionDenied, actor=ground.people[who])


def test_of_an_own_case_the_centre_drafts_by_the_ordinary_way(ground: Ground) -> None:
    refused(intake_ways.dispatched(ground), PermissionDenied, actor=ground.manager)


def test_level_and_demand_must_be_given_and_the_case_still_open(ground: Ground) -> None:
    case = in_hand(ground)
    assert "level" in refused(case, RuleViolation, actor=ground.manager, level="").errors
    assert "instruction" in refused(case, DomainError, actor=ground.manager, instruction=" ").errors
    case = cases.sign_for_case(case, actor=ground.town_handler)
    case = cases.report_outcome(case, intake_ways.REPORT, actor=ground.town_handler)
    case = cases.close_case(case, actor=ground.town_manager)
    refused(case, InvalidTransition, actor=ground.manager)
