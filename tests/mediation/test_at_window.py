"""A simple case is mediated at the window; its clerk writes the agreement, records performance and closes it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from intake import actions as intake_actions
from intake.entries import PartyEntry
from intake.models import Case
from mediation import actions
from mediation.actions import Signed
from mediation.models import Agreement, Mediation
from mediation.queries.signatures import missing_signatures
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground, an_entry
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import DomainError, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db


def registered(ground: Ground, **changes: Any) -> Case:
    values = {"parties": ways.LAND, "complexity": "simple"} | changes
    return intake_actions.register_case(an_entry(**values), actor=ground.town_clerk)


def at_window(ground: Ground, house: House, case: Case, **given: Any) -> Mediation:
    values = {"mediators": [house.mediator], "mode": "peoples", "record": "各方到场，同意归还。"} | given
    return actions.mediate_at_window(case, actor=ground.town_clerk, **values)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def agreed(ground: Ground, mediation: Mediation) -> Agreement:
    """Written and signed by all, by the clerk alone; performed today."""
    clerk, today = ground.town_clerk, timezone.localdate()
    draft = ways.a_draft(mediation, obligations=ways.obligations(mediation.case, due_on=today))
    agreement = actions.draft_agreement(mediation, draft, actor=clerk)
    signed = [Signed(kind=kind, by=pk, signed_on=today) for kind, pk, _ in missing_signatures(agreement)]
    agreement = actions.sign_agreement(agreement, signed, actor=clerk)
    for row in ways.instalments(agreement):
        actions.perform(row, actor=clerk, on=today, note="当场归还", proofs=[ways.photo()])
    return agreement


def test_registered_at_nine_agreed_performed_and_closed_by_the_clerk_who_took_it_up(
    ground: Ground, house: House
) -> None:
    case = registered(ground)
    mediation = at_window(ground, house, case)
    session = mediation.sessions.get()
    assert (mediation.status, session.status, session.entered_at) == ("running", "held", None)
    assert mediation.rights_told_on == timezone.localdate()
    assert mediation.consents.filter(agreed=True).count() == 3
    agreement = agreed(ground, mediation)
    case = again(case)
    assert (case.status, case.is_fast_track, case.outcome) == ("concluded", True, "peoples_mediation")
    closed = intake_actions.close_case(case, actor=ground.town_clerk)
    agreement.refresh_from_db()
    assert (closed.status, agreement.status) == ("closed", "performed")
    verbs = [entry.verb for entry in trail_of(case)]
    wanted = ["case_accepted", "case_taken_up", "mediation_opened", "mediation_consent", "session_held"]
    assert [verb for verb in verbs if verb in wanted] == wanted


def test_a_case_that_is_not_simple_and_other_people_are_refused_and_nothing_is_written(
    ground: Ground, house: House
) -> None:
    with pytest.raises(PermissionDenied):
        at_window(ground, house, registered(ground, complexity="ordinary"))
    simple = registered(ground)
    for person in (ground.town_handler, ground.leader, ground.stranger):
        with pytest.raises(PermissionDenied):
            actions.mediate_at_window(simple, actor=person, mediators=[house.mediator], mode="peoples", record="x")
    for wrong in ({"record": " "}, {"mediators": []}):
        with pytest.raises(DomainError):
            at_window(ground, house, simple, **wrong)
    assert (again(simple).status, Mediation.objects.count()) == ("registered", 0)


def test_another_clerk_does_not_go_on_with_it_and_a_case_of_others_is_not_the_windows(
    ground: Ground, house: House
) -> None:
    mediation = at_window(ground, house, registered(ground))
    with pytest.raises(PermissionDenied):
        actions.draft_agreement(mediation, ways.a_draft(mediation), actor=ground.clerk)
    opened = ways.opened(ground, house, ways.accepted(ground, complexity="simple"))
    with pytest.raises(PermissionDenied):
        actions.draft_agreement(opened, ways.a_draft(opened), actor=ground.town_clerk)


def test_who_was_hurt_at_home_is_not_brought_to_the_window_with_the_other_side(ground: Ground, house: House) -> None:
    case = registered(ground)
    intake_actions.mark_violence(case, actor=ground.town_clerk, hurt=case.parties.get(name="岳某某"))
    with pytest.raises(RuleViolation, match="涉家庭暴力"):
        at_window(ground, house, again(case))
    assert not Mediation.objects.exists()


def test_a_minor_without_a_guardian_agrees_to_nothing(ground: Ground, house: House) -> None:
    child = PartyEntry(side="respondent", name="小刘", paper_number="152327201503154119", phone="13847500009")
    with pytest.raises(RuleViolation, match="监护人"):
        at_window(ground, house, registered(ground, parties=(ways.LAND[0], child)))


def test_the_dialog_is_offered_at_the_window_and_leads_to_the_agreement(
    ground: Ground, house: House, client: Client
) -> None:
    case = registered(ground)
    address = f"/mediation/open/{case.code}/mediate-now/"
    client.force_login(ground.town_clerk)
    assert address in client.get(f"/cases/{case.code}/").content.decode()
    assert "当场调解" in client.get(address).content.decode()
    sent = client.post(address, {"mediator": house.mediator.pk, "record": "各方同意归还。"})
    assert sent.headers["HX-Redirect"] == f"/mediation/{Mediation.objects.get().uid}/agreement/"
    assert client.get(sent.headers["HX-Redirect"]).status_code == 200
    again_ = client.post(address, {"mediator": house.mediator.pk, "record": "又一次。"})
    assert (again_.status_code, Mediation.objects.count()) == (422, 1)
