"""A table of wages becomes an obligation for each, signed by representatives, paid singly or in one act."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from intake import actions as intake_actions
from intake.actions import MemberRow
from intake.entries import PartyEntry
from intake.models import Party
from mediation import actions
from mediation.actions.listed_obligations import planned
from mediation.documents.clauses import annex_rows, clauses
from mediation.documents.facts import Facts
from mediation.lifecycle import AgreementState
from mediation.models import Agreement, Instalment, Mediation
from mediation.queries.confirmations import bound_parties
from mediation.queries.file import missing_of
from mediation.queries.listed_obligations import due_days
from mediation.tasks import sweep_obligations
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 12)
YEAR_END, SPRING = date(2026, 12, 31), date(2027, 1, 31)
BOSS = PartyEntry(side="respondent", kind="organisation", name="宏达劳务公司", phone="13847500090")
WORKERS = [MemberRow(f"工人{n:02}", "", f"138475002{n:02}", Decimal("21143.47")) for n in range(1, 23)]
LAST = MemberRow("工人23", "", "", Decimal("21143.66"))
TOTAL = Decimal("486300.00")
SCHEDULE = f"{YEAR_END} 50%\n{SPRING} 余款"


@pytest.fixture
def mediation(ground: Ground, house: House) -> Mediation:
    """23 workers of whom three represent; all sides agreed to be mediated."""
    case = ways.accepted(ground, parties=(PartyEntry(name="工人01", phone="13847500201"), BOSS))
    intake_actions.list_members(case, [*WORKERS, LAST], actor=ground.town_clerk, side="applicant")
    uids = [uid(case.pk, f"工人0{n}") for n in (1, 2, 3)]
    on = timezone.localdate()
    intake_actions.name_representatives(case, uids, actor=ground.town_clerk, on=on, mandate="推选书")
    case.refresh_from_db()
    return ways.running(ground, house, case)


def uid(case: int, name: str) -> str:
    return str(Party.everyone.get(case=case, name=name).uid)


def a_list(ground: Ground, mediation: Mediation, **changes: object) -> Agreement:
    agreement = ways.drafted(ground, mediation, obligations=[])
    values = {
        "debtor": uid(mediation.case_id, BOSS.name),
        "what": "劳动报酬",
        "schedule": SCHEDULE,
        "total": TOTAL,
    }
    actions.list_obligations(agreement, actor=ground.town_dispatcher, **(values | changes))  # type: ignore[arg-type]
    return agreement


def consented(ground: Ground, mediation: Mediation) -> None:
    on = timezone.localdate()
    intake_actions.note_members_consent(mediation.case, None, actor=ground.town_clerk, consent="authorised", on=on)


def signed(ground: Ground, mediation: Mediation) -> Agreement:
    agreement = a_list(ground, mediation)
    consented(ground, mediation)
    return actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_dispatcher)


def test_without_representatives_nobody_consents_for_the_members(ground: Ground, house: House) -> None:
    case = ways.accepted(ground, parties=(PartyEntry(name="工人01", phone="13847500201"), BOSS))
    intake_actions.list_members(case, WORKERS, actor=ground.town_clerk, side="applicant")
    with pytest.raises(RuleViolation, match="二至五名"):
        ways.running(ground, house, case)


def test_each_is_owed_their_sum_in_exact_instalments(ground: Ground, mediation: Mediation) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        agreement = Agreement(reached_on=MONDAY)
        assert planned(SCHEDULE, agreement.reached_on)[0] == (YEAR_END, Decimal(50))
    agreement = a_list(ground, mediation)
    assert agreement.obligations.count() == 23
    days = due_days(agreement)
    assert [(d.due_on, d.people) for d in days] == [(YEAR_END, 23), (SPRING, 23)]
    assert sum(d.amount for d in days) == TOTAL
    with pytest.raises(RuleViolation, match=r"差 1\.00 元"):
        a_list(ground, mediation, total=TOTAL + 1)


@pytest.mark.parametrize(
    "schedule",
    ["", "年底付清", "2020-01-01", "2099-12-31 60%\n2100-01-31 50%", "2100-01-31 50%\n2099-12-31", "2099-02-30"],
)
def test_days_and_shares_that_make_no_sense_are_refused_with_the_way_to_write_them(
    schedule: str, ground: Ground, mediation: Mediation
) -> None:
    with pytest.raises(DomainError) as refused:
        a_list(ground, mediation, schedule=schedule)
    assert "schedule" in refused.value.errors
    assert not Instalment.objects.exists()


def test_who_has_no_sum_and_a_debtor_of_their_own_side_are_refused(ground: Ground, mediation: Mediation) -> None:
    with pytest.raises(RuleViolation, match="对方当事人"):
        a_list(ground, mediation, debtor=uid(mediation.case_id, "工人02"))
    intake_actions.join_group(mediation.case, MemberRow("后来的"), actor=ground.town_clerk)
    with pytest.raises(RuleViolation, match="后来的"):
        a_list(ground, mediation)


def test_the_list_stays_when_the_words_are_written_again(ground: Ground, mediation: Mediation) -> None:
    agreement = a_list(ground, mediation)
    ways.drafted(ground, mediation, obligations=[], terms="改了措辞。")
    assert agreement.obligations.count() == 23


def test_representatives_sign_for_all_once_each_member_stands_behind_it(ground: Ground, mediation: Mediation) -> None:
    agreement = a_list(ground, mediation)
    signatures = ways.all_signatures(agreement)
    assert [s.kind for s in signatures].count("party") == 4
    with pytest.raises(RuleViolation, match="20 名成员"):
        actions.sign_agreement(agreement, signatures, actor=ground.town_dispatcher)
    consented(ground, mediation)
    agreement = actions.sign_agreement(agreement, signatures, actor=ground.town_dispatcher)
    assert agreement.status == AgreementState.IN_FORCE
    assert [p.name for p in bound_parties(agreement)] == ["工人01", BOSS.name, "工人02", "工人03"]
    with pytest.raises(InvalidTransition):
        a_list(ground, mediation)


def test_nothing_owed_is_no_agreement(ground: Ground, mediation: Mediation) -> None:
    agreement = ways.drafted(ground, mediation, obligations=[])
    consented(ground, mediation)
    with pytest.raises(RuleViolation, match="按名册列明义务"):
        actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_dispatcher)


def test_the_paper_sums_up_and_the_annex_lists_each_with_their_consent(ground: Ground, mediation: Mediation) -> None:
    agreement = signed(ground, mediation)
    parts = Facts(mediation).instalments_of(agreement)
    assert clauses(parts) == [
        "一、宏达劳务公司向工人01等23人支付共计人民币486,300.00元（大写：肆拾捌万陆仟叁佰元整），"
        "各人应得金额和支付期限见附件。"
    ]
    rows = annex_rows(parts)
    assert (len(rows), rows[0][0], rows[22][1]) == (23, "1", "工人23")
    assert rows[22][5].startswith("特别授权")


def test_one_act_records_an_instalment_with_one_proof_and_two_who_were_not_paid_break_it(
    ground: Ground, house: House
) -> None:
    with time_machine.travel(ways.at(MONDAY, 10), tick=False):
        case = ways.accepted(ground, parties=(PartyEntry(name="工人01", phone="13847500201"), BOSS))
        intake_actions.list_members(case, [*WORKERS, LAST], actor=ground.town_clerk, side="applicant")
        uids = [uid(case.pk, f"工人0{n}") for n in (1, 2, 3)]
        intake_actions.name_representatives(case, uids, actor=ground.town_clerk, on=MONDAY, mandate="推选书")
        case.refresh_from_db()
        mediation = ways.running(ground, house, case)
        ways.held(ground, mediation, house)
        agreement = signed(ground, mediation)
        intake_actions.close_case(agreement.mediation.case, actor=ground.town_manager)
    before = OutboxMessage.objects.filter(topic="text_message").count()
    with time_machine.travel(ways.at(date(2026, 12, 30), 9), tick=False):
        sweep_obligations()
        sweep_obligations()
    assert OutboxMessage.objects.filter(topic="text_message").count() == before + 1
    with time_machine.travel(ways.at(YEAR_END, 16), tick=False):
        rows = Instalment.objects.filter(obligation__agreement=agreement, due_on=YEAR_END).order_by("pk")
        paid = [str(row.uid) for row in rows[:21]]
        count = actions.perform_together(
            agreement, paid, actor=ground.town_clerk, on=YEAR_END, note="银行代发", proofs=[ways.photo()]
        )
        assert count == 21
    with time_machine.travel(ways.at(date(2027, 1, 1), 9), tick=False):
        sweep_obligations()
        sweep_obligations()
    agreement.refresh_from_db()
    case.refresh_from_db()
    assert (agreement.status, case.status) == (AgreementState.BREACHED, "handling")
    assert OutboxMessage.objects.filter(payload__kind="obligation_broken").count() == 1
    told = OutboxMessage.objects.get(payload__kind="obligation_broken").payload["title"]
    assert "2 人" in told
    with time_machine.travel(ways.at(date(2027, 2, 1), 9), tick=False):
        for day in (YEAR_END, SPRING):
            given = {"on": SPRING, "note": "付清", "due_on": day, "proofs": [ways.photo()]}
            actions.perform_together(agreement, [], actor=ground.town_clerk, **given)  # type: ignore[arg-type]
        agreement.refresh_from_db()
        assert agreement.status == AgreementState.PERFORMED
        assert not [lack for lack in missing_of(mediation) if "履行" in lack]
        with pytest.raises(InvalidTransition):
            actions.perform_together(agreement, paid, actor=ground.town_clerk, on=SPRING, note="x")


def test_who_may_not_record_performance_records_none_together(ground: Ground, mediation: Mediation) -> None:
    agreement = signed(ground, mediation)
    for person in (ground.stranger, ground.leader, ground.clerk):
        with pytest.raises(PermissionDenied):
            actions.perform_together(agreement, [], actor=person, on=timezone.localdate(), note="x", due_on=YEAR_END)


def test_the_page_lists_person_by_person_and_records_those_who_are_ticked(
    ground: Ground, mediation: Mediation, client: Client
) -> None:
    agreement = signed(ground, mediation)
    client.force_login(ground.town_dispatcher)
    address = f"/mediation/{mediation.uid}/list/"
    page = client.get(address).content.decode()
    assert page.count('name="parts"') == 46
    rows = Instalment.objects.filter(obligation__agreement=agreement, due_on=YEAR_END)
    given = {"on": str(timezone.localdate()), "note": "转账", "due_on": "", "parts": [str(rows[0].uid)]}
    assert "已记录 1 人履行" in client.post(address, given, follow=True).content.decode()
    assert client.post(address, {**given, "parts": []}).status_code == 422
    ahead = {**given, "due_on": str(SPRING), "on": str(timezone.localdate() + timedelta(days=1))}
    assert client.post(address, ahead).status_code == 422
    shown = client.get(f"/mediation/{mediation.uid}/").content.decode()
    assert "按名册 23 人" in shown
    assert client.get(f"/mediation/{mediation.uid}/file/agreement/").status_code == 200


def test_the_page_offers_to_sign_what_the_list_owes_once_all_stand_behind_it(
    ground: Ground, mediation: Mediation, client: Client
) -> None:
    a_list(ground, mediation)
    client.force_login(ground.town_dispatcher)
    address = f"/mediation/{mediation.uid}/"
    before = client.get(address).content.decode()
    assert "没有特别授权" in before and "记录签署" not in before
    consented(ground, mediation)
    assert "记录签署" in client.get(address).content.decode()
