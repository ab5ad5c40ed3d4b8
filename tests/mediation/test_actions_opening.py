"""Opening a mediation: which matters, before whom, consent, recusal, more time."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from grids.models import Organisation
from intake.actions import report_outcome
from intake.deadlines.models import Clock
from intake.lifecycle import State as CaseState
from intake.models import Case, Category
from intake.models.standing_back import CaseRecusal, RecusalGround
from intake.queries import case_visible_to
from mediation import actions
from mediation.actions.choices_to_open import mediators_to_replace
from mediation.available_actions import CASE_ACTS
from mediation.lifecycle import State
from mediation.models import Body, BodyKind, Mediation, Mediator
from tests.intake.ways import REPORT
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import STARTS, Ground
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage


def test_opening_takes_an_accepted_case_up_and_starts_a_month(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    case = mediation.case
    assert (case.status, mediation.status) == (CaseState.HANDLING, State.OPENED)
    clock = Clock.objects.get(case=case, kind="mediate")
    assert (clock.amount, clock.unit, clock.organisation) == (1, "month", house.body.organisation)
    assert TrailEntry.objects.filter(verb="mediation_opened").count() == 1
    assert OutboxMessage.objects.filter(payload__kind="mediation_opened").count() == 1


def test_the_mediators_of_the_body_see_the_case_from_then_on_and_strangers_never(ground: Ground, house: House) -> None:
    case = ways.accepted(ground)
    with pytest.raises(NotFound):
        case_visible_to(ground.town_mediator, str(case.code))
    ways.opened(ground, house, case)
    assert case_visible_to(ground.town_mediator, str(case.code)) == case
    with pytest.raises(NotFound):
        case_visible_to(ground.stranger, str(case.code))


@pytest.mark.parametrize(
    ("category", "road"), [("1302", "行政复议"), ("1401", "政法机关"), ("1502", "纪检监察"), ("1601", "民族宗教")]
)
def test_what_is_no_civil_dispute_is_refused_and_the_open_road_is_named(
    category: str, road: str, ground: Ground, house: House
) -> None:
    case = ways.accepted(ground, category=category)
    with pytest.raises(RuleViolation, match=road) as refusal:
        ways.opened(ground, house, case)
    assert refusal.value.field == "mode"
    assert not Mediation.objects.exists()
    case.refresh_from_db()
    assert case.status == CaseState.ACCEPTED


def test_every_category_of_13_to_16_is_refused(ground: Ground, house: House) -> None:
    refused = set(Category.objects.filter(people_mediable=False, parent__isnull=False).values_list("code", flat=True))
    assert {code[:2] for code in refused} == {"13", "14", "15", "16"}


def test_one_mediation_of_a_mode_at_a_time_and_several_in_turn(ground: Ground, house: House) -> None:
    first = ways.opened(ground, house)
    with pytest.raises(InvalidTransition, match="正在进行"):
        ways.opened(ground, house, first.case)
    actions.end_without_agreement(
        first, actor=ground.town_dispatcher, reason="apart", note="各执一词", told=["litigation"]
    )
    second = ways.opened(ground, house, first.case)
    assert second.is_open
    assert second.case.status == CaseState.HANDLING


def test_one_mediation_before_a_body_at_a_time_whatever_its_mode(ground: Ground, house: House) -> None:
    nashun = ways.a_branded_room(ground)
    first = ways.opened(ground, house, body=nashun.body, mode="branded", mediators=[nashun])
    with pytest.raises(InvalidTransition, match="那顺金牌调解室正在调解本案（品牌室调解）"):
        ways.opened(ground, house, first.case, body=nashun.body, mode="peoples", mediators=[nashun])
    assert ways.opened(ground, house, first.case).is_open  # before another body, in another mode


def test_the_mode_must_be_one_the_body_offers(ground: Ground, house: House) -> None:
    with pytest.raises(RuleViolation, match="不开展司法调解"):
        ways.opened(ground, house, mode="judicial")


def test_a_court_must_be_named_and_gives_30_days_before_filing_15_or_7_after_it(ground: Ground, house: House) -> None:
    with pytest.raises(RuleViolation, match="法院"):
        ways.opened(ground, house, origin="court", entrusted_by=ground.juri_police)
    for origin, days in (("court", 30), ("court_trial", 15), ("court_summary", 7)):
        mediation = ways.opened(ground, house, origin=origin, entrusted_by=house.court)
        clock = Clock.objects.get(case=mediation.case, kind=mediation.clock)
        assert (clock.amount, clock.unit) == (days, "natural_day")


def test_labour_disputes_have_15_days(ground: Ground, house: House) -> None:
    case = ways.accepted(ground, category="0701")
    assert Clock.objects.get(case=ways.opened(ground, house, case).case, kind="med_labour").amount == 15


def test_mediators_are_of_the_body_in_office_and_qualified(ground: Ground, house: House) -> None:
    other = Body.objects.create(
        organisation=ground.branded_room, kind=BodyKind.BRANDED, seal="那顺", doc_mark="那调", starts_on=STARTS
    )
    na_shun = Mediator.objects.create(body=other, name="那顺", starts_on=STARTS)
    with pytest.raises(RuleViolation, match="那顺不是巨日合镇人民调解委员会在任的调解员"):
        ways.opened(ground, house, mediators=[na_shun])
    lapsed = ways.appointed(ground, house.body, "老赵", qualified_until=date(2026, 1, 31))
    with pytest.raises(RuleViolation, match="2026-01-31 到期"):
        ways.opened(ground, house, mediators=[lapsed])
    with pytest.raises(RuleViolation, match="至少一名"):
        ways.opened(ground, house, mediators=[])


def test_only_the_centre_or_who_has_the_case_opens(ground: Ground, house: House) -> None:
    case = ways.accepted(ground)
    opening = actions.Opening(body=house.body, mode="peoples", origin="application", mediators=[house.mediator])
    for person in (ground.stranger, ground.town_mediator, ground.leader, ground.grid_worker):
        with pytest.raises(PermissionDenied):
            actions.open_mediation(case, opening, actor=person)


def test_it_begins_when_both_sides_agree_and_not_before(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    today = timezone.localdate()
    yue, fu, xu = [str(p.uid) for p in mediation.case.parties.all()]
    mediation = actions.record_consent(
        mediation, {yue: True, fu: True, xu: False}, actor=ground.town_mediator, on=today, told_on=today
    )
    assert mediation.status == State.OPENED
    mediation = actions.record_consent(mediation, {xu: True}, actor=ground.town_mediator, on=today, told_on=today)
    assert mediation.status == State.RUNNING
    assert mediation.started_at


def test_rights_are_told_before_consent_counts(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    with pytest.raises(RuleViolation, match="权利义务"):
        actions.record_consent(mediation, {}, actor=ground.town_mediator, on=timezone.localdate(), told_on=None)


def test_a_recused_mediator_leaves_with_his_sessions_and_does_not_come_back(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house, starts_at=timezone.now() + timedelta(days=1))
    with pytest.raises(RuleViolation, match="接替"):
        actions.recuse_mediator(
            mediation, actor=ground.town_dispatcher, mediator=house.mediator, reason="与付某有亲属关系", granted=True
        )
    asked_by = str(mediation.case.parties.first().uid)
    actions.recuse_mediator(
        mediation,
        actor=ground.town_dispatcher,
        mediator=house.mediator,
        reason="与付某有亲属关系",
        granted=True,
        asked_by=asked_by,
        replacement=house.second,
    )
    assert list(mediation.mediators.all()) == [house.second]
    assert [b.mediator for b in session.bookings.filter(mediator__isnull=False)] == [house.second]
    actions.cancel_mediation(mediation, actor=ground.town_dispatcher, reason="重新受理")
    with pytest.raises(RuleViolation, match="已回避"):
        ways.opened(ground, house, mediation.case)


def test_more_time_only_by_consent_and_once(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    before = Clock.objects.get(case=mediation.case, kind="mediate").due_at
    clock = actions.extend_mediation(
        mediation, actor=ground.town_mediator, on=timezone.localdate(), note="各方书面同意"
    )
    assert clock.due_at > before
    with pytest.raises(RuleViolation, match="不能再延长"):
        actions.extend_mediation(mediation, actor=ground.town_mediator, on=timezone.localdate())
    assert mediation.time_consents.count() == 1


def test_the_case_is_not_reported_as_done_while_a_mediation_is_open(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    with pytest.raises(InvalidTransition, match="调解还没有结束"):
        report_outcome(mediation.case, REPORT, actor=ground.town_dispatcher)


def test_no_agreement_tells_the_roads_and_the_case_says_which_was_taken(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    with pytest.raises(RuleViolation, match="至少一项"):
        actions.end_without_agreement(mediation, actor=ground.town_mediator, reason="apart", note="分歧大", told=[])
    mediation = actions.end_without_agreement(
        mediation,
        actor=ground.town_mediator,
        reason="apart",
        note="界址各执一词",
        told=["arbitration", "litigation"],
        road="arbitration",
    )
    case = mediation.case
    case.refresh_from_db()
    assert (case.status, case.outcome, case.road) == (CaseState.CONCLUDED, "unresolved", "arbitration")
    assert Clock.objects.filter(case=case, kind="mediate", stopped_at=None).count() == 0


def test_the_end_of_a_mediation_does_not_end_the_case_while_another_is_open(ground: Ground, house: House) -> None:
    first = ways.running(ground, house)
    nashun = ways.a_branded_room(ground)
    second = ways.opened(ground, house, first.case, body=nashun.body, mode="branded", mediators=[nashun])
    said = {"reason": "apart", "note": "各执一词", "told": ["litigation"], "road": "litigation"}
    actions.end_without_agreement(second, actor=ground.town_dispatcher, **said)
    assert Case.objects.get(pk=first.case_id).status == CaseState.HANDLING
    actions.end_without_agreement(first, actor=ground.town_dispatcher, **said)
    assert Case.objects.get(pk=first.case_id).status == CaseState.CONCLUDED


def test_a_mediation_beside_a_departments_handling_leaves_the_report_to_the_lead(ground: Ground, house: House) -> None:
    from tests.intake import ways as intake_ways

    case = intake_ways.handling(ground, parties=ways.LAND)
    opening = actions.Opening(body=house.body, mode="peoples", origin="assigned", mediators=[house.mediator])
    mediation = actions.open_mediation(case, opening, actor=ground.handler)
    answers = {str(p.uid): True for p in case.parties.all()}
    today = timezone.localdate()
    actions.record_consent(mediation, answers, actor=ground.town_mediator, on=today, told_on=today)
    agreement = actions.draft_agreement(mediation, ways.a_draft(mediation), actor=ground.town_mediator)
    actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_mediator)
    case.refresh_from_db()
    assert case.status == CaseState.HANDLING
    assert OutboxMessage.objects.filter(payload__kind__startswith="mediation_agreed").exists()
    report_outcome(case, REPORT, actor=ground.handler)


def test_the_dialog_offers_a_court_only_where_one_can_hand_the_case_over(ground: Ground, house: House) -> None:
    of_town = ways.accepted(ground)
    asked = CASE_ACTS.form(CASE_ACTS.named("mediate"), of_town).fields["origin"].choices
    assert {"application", "court", "police"} <= {value for value, _ in asked}
    Organisation.objects.filter(kind__in=["court", "police_station"]).update(ends_on=STARTS)
    asked = CASE_ACTS.form(CASE_ACTS.named("mediate"), of_town).fields["origin"].choices
    assert {value for value, _ in asked}.isdisjoint({"court", "court_trial", "court_summary", "police"})


def test_who_stands_back_or_is_not_qualified_is_not_offered_to_go_on(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house, mediators=[house.second])
    third, fourth = ways.appointed(ground, house.body, "岳某某"), ways.appointed(ground, house.body, "那仁")
    assert list(mediators_to_replace(mediation)) == [house.mediator, third, fourth]
    declared = {"user": ground.town_mediator, "ground": RecusalGround.values[0], "declared_at": timezone.now()}
    CaseRecusal.objects.create(case=mediation.case, reason="亲属", **declared)
    Mediator.objects.filter(pk=fourth.pk).update(qualified_until=timezone.localdate() - timedelta(days=1))
    assert list(mediators_to_replace(mediation)) == [third]
