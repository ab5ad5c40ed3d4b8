"""What a court entrusted goes back to it: the facts that nobody disputes, the result, the letter in the file."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake.deadlines.models import Clock
from mediation import actions
from mediation.available_actions import available_acts
from mediation.documents import papers_of
from mediation.models import CourtReturn, Mediation, UndisputedFacts
from mediation.queries.file import missing_of
from mediation.queries.workspace import workspace_of
from tests.mediation import ways
from tests.mediation.ways import House, a_house
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
FACTS = "一、2026年3月5日住院。\n二、手术由该院实施。"


@pytest.fixture
def house(ground: Ground) -> House:
    return a_house(ground)


def entrusted(ground: Ground, house: House) -> Mediation:
    """Running, entrusted by the court before filing."""
    return ways.running(ground, house, origin="court", entrusted_by=house.court)


def ended(ground: Ground, house: House) -> Mediation:
    mediation = entrusted(ground, house)
    ways.held(ground, mediation, house)
    actions.end_without_agreement(
        mediation, actor=ground.town_mediator, reason="apart", note="责任比例分歧大", told=["litigation"],
        road="litigation",
    )  # fmt: skip
    return Mediation.objects.get(pk=mediation.pk)


def everyone(mediation: Mediation) -> list[str]:
    return [str(party.uid) for party in mediation.case.parties.all()]


def record(mediation: Mediation, ground: Ground, **changes: Any) -> UndisputedFacts:
    values = {"facts": FACTS, "agreed_on": timezone.localdate(), "parties": everyone(mediation)}
    return actions.record_undisputed_facts(mediation, actor=ground.town_mediator, **(values | changes))


def hand_back(mediation: Mediation, actor: Any, **changes: Any) -> CourtReturn:
    values = {"on": timezone.localdate(), "way": "hand", "receiver": "立案庭 白法官", "note": "起诉状一并交回"}
    return actions.return_to_court(mediation, actor=actor, **(values | changes))


def offered(ground: Ground, mediation: Mediation) -> set[str]:
    return {act.name for act in available_acts(ground.town_mediator, mediation)} & {"undisputed", "return-to-court"}


def test_what_nobody_disputes_needs_the_consent_of_all_and_may_be_corrected_until_it_is_handed_back(
    ground: Ground, house: House
) -> None:
    mediation = ended(ground, house)
    assert offered(ground, mediation) == {"undisputed", "return-to-court"}
    with pytest.raises(RuleViolation, match="还缺：徐某") as refused:
        record(mediation, ground, parties=everyone(mediation)[:2])
    assert list(refused.value.errors) == ["parties"]
    with pytest.raises(RuleViolation):
        record(mediation, ground, agreed_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(PermissionDenied):
        actions.record_undisputed_facts(
            mediation, actor=ground.clerk, facts=FACTS, agreed_on=timezone.localdate(), parties=everyone(mediation)
        )
    record(mediation, ground)
    record(mediation, ground, facts="手术由该院实施。")
    assert UndisputedFacts.objects.get().facts == "手术由该院实施。"
    hand_back(mediation, ground.town_mediator)
    with pytest.raises(InvalidTransition, match="已交回"):
        record(Mediation.objects.get(pk=mediation.pk), ground)
    assert [entry.verb for entry in trail_of(mediation.case)][-3:] == [
        "undisputed_facts_recorded", "undisputed_facts_recorded", "mediation_returned_to_court",
    ]  # fmt: skip


def test_the_file_waits_for_the_result_to_be_with_the_court(ground: Ground, house: House) -> None:
    mediation = ended(ground, house)
    waiting = "调解结果移送函（尚未把结果交回法院）"
    assert waiting in missing_of(mediation)
    assert [row.pk for row in workspace_of(ground.town_mediator, timezone.now()).to_return] == [mediation.pk]
    record(mediation, ground)
    hand_back(mediation, ground.town_mediator)
    mediation = Mediation.objects.get(pk=mediation.pk)
    assert waiting not in missing_of(mediation)
    assert workspace_of(ground.town_mediator, timezone.now()).to_return == []
    texts = {paper.key: " ".join(paper.texts()) for paper in papers_of(mediation)}
    assert "手术由该院实施" in texts["undisputed"]
    assert "无需对已确认的无争议事实举证" in texts["undisputed"]
    letter = texts["court_return"]
    for said in ("巨日合镇人民法庭", "未达成调解协议", "分歧过大", "起诉状等当事人材料", "无争议事实记载", "白法官"):
        assert said in letter, said


def test_an_agreement_goes_back_to_the_court_too_and_has_no_facts_in_dispute(ground: Ground, house: House) -> None:
    mediation = entrusted(ground, house)
    ways.held(ground, mediation, house)
    agreement = ways.in_force(ground, mediation)
    mediation = Mediation.objects.get(pk=mediation.pk)
    assert offered(ground, mediation) == {"return-to-court"}
    with pytest.raises(InvalidTransition):
        record(mediation, ground)
    hand_back(mediation, ground.town_mediator, way="platform")
    letter = next(paper for paper in papers_of(Mediation.objects.get()) if paper.key == "court_return")
    assert any(str(agreement.number) in text for text in letter.texts())


def test_what_no_court_entrusted_what_goes_on_and_what_is_back_is_not_handed_back(ground: Ground, house: House) -> None:
    own, open_one = ways.running(ground, house), entrusted(ground, house)
    assert (offered(ground, own), offered(ground, open_one)) == (set(), {"undisputed"})
    for mediation in (own, open_one):
        with pytest.raises(InvalidTransition):
            hand_back(mediation, ground.town_mediator)
    done = ended(ground, house)
    today = timezone.localdate()
    for wrong in ({"on": today - timedelta(days=1)}, {"on": today + timedelta(days=1)}, {"receiver": " "}):
        with pytest.raises((RuleViolation, BadInput)):
            hand_back(done, ground.town_mediator, **wrong)
    with pytest.raises(BadInput):
        hand_back(done, ground.town_mediator, way="carrier pigeon")
    with pytest.raises(PermissionDenied):
        hand_back(done, ground.stranger)
    assert not CourtReturn.objects.exists()
    hand_back(done, ground.town_mediator)
    with pytest.raises(InvalidTransition):
        hand_back(Mediation.objects.get(pk=done.pk), ground.town_mediator)
    assert Clock.objects.filter(kind="med_court", stopped_at=None).count() == 1
