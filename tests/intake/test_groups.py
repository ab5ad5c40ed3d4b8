"""A group comes by table, by paste or one by one, is represented by two to five, and gets its own receipts."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from intake import actions, queries
from intake.actions import MemberRow
from intake.actions.member_table import rows_of_table, rows_of_text
from intake.entries import CaseEntry, PartyEntry
from intake.models import Case, Membership, Party
from intake.public import actions as public_actions
from intake.queries import groups
from intake.search.queries import cases_named
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground, an_entry, make_ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import DomainError, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.web.sheets import write_xlsx

pytestmark = pytest.mark.django_db
BOSS = PartyEntry(side="respondent", kind="organisation", name="宏达劳务公司", phone="13847500090")
FIRST = PartyEntry(name="刘一", phone="13847500101")
WORKERS = [MemberRow(name, "", f"138475001{n:02}", Decimal("1000.50")) for n, name in enumerate("赵钱孙李周", 11)]


def wages(ground: Ground, **changes: object) -> Case:
    return ways.accepted(ground, parties=(FIRST, BOSS), **changes)


def listed(ground: Ground) -> Case:
    case = wages(ground)
    actions.list_members(case, WORKERS, actor=ground.clerk, side="applicant")
    return again(case)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def uid_of(case: Case, name: str) -> str:
    return str(Party.everyone.get(case=case, name=name).uid)


def represented(ground: Ground) -> Case:
    case = listed(ground)
    uids = [uid_of(case, "刘一"), uid_of(case, "赵")]
    actions.name_representatives(case, uids, actor=ground.clerk, on=timezone.localdate(), mandate="推选书")
    return again(case)


def test_a_pasted_wage_list_with_its_sum_is_read_under_the_titles_of_the_site() -> None:
    rows = rows_of_text(
        "序号\t工人姓名\t手机号\t拖欠工资\n1\t王 海\t138 0000 0001\t12,300.50元\n2\t李江\t\t700\n\t合计\t\t13000.5"
    )
    assert rows == [
        MemberRow("王海", "", "13800000001", Decimal("12300.50")),
        MemberRow("李江", "", "", Decimal("700.00")),
    ]


def test_without_titles_it_is_name_paper_phone_and_sum() -> None:
    assert rows_of_text("王海 152327196503152419 13800000001 5000") == [
        MemberRow("王海", "152327196503152419", "13800000001", Decimal("5000.00"))
    ]


def test_all_that_is_wrong_is_told_by_row_and_nothing_is_taken() -> None:
    columns = actions.MEMBER_COLUMNS
    cells = [
        ["王海", "152327196503152410", "", "1"],
        ["", "", "", "5"],
        ["李江", "", "123", "5"],
        ["周山", "", "", "五百"],
        ["孩子", "150526201503150014", "", "5"],
        ["郑一", "", "13800000002", "5"],
        ["郑一", "", "13800000002", "5"],
        ["合计", "", "", "11"],
    ]
    with write_xlsx("名册", columns, cells) as file, pytest.raises(RuleViolation) as refused:
        rows_of_table(BytesIO(file.read()), "名册.xlsx")
    told = refused.value.message
    for number in (2, 3, 4, 5, 6, 8, 9):
        assert f"第 {number} 行" in told
    assert "合计 11" in told
    assert "监护人" in told


def test_the_list_keeps_numbers_sealed_counts_the_people_and_knows_who_is_registered(ground: Ground) -> None:
    case = wages(ground)
    rows = [*WORKERS, MemberRow("刘一", "", "13847500101", Decimal("88"))]
    done = actions.list_members(case, rows, actor=ground.clerk, side="applicant")
    assert (done.added, done.updated) == (5, 1)
    found = groups.figures_of_group(case)
    assert (found.people, found.amount, found.represented) == (6, Decimal("5090.50"), 5)
    assert [p.name for p in case.parties.all()] == ["刘一", "宏达劳务公司"]
    assert again(case).people_count == 6
    assert Party.everyone.get(name="赵").phone == "13847500111"
    assert [e.verb for e in trail_of(case)][-1] == "group_listed"


def test_the_same_list_again_adds_nobody(ground: Ground) -> None:
    case = listed(ground)
    done = actions.list_members(case, WORKERS, actor=ground.clerk, side="applicant")
    assert (done.added, done.updated, Membership.objects.count()) == (0, 0, 6)


def test_a_member_is_found_by_name_and_phone_like_any_party(ground: Ground) -> None:
    case = represented(ground)
    assert list(cases_named(Case.objects.all(), "13847500112", ground.clerk)) == [case]
    assert list(queries.earlier_cases(ground.clerk, phone="13847500112")) == [case]


def test_more_than_two_thousand_are_refused(ground: Ground) -> None:
    rows = [MemberRow(f"工人{n}") for n in range(2001)]
    with pytest.raises(RuleViolation, match="2000"):
        actions.list_members(wages(ground), rows, actor=ground.clerk, side="applicant")
    assert not Membership.objects.exists()


def test_two_to_five_represent_and_the_others_step_back_among_the_members(ground: Ground) -> None:
    case = represented(ground)
    assert [p.name for p in groups.representatives_of(case)] == ["刘一", "赵"]
    assert {p.name for p in case.parties.all()} == {"刘一", "宏达劳务公司", "赵"}
    assert groups.why_group_cannot_act(case) is None
    uids = [uid_of(case, "钱"), uid_of(case, "孙")]
    actions.name_representatives(case, uids, actor=ground.clerk, on=timezone.localdate(), mandate="改选")
    assert {p.name for p in case.parties.all()} == {"宏达劳务公司", "钱", "孙"}


@pytest.mark.parametrize("count", [0, 1, 6])
def test_another_number_of_representatives_is_refused(count: int, ground: Ground) -> None:
    case = listed(ground)
    uids = [uid_of(case, row.name) for row in [*WORKERS, MemberRow("刘一")]][:count]
    with pytest.raises(RuleViolation) as refused:
        actions.name_representatives(case, uids, actor=ground.clerk, on=timezone.localdate(), mandate="推选书")
    assert "members" in refused.value.errors
    assert groups.why_group_cannot_act(case) is not None


def test_representation_has_a_day_and_a_paper(ground: Ground) -> None:
    case = listed(ground)
    uids = [uid_of(case, "赵"), uid_of(case, "钱")]
    tomorrow = timezone.localdate() + timedelta(days=1)
    for on, mandate in ((None, "推选书"), (tomorrow, "推选书"), (timezone.localdate(), " ")):
        with pytest.raises(DomainError):
            actions.name_representatives(case, uids, actor=ground.clerk, on=on, mandate=mandate)


def test_who_joins_on_another_day_gets_a_receipt_of_their_own(ground: Ground) -> None:
    case = represented(ground)
    party = actions.join_group(case, MemberRow("吴九", "", "13847500199"), actor=ground.clerk)
    issued = public_actions.issue_query_code(case, party, actor=ground.clerk)
    assert issued.row.party_id == party.pk
    with pytest.raises(RuleViolation, match="已在本案名册"):
        actions.join_group(case, MemberRow("吴九", "", "13847500199"), actor=ground.clerk)


@pytest.mark.django_db(transaction=True)
def test_two_windows_let_the_same_person_join_once() -> None:
    ground = make_ground()
    case, refused = listed(ground), []

    def join() -> None:
        try:
            actions.join_group(case, MemberRow("吴九", "", "13847500199"), actor=ground.clerk)
        except RuleViolation as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=join) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), Party.everyone.filter(name="吴九").count()) == (1, 1)


def test_what_is_merged_in_comes_among_the_members_and_leaves_when_it_is_split_off(ground: Ground) -> None:
    into = represented(ground)
    case = ways.registered(ground, parties=(PartyEntry(name="郑十", phone="13847500120"), BOSS))
    actions.merge_case(case, actor=ground.clerk, target=str(into.code), reason="同一工地")
    assert Party.everyone.get(case=into, name="郑十").role == "member"
    assert Party.everyone.filter(case=into, name=BOSS.name).count() == 1
    actions.split_case(again(case), actor=ground.clerk, reason="不是一回事")
    assert not Party.everyone.filter(case=into, name="郑十").exists()


def test_members_consent_singly_or_all_at_once_and_who_has_not_bars_the_settlement(ground: Ground) -> None:
    case = represented(ground)
    why = groups.why_members_do_not_settle(case)
    assert why is not None
    assert "4 名成员" in why.message
    today = timezone.localdate()
    one = [uid_of(case, "钱")]
    assert actions.note_members_consent(case, one, actor=ground.clerk, consent="signed", on=today) == 1
    assert actions.note_members_consent(case, None, actor=ground.clerk, consent="authorised", on=today) == 5
    assert groups.why_members_do_not_settle(case) is None


def test_members_leave_the_list_but_neither_representatives_nor_parties(ground: Ground) -> None:
    case = represented(ground)
    assert actions.remove_members(case, [uid_of(case, "钱")], actor=ground.clerk) == 1
    with pytest.raises(RuleViolation):
        actions.remove_members(case, [uid_of(case, "赵")], actor=ground.clerk)


def test_text_messages_go_to_representatives_or_all_and_who_must_be_phoned_is_counted(ground: Ground) -> None:
    case = represented(ground)
    actions.join_group(case, MemberRow("吴九", "", "0475-7221234"), actor=ground.clerk)
    told = actions.tell_group(case, actor=ground.clerk, text="明天九点到场")
    assert (told.sent, told.without) == (2, 0)
    told = actions.tell_group(case, actor=ground.clerk, text="明天九点到场", to_all=True)
    assert (told.sent, told.without) == (6, 1)
    assert OutboxMessage.objects.filter(topic="text_message").count() == 8


def test_only_the_window_and_who_handles_it_keep_the_list(ground: Ground) -> None:
    case = wages(ground)
    for actor in (ground.leader, ground.stranger, ground.other_handler):
        with pytest.raises(PermissionDenied):
            actions.list_members(case, WORKERS, actor=actor, side="applicant")
    closed = ways.closed(ground)
    with pytest.raises(InvalidTransition):
        actions.list_members(closed, WORKERS, actor=ground.clerk, side="applicant")


def test_the_page_takes_a_pasted_list_shows_it_masked_and_offers_the_receipt(ground: Ground, client: Client) -> None:
    case = wages(ground)
    client.force_login(ground.clerk)
    address = f"/cases/{case.code}/members/"
    assert client.get(address).status_code == 200
    pasted = "姓名,电话,金额\n赵六,13847500133,500"
    sent = client.post(f"{address}table/", {"text": pasted, "side": "applicant"}, follow=True)
    assert "新列入 1 人" in sent.content.decode()
    refused = client.post(f"{address}table/", {"text": "姓名,金额\n钱七,x", "side": "applicant"})
    assert refused.status_code == 422
    assert "钱七,x" in refused.content.decode()
    joined = client.post(f"{address}join/", {"name": "孙八", "phone": "13847500134"}, follow=True).content.decode()
    assert "打印受理告知" in joined
    chosen = {"do": "represent", "on": str(timezone.localdate()), "mandate": "推选书", "consent": "authorised"}
    uids = [uid_of(case, "赵六"), uid_of(case, "孙八")]
    page = client.post(f"{address}chosen/", {**chosen, "members": uids}, follow=True).content.decode()
    assert "代表人：赵六、孙八" in page
    assert "138****" in page
    assert "13847500133" not in page
    assert "群体 3 人" in client.get(f"/cases/{case.code}/").content.decode()
    told = client.post(f"{address}message/", {"text": "明天到场", "to_all": "yes"}, follow=True).content.decode()
    assert "短信将发给 3 人" in told


def test_the_page_costs_the_same_for_one_and_for_many(
    ground: Ground, client: Client, django_assert_max_num_queries: Any
) -> None:
    case = wages(ground)
    rows = [MemberRow(f"工人{n}", "", f"138475{n:05}") for n in range(120)]
    actions.list_members(case, rows, actor=ground.clerk, side="applicant")
    client.force_login(ground.clerk)
    with django_assert_max_num_queries(30):
        page = client.get(f"/cases/{case.code}/members/").content.decode()
    assert page.count('name="members"') == 50


def test_any_window_that_sees_the_case_lets_people_join_and_hands_out_their_receipts_only(ground: Ground) -> None:
    case = actions.register_case(an_entry(parties=(FIRST, BOSS)), actor=ground.town_clerk)
    party = actions.join_group(case, MemberRow("吴九", "", "13847500199"), actor=ground.clerk)
    assert public_actions.issue_query_code(case, party, actor=ground.clerk).row.party_id == party.pk
    first = Party.everyone.get(case=case, name="刘一")
    with pytest.raises(PermissionDenied):
        public_actions.issue_query_code(case, first, actor=ground.clerk)
    for actor in (ground.stranger, ground.handler, ground.grid_worker):
        with pytest.raises(PermissionDenied):
            actions.join_group(case, MemberRow("郑十", "", "13847500198"), actor=actor)


def typed(*applicants: PartyEntry, **changes: object) -> CaseEntry:
    return CaseEntry(parties=(*applicants, BOSS), territory="150526103200", category="0402", **changes)  # type: ignore[arg-type]


def test_who_is_typed_at_the_window_joins_the_open_case_instead_of_a_case_of_their_own(ground: Ground) -> None:
    case = wages(ground)
    wang, li = PartyEntry(name="王一", phone="13847500171"), PartyEntry(name="李二", phone="13847500172")
    there, came = actions.join_by_entry(typed(wang, li, amount=Decimal(90)), actor=ground.clerk, code=str(case.code))
    assert (there.pk, [p.name for p in came], Case.objects.count()) == (case.pk, ["王一", "李二"], 1)
    assert [p.membership.amount for p in came] == [Decimal(90), None]
    assert Party.everyone.filter(case=case, kind="organisation").count() == 1


@pytest.mark.parametrize(
    "who",
    [
        PartyEntry(name="乙公司", kind="organisation"),
        PartyEntry(name_withheld=True),
        PartyEntry(name="孩子", paper_number="152327201503154119"),
        PartyEntry(),
    ],
)
def test_who_cannot_stand_on_a_list_is_refused_at_their_row_and_nobody_joins(ground: Ground, who: PartyEntry) -> None:
    case, before = wages(ground), PartyEntry(name="王一", phone="13847500171")
    with pytest.raises(RuleViolation) as refused:
        actions.join_by_entry(typed(before, who), actor=ground.clerk, code=str(case.code))
    assert next(iter(refused.value.errors)).startswith("parties.1.")
    assert not Membership.objects.exists()


def test_at_the_window_an_open_case_of_the_same_matter_is_joined_by_one_press(ground: Ground, client: Client) -> None:
    case = wages(ground, category="0402")
    client.force_login(ground.village_manager)
    same = {"territory": "150526103200", "category": "0402"}
    offered = client.post("/cases/parts/suggestions/", same).content.decode()
    assert f'name="join" value="{case.code}"' in offered
    sent = same | {"uid": str(uuid4()), "join": str(case.code), "parties-TOTAL_FORMS": 1, "parties-INITIAL_FORMS": 0}
    sent |= {"parties-0-side": "applicant", "parties-0-name": "王一", "parties-0-phone": "13847500171"}
    sent |= {"parties-0-role": "principal", "parties-0-kind": "person", "channel": "01", "risk": "blue"}
    sent |= {"complexity": "ordinary", "scale": "01"}
    page = client.post("/cases/new/", sent, follow=True).content.decode()
    assert "王一已加入" in page
    assert "打印受理告知" in page
    assert "导入名册" not in page
    again_ = client.post("/cases/new/", sent | {"uid": str(uuid4())})
    assert again_.status_code == 422
    assert "已在本案名册" in again_.content.decode()


def test_a_member_who_registered_alone_is_one_person_after_merging(ground: Ground) -> None:
    into = represented(ground)
    case = ways.registered(ground, parties=(PartyEntry(name="钱", phone="13847500112"), BOSS))
    actions.merge_case(case, actor=ground.clerk, target=str(into.code), reason="同一工地")
    assert Party.everyone.filter(case=into, name="钱").count() == 1


def test_a_group_that_is_merged_into_a_case_of_one_stays_a_group_with_what_each_claims(ground: Ground) -> None:
    group, into = listed(ground), ways.accepted(ground, parties=(PartyEntry(name="郑十", phone="13847500120"), BOSS))
    actions.merge_case(group, actor=ground.clerk, target=str(into.code), reason="同一工地")
    found = groups.figures_of_group(into)
    assert (found.people, found.amount) == (7, Decimal("5002.50"))
    assert again(into).people_count == 7
    assert Party.everyone.filter(case=into, kind="organisation").count() == 1


def test_two_of_one_name_who_live_elsewhere_are_two(ground: Ground) -> None:
    into = ways.registered(ground, parties=(FIRST, PartyEntry(side="respondent", name="付某", address="五家子村3组")))
    homes = {"巨日合镇五家子村3组": 1, "五道河子村1组": 2}
    for home, count in homes.items():
        party = PartyEntry(side="respondent", name="付某", address=home)
        case = ways.registered(ground, parties=(PartyEntry(name=f"来自{home}", phone="13847500155"), party))
        actions.merge_case(case, actor=ground.clerk, target=str(into.code), reason="同一事项")
        assert Party.everyone.filter(case=into, name="付某").count() == count


def sent_rows(client: Client, case: Case, rows: list[dict[str, str]], **more: object) -> Any:
    body = {"rows": rows} | more
    return client.post(f"/api/v1/cases/{case.code}/members/", body, content_type="application/json")


def test_over_the_api_rows_go_on_the_list_all_or_none_and_come_back_page_by_page(
    ground: Ground, client: Client
) -> None:
    case = wages(ground)
    client.force_login(ground.clerk)
    rows = [{"name": f"工人{n}", "phone": f"138475{n:05}", "amount": "100.50"} for n in range(1, 4)]
    wrong = sent_rows(client, case, [*rows, {"name": "钱七", "amount": "x"}, {"name": ""}])
    assert wrong.status_code == 422
    assert all(f"第 {row} 行" in wrong.content.decode() for row in (4, 5))
    assert not Membership.objects.exists()
    assert sent_rows(client, case, rows).json() == {"added": 3, "updated": 0}
    assert sent_rows(client, again(case), rows).json() == {"added": 0, "updated": 0}
    first = client.get(f"/api/v1/cases/{case.code}/members/?limit=2").json()
    rest = client.get(first["next"]).json()
    names = [row["name"] for row in (*first["results"], *rest["results"])]
    assert (sorted(names), rest["next"]) == (sorted(["刘一", "工人1", "工人2", "工人3"]), None)
    found = client.get(f"/api/v1/cases/{case.code}/members/?name=工人2").json()["results"]
    assert [(row["amount"], row["phone"], row["consent"]) for row in found] == [("100.50", "138****0002", "")]


def test_over_the_api_who_only_looks_sees_masked_names_and_adds_nobody(ground: Ground, client: Client) -> None:
    case = listed(ground)
    address = f"/api/v1/cases/{case.code}/members/"
    client.force_login(ground.leader)
    names = [row["name"] for row in client.get(address).json()["results"]]
    assert "刘一" not in names and len(names) == 6
    assert sent_rows(client, case, [{"name": "王海"}]).status_code == 403
    client.force_login(ground.stranger)
    assert client.get(address).status_code == 404
    assert sent_rows(client, case, [{"name": "王海"}]).status_code == 404
    client.force_login(ground.clerk)
    assert sent_rows(client, case, [], side="third").status_code == 400
    assert sent_rows(client, case, [{"name": "王海", "age": "3"}]).status_code == 400


def test_who_sat_idle_before_the_list_is_led_to_sign_in_told_why_and_led_back(ground: Ground) -> None:
    case, browser = listed(ground), signed_in(ground.clerk)
    at = f"/cases/{case.code}/members/"
    assert browser.get(at).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        answer = browser.get(at, follow=True)
    where = answer.redirect_chain[-1][0]
    assert where.startswith("/login/?ended=idle") and where.endswith(quote(at, safe=""))
    assert "您较长时间没有操作，为安全起见已自动退出。" in answer.content.decode()
