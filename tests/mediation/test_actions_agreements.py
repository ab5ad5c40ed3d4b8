"""Agreements: what is refused in words, when they take force, what follows."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from intake.actions import close_case, reopen_case
from intake.deadlines.models import Clock
from intake.lifecycle import State as CaseState
from intake.models import Party
from mediation import actions
from mediation.actions import ObligationDraft, Signed
from mediation.lifecycle import AgreementState, State
from mediation.models import Agreement, Instalment, Obligation
from mediation.queries.signatures import missing_signatures
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation, VersionConflict

DAY = timedelta(days=1)


def refused(ground: Ground, house: House, *obligations: ObligationDraft) -> RuleViolation:
    mediation = ways.running(ground, house)
    with pytest.raises(RuleViolation) as refusal:
        ways.drafted(ground, mediation, obligations=obligations)
    assert refusal.value.field == "obligations"
    assert not Agreement.objects.exists()
    return refusal.value


def test_instalments_that_do_not_add_up_are_refused_with_the_difference(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    today = timezone.localdate()
    debt = ways.money(ground, mediation, "3000", (today + DAY, "1000"), (today + 31 * DAY, "1500"))
    with pytest.raises(RuleViolation, match=r"第 1 项：各期合计 2500 元，与总额 3000 元不符，少了 500 元") as refusal:
        ways.drafted(ground, mediation, obligations=[debt])
    assert refusal.value.field == "obligations"
    assert not Agreement.objects.exists()


def test_the_database_refuses_instalments_that_do_not_add_up(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    today = timezone.localdate()
    debt = ways.money(ground, mediation, "3000", (today + DAY, "1000"), (today + 31 * DAY, "2000"))
    agreement = ways.drafted(ground, mediation, obligations=[debt])
    with pytest.raises(IntegrityError, match="add up to 3999"), transaction.atomic():
        Instalment.objects.filter(obligation__agreement=agreement, ordinal=1).update(amount=Decimal(1999))
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="add up to 2000"), transaction.atomic():
        Instalment.objects.filter(obligation__agreement=agreement, ordinal=1).delete()
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="not to 5000"), transaction.atomic():
        Obligation.objects.filter(agreement=agreement).update(amount=Decimal(5000))
        connection.check_constraints()


def test_an_agreement_without_a_performing_date_is_refused(ground: Ground, house: House) -> None:
    assert "至少填写一项" in refused(ground, house).message
    mediation = ways.opened(ground, house, mode="peoples")
    undated = replace(ways.obligations(mediation.case)[0], parts=[(None, None)])
    actions.cancel_mediation(mediation, actor=ground.town_dispatcher, reason="重来")
    running = ways.running(ground, house, mediation.case)
    with pytest.raises(RuleViolation, match="不能没有履行日期"):
        ways.drafted(ground, running, obligations=[undated])


def test_a_party_that_is_not_of_the_case_is_refused(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    elsewhere = str(ways.accepted(ground).parties.first().uid)
    wrong = replace(ways.obligations(mediation.case)[0], creditor=elsewhere)
    with pytest.raises(RuleViolation, match="第 1 项：所选的人不是本案当事人"):
        ways.drafted(ground, mediation, obligations=[wrong])


def test_other_faults_of_an_obligation_are_named(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    good = ways.obligations(mediation.case)[0]
    yesterday = timezone.localdate() - DAY
    faults = {
        "不能是同一人": replace(good, creditor=good.debtor),
        "请填写金额": replace(good, kind="money"),
        "不能早于协议达成日期": replace(good, parts=[(yesterday, None)]),
        "请选择种类": replace(good, kind="gift"),
        "不分期": replace(good, parts=[*good.parts, *good.parts]),
    }
    for words, fault in faults.items():
        with pytest.raises(RuleViolation, match=words):
            ways.drafted(ground, mediation, obligations=[fault])


def test_what_is_not_money_has_no_sum_neither_in_all_nor_in_a_part(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    good = ways.obligations(mediation.case)[0]
    ((day, _),) = good.parts
    for fault in (replace(good, amount=Decimal(5)), replace(good, parts=[(day, Decimal(5))])):
        with pytest.raises(RuleViolation, match="第 1 项不是给付金钱，不填金额"):
            ways.drafted(ground, mediation, obligations=[fault])


def test_the_smallest_sum_is_a_fen_and_nothing_is_none(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    day = timezone.localdate() + DAY
    small = ways.money(ground, mediation, "0.02", (day, "0.01"), (day, "0.01"))
    agreement = ways.drafted(ground, mediation, obligations=[small])
    assert [str(row.amount) for row in ways.instalments(agreement)] == ["0.01", "0.01"]
    assert [str(row.amount) for row in agreement.obligations.all()] == ["0.02"]
    for words, fault in {
        "第 1 项：请填写金额": replace(small, amount=Decimal(0)),
        "第 1 项：每一期都要写金额": replace(small, parts=[(day, Decimal("0.02")), (day, Decimal(0))]),
        "第 1 项的内容": replace(small, what=" "),
    }.items():
        with pytest.raises(DomainError, match=words) as refusal:
            ways.drafted(ground, mediation, obligations=[fault])
        assert refusal.value.field == "obligations"


def test_no_agreement_before_consent_and_none_by_strangers(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    with pytest.raises(InvalidTransition, match="同意调解"):
        ways.drafted(ground, mediation)
    with pytest.raises(PermissionDenied):
        actions.draft_agreement(mediation, ways.a_draft(mediation), actor=ground.stranger)


def test_a_written_agreement_takes_force_on_the_day_of_the_last_signature_or_seal(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    agreement = ways.drafted(ground, mediation)
    signatures = ways.all_signatures(agreement)
    assert [s.kind for s in signatures] == ["party", "party", "party", "mediator", "seal"]
    agreement = actions.sign_agreement(agreement, signatures[:-1], actor=ground.town_mediator)
    assert (agreement.status, agreement.in_force_on) == (AgreementState.DRAFT, None)
    assert [who for _, _, who in missing_signatures(agreement)] == ["巨日合镇人民调解委员会"]
    agreement = actions.sign_agreement(agreement, signatures[-1:], actor=ground.town_mediator)
    today = timezone.localdate()
    assert (agreement.status, agreement.in_force_on) == (AgreementState.IN_FORCE, today)
    assert agreement.number == f"巨日合调〔{today.year}〕1号"
    mediation.refresh_from_db()
    case = mediation.case
    case.refresh_from_db()
    assert (mediation.status, case.status, case.outcome) == (State.AGREED, CaseState.CONCLUDED, "peoples_mediation")
    assert not Clock.objects.filter(case=case, kind__in=["mediate", "handle"], stopped_at=None).exists()
    assert not case.handlings.filter(closed_at=None).exists()
    assert all(row.next_at for row in ways.instalments(agreement))


def test_signatures_are_of_those_who_must_sign_once_and_on_possible_days(ground: Ground, house: House) -> None:
    agreement = ways.drafted(ground, ways.running(ground, house))
    outsider = ways.accepted(ground).parties.first()
    assert outsider
    today = timezone.localdate()
    first = ways.all_signatures(agreement)[0]
    for wrong, words in (
        (Signed(kind="party", by=outsider.pk, signed_on=today), "只签一次"),
        (replace(first, signed_on=today + DAY), "晚于今天"),
        (replace(first, signed_on=today - DAY), "早于协议达成"),
    ):
        with pytest.raises(RuleViolation, match=words):
            actions.sign_agreement(agreement, [wrong], actor=ground.town_mediator)
    actions.sign_agreement(agreement, [first], actor=ground.town_mediator)
    with pytest.raises(RuleViolation, match="只签一次"):
        actions.sign_agreement(agreement, [first], actor=ground.town_mediator)


def test_a_draft_that_somebody_signed_is_changed_only_after_the_signatures_are_taken_back(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    agreement = ways.drafted(ground, mediation)
    actions.sign_agreement(agreement, ways.all_signatures(agreement)[:1], actor=ground.town_mediator)
    with pytest.raises(InvalidTransition, match="撤回签署"):
        ways.drafted(ground, mediation, terms="改")
    page, editor = signed_in(ground.town_mediator), f"/mediation/{mediation.uid}/agreement/"
    assert editor not in page.get(f"/mediation/{mediation.uid}/").content.decode()
    assert "撤回签署" in page.get(editor).content.decode() and page.get(editor).status_code == 409
    actions.withdraw_signatures(agreement, actor=ground.town_mediator, reason="数字写错")
    assert editor in page.get(f"/mediation/{mediation.uid}/").content.decode()
    changed = ways.drafted(ground, mediation, terms="改")
    assert (changed.pk, changed.terms, changed.version) == (agreement.pk, "改", 2)
    with pytest.raises(VersionConflict):
        actions.draft_agreement(mediation, ways.a_draft(mediation), actor=ground.town_mediator, version=1)


def test_signatures_of_an_agreement_in_force_cannot_be_taken_back(ground: Ground, house: House) -> None:
    agreement = ways.in_force(ground, ways.running(ground, house))
    signed = agreement.signings.count()
    with pytest.raises(InvalidTransition, match="已经生效，不能撤回签署"):
        actions.withdraw_signatures(agreement, actor=ground.town_mediator, reason="数字写错")
    assert agreement.signings.count() == signed == 5


def test_an_agreement_says_what_was_typed(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    typed = ways.a_draft(mediation, manner="按界桩当场交还", about_status=True)
    agreement = actions.draft_agreement(mediation, typed, actor=ground.town_mediator)
    agreement.refresh_from_db()
    columns = ("facts", "terms", "manner", "about_status", "reached_on", "form")
    assert {name: getattr(agreement, name) for name in columns} == {name: getattr(typed, name) for name in columns}
    again = replace(typed, facts="重新丈量，少两垄。", terms="各还一垄。", manner="", about_status=False)
    changed = actions.draft_agreement(mediation, again, actor=ground.town_mediator)
    changed.refresh_from_db()
    assert {name: getattr(changed, name) for name in columns} == {name: getattr(again, name) for name in columns}


def test_what_a_mediation_left_behind_that_was_taken_back_is_not_signed(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    agreement = ways.drafted(ground, mediation)
    oral = ways.drafted(ground, ways.running(ground, house), form="oral")
    for one in (mediation, oral.mediation):
        actions.cancel_mediation(one, actor=ground.town_mediator, reason="误开")
    with pytest.raises(InvalidTransition, match="已取消"):
        actions.sign_agreement(agreement, ways.all_signatures(agreement)[:1], actor=ground.town_mediator)
    with pytest.raises(InvalidTransition, match="已取消"):
        actions.take_oral_force(oral, actor=ground.town_mediator)
    assert not agreement.signings.exists()


def test_acts_on_agreements_stand_in_the_trail_of_the_case_under_their_names(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    agreement = ways.drafted(ground, mediation)
    actions.sign_agreement(agreement, ways.all_signatures(agreement)[:1], actor=ground.town_mediator)
    actions.withdraw_signatures(agreement, actor=ground.town_mediator, reason="数字写错")
    actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_mediator)
    case = close_case(mediation.case, actor=ground.town_dispatcher)
    reopen_case(case, actor=ground.town_dispatcher, reason="变更协议")
    actions.revise_agreement(agreement, actor=ground.town_mediator, reason="法院驳回确认")
    oral = ways.drafted(ground, mediation, form="oral")
    actions.take_oral_force(oral, actor=ground.town_mediator)
    verbs = [e.verb for e in trail_of(case)]
    assert verbs[verbs.index("agreement_drafted") :] == [
        "agreement_drafted",
        "agreement_signed",
        "signatures_withdrawn",
        "outcome_reported",
        "agreement_signed",
        "case_closed",
        "case_reopened",
        "agreement_replaced",
        "agreement_drafted",
        "outcome_reported",
        "agreement_reached_orally",
    ]


def test_an_oral_agreement_is_in_force_on_the_day_it_was_reached(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    agreement = ways.drafted(ground, mediation, form="oral")
    with pytest.raises(InvalidTransition):
        actions.sign_agreement(agreement, [], actor=ground.town_mediator)
    agreement = actions.take_oral_force(agreement, actor=ground.town_mediator)
    assert (agreement.status, agreement.in_force_on) == (AgreementState.IN_FORCE, agreement.reached_on)


def test_an_oral_agreement_in_force_is_not_written_anew(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    agreement = actions.take_oral_force(ways.drafted(ground, mediation, form="oral"), actor=ground.town_mediator)
    with pytest.raises(InvalidTransition, match="达成协议，不能再办理这一步"):
        ways.drafted(ground, mediation, form="oral", terms="改")
    agreement.refresh_from_db()
    assert (agreement.status, agreement.version) == (AgreementState.IN_FORCE, 1)


def test_numbers_are_counted_per_body_and_year(ground: Ground, house: House) -> None:
    numbers = [ways.in_force(ground, ways.running(ground, house)).number for _ in range(2)]
    assert [n[-3:] if n else "" for n in numbers] == ["〕1号", "〕2号"]


def test_an_agreement_in_force_is_replaced_only_on_a_case_in_handling(ground: Ground, house: House) -> None:
    agreement = ways.in_force(ground, ways.running(ground, house))
    with pytest.raises(InvalidTransition, match="重办"):
        actions.revise_agreement(agreement, actor=ground.town_mediator, reason="法院驳回确认")
    case = close_case(agreement.mediation.case, actor=ground.town_dispatcher)
    reopen_case(case, actor=ground.town_dispatcher, reason="变更协议")
    mediation = actions.revise_agreement(agreement, actor=ground.town_mediator, reason="法院驳回确认")
    assert mediation.status == State.RUNNING
    assert not Instalment.objects.filter(obligation__agreement=agreement, next_at__isnull=False).exists()
    again = ways.in_force(ground, mediation, terms="各还一半")
    assert (again.pk != agreement.pk, again.status) == (True, AgreementState.IN_FORCE)
    case.refresh_from_db()
    assert case.status == CaseState.CONCLUDED


def test_an_agreement_is_not_replaced_while_the_case_is_mediated_anew(ground: Ground, house: House) -> None:
    agreement = ways.in_force(ground, ways.running(ground, house))
    case = close_case(agreement.mediation.case, actor=ground.town_dispatcher)
    case = reopen_case(case, actor=ground.town_dispatcher, reason="变更协议")
    anew = ways.opened(ground, house, case)
    with pytest.raises(InvalidTransition, match="人民调解正在进行"):
        actions.revise_agreement(agreement, actor=ground.town_mediator, reason="法院驳回确认")
    actions.cancel_mediation(anew, actor=ground.town_mediator, reason="误开")
    assert actions.revise_agreement(agreement, actor=ground.town_mediator, reason="法院驳回确认").is_open


def test_a_party_on_an_agreement_is_not_taken_off_the_case(ground: Ground, house: House) -> None:
    from intake.actions import amend_case
    from tests.people import an_entry

    mediation = ways.running(ground, house)
    ways.drafted(ground, mediation)
    with pytest.raises(RuleViolation, match="已写入调解材料"):
        amend_case(mediation.case, an_entry(), actor=ground.town_clerk)
    assert Party.objects.filter(case=mediation.case).count() == 3
