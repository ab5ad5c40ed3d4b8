"""Story 7: 23 workers against one contractor, 486,300 yuan by a table; representatives, instalments, two who are not
paid in time, the archive."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from playwright.sync_api import Page, expect

from intake.entries import PartyEntry
from intake.models import Membership
from mediation.models import Agreement, Instalment, Mediation
from mediation.tasks import sweep_obligations
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import (
    PROOF,
    accepted,
    archive,
    closed,
    consented,
    drafted,
    follow_up,
    gone,
    mediation_opened,
    meeting,
    registered,
    sent,
    sheet,
)
from tests.mediation import ways
from tests.mediation.ways import House, a_house
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from zhongzhi.core.idnumbers import resident_check
from zhongzhi.notices.models import OutboxMessage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
START, YEAR_END, SPRING = date(2026, 12, 14), date(2026, 12, 31), date(2027, 1, 29)
STORY = "在宏达劳务公司干活的 23 人，工资拖欠至今。"
FIRST = PartyEntry(name="工人01", phone="13847500201")
BOSS = PartyEntry(
    side="respondent", kind="organisation", name="宏达劳务公司", phone="13847500090", paper_number="91150526MA0N123455"
)
TOTAL = Decimal("486300.00")


@pytest.fixture
def house(town: Ground) -> House:
    return a_house(town)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(ways.at(START, 9), tick=True) as traveller:
        yield traveller


def number_of(at: int) -> str:
    body = f"1523261980010{at % 9 + 1}{at:03}"
    return body + resident_check(body)


def wages() -> str:
    """The foreman's table, as it is pasted."""
    sums = [Decimal("21143.47")] * 22
    sums.append(TOTAL - sum(sums))
    lines = [f"{at}\t工人{at:02}\t{number_of(at)}\t138475002{at:02}\t{sum_}" for at, sum_ in enumerate(sums, 1)]
    return "\n".join(["序号\t姓名\t身份证号\t手机\t拖欠工资", *lines, f"\t合计\t\t\t{TOTAL}"])


def pressed(page: Page, button: str, *, scope: str = "main") -> None:
    with page.expect_navigation():
        page.locator(scope).get_by_role("button", name=button).first.click()


def test_story_7_wages_by_a_table_paid_in_instalments_and_archived(
    sign_in: Login, town: Ground, house: House, clock: time_machine.Traveller
) -> None:
    page = sign_in(town.town_clerk, "/cases/new/")
    case = registered(page, FIRST, BOSS, narrative=STORY, place="五家子", category="0501")
    dispatcher = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    accepted(dispatcher)
    gone(dispatcher)
    page.goto(f"/cases/{case.code}/")
    page.locator("summary", has_text="更多").last.click()
    page.get_by_role("link", name="群体名册").click()
    page.get_by_label("或者粘贴").fill(wages())
    pressed(page, "检查并写入")
    expect(page.get_by_text("新列入 22 人，补充 1 人")).to_be_visible()
    for at in (1, 2, 3):
        page.get_by_label(f"勾选 工人0{at}", exact=True).check()
    page.get_by_label("推选书、授权书").fill("推选书")
    pressed(page, "办理")
    expect(page.get_by_text("代表人：工人01、工人02、工人03")).to_be_visible()
    page.get_by_label("办理", exact=True).select_option("consent")
    page.get_by_label("所有还没有登记同意的人").check()
    pressed(page, "办理")
    expect(page.get_by_text("已登记 23 人同意")).to_be_visible()
    shot(page, "group-list-1366")
    page.set_viewport_size(NARROW)
    shot(page, "group-list-360")
    page.set_viewport_size({"width": 1366, "height": 768})
    mediated(town, house, sign_in, case.code)

    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.obligations.count()) == ("in_force", 23)
    closed(sign_in(town.town_manager, f"/cases/{case.code}/"))
    paid_but_two(sign_in, town, clock, agreement)
    broken_and_performed(sign_in, town, clock, agreement, case.code)
    case.refresh_from_db()
    agreement.refresh_from_db()
    assert (case.status, agreement.status) == ("archived", "performed")
    assert Membership.objects.exclude(consent="").count() == 23


def mediated(town: Ground, house: House, sign_in: Login, code: object) -> None:
    """Consent of three and the firm, one session, the agreement by the list, the signatures."""
    page = sign_in(town.town_dispatcher, f"/cases/{code}/")
    shot(page, "group-dossier-1366")
    mediation_opened(page, house.mediator)
    mediation = Mediation.objects.get()
    sides = ("工人01", "工人02", "工人03", "宏达劳务公司")
    consented(page, *sides)
    meeting(page, *sides, record="公司承认拖欠 23 人工资 486300 元，分两期付清。")
    drafted(page, "拖欠 23 人工资 486300 元。", "分两期付清。")
    sheet(page, "按名册列明义务")
    page.get_by_label("义务人").select_option(label="宏达劳务公司")
    page.get_by_label("各期日期和比例").fill(f"{YEAR_END} 50%\n{SPRING} 余款")
    shot(page, "group-obligations-1366")
    sent(page, "按名册列明义务")
    expect(page.get_by_text("按名册 23 人").first).to_be_visible()
    sheet(page, "记录签署")
    sent(page, "记录签署")
    expect(page.get_by_text("已生效")).to_be_visible()
    shot(page, "group-agreement-1366")
    printed = words_of_pdf(page.request.get(f"/mediation/{mediation.uid}/file/agreement/").body())
    assert "附件：权利人名单及履行明细" in printed and "工人23" in printed


def paid_but_two(sign_in: Login, town: Ground, clock: time_machine.Traveller, agreement: Agreement) -> None:
    """On the last day of the year the firm pays 21 of them by one transfer."""
    clock.move_to(ways.at(YEAR_END, 15))
    page = sign_in(town.town_clerk, f"/mediation/{agreement.mediation.uid}/list/?open=1")
    boxes = page.locator("input[name=parts]")
    for at in range(21):
        boxes.nth(at).check()
    page.get_by_label("履行情况").fill("银行代发")
    page.get_by_label("凭证").set_input_files(PROOF)
    shot(page, "group-performance-1366")
    pressed(page, "记录履行")
    expect(page.get_by_text("已记录 21 人履行")).to_be_visible()


def broken_and_performed(
    sign_in: Login, town: Ground, clock: time_machine.Traveller, agreement: Agreement, code: object
) -> None:
    """The clock breaks it for two and takes the case up again; both instalments are paid, it ends in the archive."""
    clock.move_to(ways.at(YEAR_END + timedelta(days=1), 9))
    sweep_obligations()
    told = OutboxMessage.objects.get(payload__kind="obligation_broken").payload["title"]
    assert "2 人" in told
    clock.move_to(ways.at(SPRING, 15))
    page = sign_in(town.town_clerk, f"/mediation/{agreement.mediation.uid}/list/?open=1")
    for day in (YEAR_END, SPRING):
        page.get_by_label("哪些人").select_option(str(day))
        page.get_by_label("凭证").set_input_files(PROOF)
        pressed(page, "记录履行")
    assert not Instalment.objects.filter(performed_on=None).exists()
    gone(page)
    finish(sign_in, town, code)


def finish(sign_in: Login, town: Ground, code: object) -> None:
    """Reported and reviewed again, followed up, archived."""
    page = sign_in(town.town_dispatcher, f"/cases/{code}/")
    sheet(page, "反馈办理结果")
    page.get_by_label("办理结果", exact=True).select_option("peoples_mediation")
    page.get_by_label("办理情况").fill("工资已全部付清。")
    sent(page, "反馈办理结果")
    closed(sign_in(town.town_manager, f"/cases/{code}/"))
    page.goto(f"/cases/{code}/")
    shot(page, "group-closed-1366")
    follow_up(page)
    archive(page)
