"""Domestic violence is a road of its own: the police, few who know, no table in common, nothing of where one lives."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from intake import actions as intake_actions
from intake.available_actions import own_acts
from intake.entries import PartyEntry
from intake.models import Case, Road
from intake.queries import party_views
from intake.sight import Level, named_readers, sight_of
from mediation import actions
from mediation.documents.court import _service
from mediation.documents.facts import Facts, person_line, person_words
from mediation.models import SessionKind
from mediation.queries.roads import road_words
from referrals.documents.sheet import _party
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
WIFE = PartyEntry(name="王芳", phone="13847500031", address="鲁北镇北二路 9 号")
HUSBAND = PartyEntry(side="respondent", name="赵刚", phone="13847500032", address="巨日合镇五家子村")


def a_case(ground: Ground, **changes: object) -> Case:
    return ways.accepted(ground, parties=(replace(WIFE, **changes), HUSBAND))  # type: ignore[arg-type]


def marked(ground: Ground, case: Case, **given: object) -> Case:
    intake_actions.mark_violence(case, actor=ground.town_dispatcher, hurt=case.parties.get(name=WIFE.name), **given)  # type: ignore[arg-type]
    return Case.objects.get(pk=case.pk)


def test_marked_few_see_the_case_and_its_risk_is_orange(ground: Ground) -> None:
    case = marked(ground, a_case(ground))
    assert (case.is_restricted, case.risk) == (True, "orange")
    assert case.violence.hurt.name == WIFE.name


@pytest.mark.parametrize("capacity", ["limited", "none"])
def test_for_who_cannot_act_alone_the_police_are_told_first(capacity: str, ground: Ground) -> None:
    case = a_case(ground, capacity=capacity)
    with pytest.raises(RuleViolation, match="反家庭暴力法第十四条") as refused:
        marked(ground, case)
    assert "police" in refused.value.errors
    told = {"police": "巨日合镇派出所 20261129001", "police_told_on": timezone.localdate()}
    assert marked(ground, case, **told).violence.police == told["police"]


def test_a_report_to_the_police_has_a_day(ground: Ground) -> None:
    case = a_case(ground)
    for day in (None, timezone.localdate() + timedelta(days=1)):
        with pytest.raises(RuleViolation) as refused:
            marked(ground, case, police="派出所", police_told_on=day)
        assert "police_told_on" in refused.value.errors


def test_no_joint_session_unless_the_hurt_person_asks_for_it(ground: Ground, house: House) -> None:
    case = marked(ground, a_case(ground))
    mediation = ways.running(ground, house, case)
    with pytest.raises(RuleViolation, match="分别约谈"):
        ways.planned(ground, mediation, house)
    wife, husband = [str(p.uid) for p in case.parties.order_by("ordinal")]
    alone = ways.planned(ground, mediation, house, parties=[wife])
    assert alone.attendees.filter(party__name=HUSBAND.name).count() == 0
    later = timezone.now() + timedelta(hours=4)
    ways.planned(ground, mediation, house, kind="back_to_back", starts_at=later, parties=[wife, husband])
    marked(ground, Case.objects.get(pk=case.pk), wants_joint=True)
    ways.planned(ground, mediation, house, starts_at=later + timedelta(hours=4))


def test_a_session_planned_before_the_mark_is_not_held_with_both(ground: Ground, house: House) -> None:
    case = a_case(ground)
    mediation = ways.running(ground, house, case)
    session = ways.planned(ground, mediation, house)
    marked(ground, Case.objects.get(pk=case.pk))
    came = {a.pk: True for a in session.attendees.all()}
    minutes = actions.Minutes(record="x", facts="x", result="agreed", came=came)
    with pytest.raises(RuleViolation, match="涉家庭暴力"):
        actions.hold_session(session, minutes, actor=ground.town_dispatcher)


def test_papers_hide_where_the_hurt_person_lives_and_nobody_elses(ground: Ground) -> None:
    case = marked(ground, a_case(ground))
    wife, husband = case.parties.order_by("ordinal")
    assert WIFE.address not in " ".join(person_line(wife)) + person_words(wife)
    assert WIFE.phone not in " ".join(person_line(wife)) + person_words(wife)
    assert HUSBAND.address in person_line(husband)


def test_a_protection_order_is_among_the_roads(ground: Ground) -> None:
    assert "二十四小时" in road_words(Road.PROTECTION_ORDER)


def test_who_handles_it_not_marks_nothing_and_an_ended_case_is_not_marked(ground: Ground) -> None:
    case = a_case(ground)
    hurt = case.parties.get(name=WIFE.name)
    for person in (ground.stranger, ground.leader):
        with pytest.raises(PermissionDenied):
            intake_actions.mark_violence(case, actor=person, hurt=hurt)
    withdrawn = intake_actions.withdraw_case(case, actor=ground.town_clerk, reason="不再要求")
    with pytest.raises(InvalidTransition):
        intake_actions.mark_violence(withdrawn, actor=ground.town_clerk, hurt=hurt)
    assert "violence" not in [act.name for act in own_acts(ground.town_clerk, withdrawn)]


def test_the_dialog_marks_it_and_the_page_says_what_has_to_be_minded(ground: Ground, client: Client) -> None:
    case = a_case(ground)
    client.force_login(ground.town_dispatcher)
    hurt = case.parties.get(name=WIFE.name)
    address = f"/cases/{case.code}/acts/violence/"
    assert "反家庭暴力法" in client.get(address).content.decode()
    assert client.post(address, {"hurt": hurt.pk, "version": case.version}).status_code == 200
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "不安排双方当面调解" in page


def test_its_dialog_names_the_parties_to_nobody_who_sees_them_masked(ground: Ground, client: Client) -> None:
    case = a_case(ground)
    client.force_login(ground.leader)
    answer = client.get(f"/cases/{case.code}/acts/violence/")
    assert (answer.status_code, WIFE.name in answer.content.decode()) == (403, False)


def test_a_session_with_both_is_not_entered_afterwards_either(ground: Ground, house: House) -> None:
    case = marked(ground, a_case(ground))
    mediation = ways.running(ground, house, case)
    now = timezone.now()
    minutes = actions.Minutes(record="各方到场", result="agreed")
    uids = [str(party.uid) for party in case.parties.all()]

    def enter(**changes: object) -> None:
        values = {"starts_at": mediation.opened_at, "ends_at": now, "place": "窗口", "parties": uids} | changes
        actions.enter_session(mediation, actions.Plan(**values), minutes, actor=ground.town_dispatcher)  # type: ignore[arg-type]

    with pytest.raises(RuleViolation, match="分别约谈"):
        enter()
    assert not mediation.sessions.exists()
    enter(kind="back_to_back")
    marked(ground, Case.objects.get(pk=case.pk), wants_joint=True)
    enter()
    assert mediation.sessions.count() == 2


def test_marking_is_one_version_however_much_follows(ground: Ground) -> None:
    case = a_case(ground)
    before = case.version
    case = marked(ground, case)
    assert case.version == before + 1
    assert marked(ground, case, wants_joint=True).version == before + 2


def test_slips_pages_and_the_api_hide_where_the_hurt_person_and_who_acts_for_them_live(
    ground: Ground, client: Client
) -> None:
    agent = PartyEntry(name="王律师", role="agent", represents=0, phone="13847500033", address="鲁北镇南街 3 号")
    case = ways.accepted(ground, parties=(WIFE, HUSBAND, agent))
    case = marked(ground, case)
    lines = [_party(party, True) for party in case.parties.order_by("ordinal")]
    hidden = [line[2:] for line in lines]
    assert hidden == [("依法保密", "依法保密"), (HUSBAND.phone, HUSBAND.address), ("依法保密", "依法保密")]
    assert _party(case.parties.get(name="王芳"), False)[2:] == ("依法保密", "依法保密")
    client.force_login(ground.town_dispatcher)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "依法保密" in page
    views = {view.name: view for view in party_views(case, names_in_clear=True)}
    assert (views["王芳"].phone, views["王芳"].address) == ("依法保密", "依法保密")
    assert views["王律师"].address == "依法保密"
    assert views["赵刚"].address.startswith("巨日合镇")


def test_the_papers_for_the_court_hide_it_too(ground: Ground, house: House) -> None:
    case = marked(ground, a_case(ground))
    wife = case.parties.get(name=WIFE.name)
    mediation = ways.running(ground, house, case)
    made = SimpleNamespace(court=house.court, case_number="", applied_on=None)
    blocks = _service(Facts(mediation), made, wife)  # type: ignore[arg-type]
    text = str(blocks)
    assert WIFE.phone not in text
    assert WIFE.address not in text
    assert "依法保密" in text


def test_who_works_in_the_office_and_is_the_other_side_is_not_named_for_the_case(ground: Ground) -> None:
    husband = ground.town_manager
    husband.name, husband.phone = HUSBAND.name, HUSBAND.phone
    husband.save()
    case = marked(ground, a_case(ground))
    assert not named_readers(case).filter(user=husband).exists()
    assert sight_of(husband, case).level == Level.NONE


def test_it_is_merged_only_into_a_case_that_is_marked_too(ground: Ground) -> None:
    case, into = marked(ground, a_case(ground)), a_case(ground)
    into = intake_actions.restrict_case(into, actor=ground.town_dispatcher, reason="涉及隐私")
    with pytest.raises(RuleViolation, match="住址不再保密"):
        intake_actions.merge_case(case, actor=ground.town_dispatcher, target=str(into.code), reason="同一事项")
    marked(ground, into)
    case = Case.objects.get(pk=case.pk)
    merged = intake_actions.merge_case(case, actor=ground.town_dispatcher, target=str(into.code), reason="同一事项")
    assert merged.status == "merged"


def test_dialogs_offer_them_talks_one_by_one_only(ground: Ground, house: House) -> None:
    case = marked(ground, a_case(ground))
    mediation = ways.running(ground, house, case)
    client = Client()
    client.force_login(ground.town_dispatcher)
    address = f"/mediation/mediation/{mediation.uid}/acts/plan/"
    assert [value for value, _ in client.get(address).context["form"].fields["kind"].choices] == ["back_to_back"]
    marked(ground, Case.objects.get(pk=case.pk), wants_joint=True)
    assert len(client.get(address).context["form"].fields["kind"].choices) == len(SessionKind)
