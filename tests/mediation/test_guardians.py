"""Who does not act alone acts through a guardian: consent, agreement, signature, obligation (民法典 art. 17-24)."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from intake.actions import Report, register_case, settle_at_window
from intake.entries import PartyEntry
from intake.models import Capacity, Case
from intake.queries import party_views
from intake.queries.guardians import acting_name, capacity_on
from mediation import actions
from mediation.actions import ObligationDraft
from mediation.models import Mediation, Obligation, Signing
from mediation.queries.signatures import missing_signatures
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground, an_entry
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
OTHER = PartyEntry(side="respondent", name="付某", paper_number="152326197001012414")


def number(age: int, serial: str = "241") -> str:
    """An identity number of somebody who is this old today."""
    today = timezone.localdate()
    digits = f"152326{today.year - age:04}0101{serial}"
    return digits + CHECKS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def child(age: int = 15, **more: str) -> PartyEntry:
    return PartyEntry(name="小张", paper_number=number(age), **more)


def guardian(**more: str) -> PartyEntry:
    return PartyEntry(name="张大山", role="guardian", represents=0, **{"paper_number": number(45, "243"), **more})


def consent(mediation: Mediation, ground: Ground) -> Mediation:
    today = timezone.localdate()
    answers = {str(p.uid): True for p in mediation.case.parties.filter(role="principal")}
    return actions.record_consent(mediation, answers, actor=ground.town_dispatcher, on=today, told_on=today)


def debt(case: Case, debtor: int, creditor: int) -> ObligationDraft:
    uid = {p.ordinal: str(p.uid) for p in case.parties.all()}
    part = [(timezone.localdate(), Decimal(500))]
    return ObligationDraft(uid[debtor], uid[creditor], "money", "赔偿款", Decimal(500), part)


@pytest.mark.parametrize(("age", "stated", "found"), [
    (7, "", Capacity.NONE), (8, "", Capacity.LIMITED), (17, "", Capacity.LIMITED), (18, "", Capacity.FULL),
    (15, "full", Capacity.LIMITED), (16, "full", Capacity.FULL), (40, "none", Capacity.NONE),
    (12, "none", Capacity.NONE),
])  # fmt: skip
def test_capacity_goes_by_age_own_work_and_what_the_window_states(age: int, stated: str, found: Capacity) -> None:
    today = timezone.localdate()
    assert capacity_on(today.replace(year=today.year - age, month=1, day=1), stated, today) == found
    assert capacity_on(None, stated, today) == (stated or Capacity.FULL)


def test_without_a_guardian_a_minor_neither_applies_nor_agrees_and_the_way_out_is_told(
    ground: Ground, house: House
) -> None:
    mediation = ways.opened(ground, house, ways.accepted(ground, parties=(child(), OTHER)))
    assert not mediation.consents.exists()
    with pytest.raises(RuleViolation, match=r"小张未满 18 周岁，由法定代理人.*登记监护人"):
        consent(mediation, ground)
    view = party_views(mediation.case, names_in_clear=True)[0]
    assert (view.needs_guardian, view.capacity_label) == (True, "限制民事行为能力")
    client = Client()
    client.force_login(ground.town_clerk)
    assert "未登记监护人" in client.get(f"/cases/{mediation.case.code}/").content.decode()


def test_the_guardian_consents_signs_and_stands_in_the_agreement_with_both_names(ground: Ground, house: House) -> None:
    case = ways.accepted(ground, parties=(child(), guardian(), OTHER))
    mediation = ways.opened(ground, house, case)
    assert [c.guardian.name for c in mediation.consents.all() if c.guardian] == ["张大山"]
    mediation = consent(mediation, ground)
    agreement = ways.drafted(ground, mediation, obligations=[debt(case, 3, 1)])
    assert "小张（法定代理人 张大山）" in [name for _, _, name in missing_signatures(agreement)]
    actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_dispatcher)
    signed = {s.party.name: s.guardian and s.guardian.name for s in Signing.objects.all() if s.party}
    assert signed == {"小张": "张大山", "付某": None}


def test_the_guardian_may_owe_in_person(ground: Ground, house: House) -> None:
    case = ways.accepted(ground, parties=(child(), guardian(), OTHER))
    mediation = consent(ways.opened(ground, house, case), ground)
    ways.drafted(ground, mediation, obligations=[debt(case, 2, 3)])
    assert Obligation.objects.get().debtor.name == "张大山"


def test_an_adult_without_full_capacity_needs_a_guardian_as_well(ground: Ground, house: House) -> None:
    adult = PartyEntry(name="王某", paper_number=number(50), capacity="none")
    mediation = ways.opened(ground, house, ways.accepted(ground, parties=(adult, OTHER)))
    with pytest.raises(RuleViolation, match="王某是无民事行为能力人"):
        consent(mediation, ground)


def test_who_lives_on_their_own_work_from_sixteen_on_acts_alone(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house, ways.accepted(ground, parties=(child(17, capacity="full"), OTHER)))
    consent(mediation, ground)
    assert acting_name(mediation.case.parties.get(ordinal=1)) == "小张"


def test_a_guardian_is_of_age_and_not_the_other_side_and_fifteen_is_not_full_capacity(ground: Ground) -> None:
    other = PartyEntry(side="respondent", name="张大山", paper_number=number(45, "243"))
    for parties, field in (
        ((child(), guardian(paper_number=number(17, "243"))), "parties.1.paper_number"),
        ((child(), guardian(), other), "parties.1.role"),
        ((child(capacity="full"), OTHER), "parties.0.capacity"),
    ):
        with pytest.raises(RuleViolation) as refused:
            register_case(an_entry(parties=parties), actor=ground.clerk)
        assert field in refused.value.errors


def test_the_window_settles_with_a_minor_only_beside_the_guardian(ground: Ground) -> None:
    report = Report("settlement", "当场退还转账。")
    with pytest.raises(RuleViolation, match="法定代理人"):
        settle_at_window(an_entry(parties=(child(), OTHER)), report, actor=ground.clerk)
    assert not Case.objects.exists()
    case = settle_at_window(an_entry(parties=(child(), guardian(), OTHER)), report, actor=ground.clerk)
    assert case.status == "closed"
