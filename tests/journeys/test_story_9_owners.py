"""Story 9: 200 owners and their property firm, coming on different days at three windows: one handling, one firm, each
with a receipt and messages, one agreement, the archive."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import expect

from intake.entries import PartyEntry
from intake.models import Case, Membership, Party
from intake.public.models import QueryCode
from intake.tasks import tell_applicants
from mediation.models import Agreement, Instalment, Mediation
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.steps import (
    PROOF,
    accepted,
    act,
    archive,
    closed,
    confirm,
    consented,
    drafted,
    follow_up,
    gone,
    mediation_opened,
    meeting,
    person,
    pick,
    receipt,
    registered,
    sent,
    sheet,
)
from tests.journeys.test_every_page import NOTHING, check
from tests.journeys.test_story_7_wages import number_of, pressed
from tests.mediation import ways
from tests.mediation.ways import House, a_house
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.notices.models import OutboxMessage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY, PAYDAY, DAY = date(2026, 10, 12), date(2026, 10, 30), timedelta(days=1)
FIRM = PartyEntry(
    side="respondent", kind="organisation", name="安居物业公司", phone="13847500999", paper_number="91150526MA0N123455"
)
PLACE, KIND = "五家子", "0402"
OWNERS, REFUND = 200, Decimal("118.50")


@pytest.fixture
def house(town: Ground) -> House:
    return a_house(town)


@pytest.fixture
def clock(town: Ground) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(ways.at(MONDAY, 9), tick=True) as traveller:
        tell_applicants()
        yield traveller


def test_story_9_two_hundred_owners_are_one_handling_with_one_firm(
    sign_in: Login, town: Ground, house: House, clock: time_machine.Traveller
) -> None:
    case = the_first_comes(sign_in, town)
    clock.move_to(ways.at(MONDAY + DAY, 10))
    joins_by_one_press(sign_in, town.clerk, 2)
    clock.move_to(ways.at(MONDAY + 2 * DAY, 10))
    joins_by_one_press(sign_in, town.village_manager, 3)
    assert Case.objects.count() == 1
    one_that_was_registered_apart_is_merged(sign_in, town, case)
    the_others_come(sign_in, town, clock, case)
    assert (Membership.objects.filter(party__case=case).count(), firms(case)) == (OWNERS, 1)
    assert QueryCode.objects.filter(voided_at=None).count() == OWNERS
    mediated(sign_in, town, house, case)
    paid(sign_in, town, clock)
    finished(sign_in, town, clock, case)


def owner(at: int) -> PartyEntry:
    return PartyEntry(name=f"业主{at:03}", paper_number=number_of(at), phone=f"13847500{at:03}")


def firms(case: Case) -> int:
    return Party.everyone.filter(case=case, kind="organisation").count()


def the_first_comes(sign_in: Login, town: Ground) -> Case:
    """Registered at the town's window and accepted."""
    page = sign_in(town.town_clerk, "/cases/new/")
    case = registered(page, owner(1), FIRM, narrative="多收电梯维护费，要求退还。", place=PLACE, category=KIND)
    gone(receipt(page), page)
    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    accepted(page)
    gone(page)
    return case


def joins_by_one_press(sign_in: Login, clerk: User, at: int) -> None:
    """At another window the open case of the same matter is shown; who came joins it, and takes a receipt home."""
    page = sign_in(clerk, "/cases/new/")
    person(page, 0, owner(at))
    pick(page, "发生地", PLACE)
    pick(page, "纠纷类别", KIND)
    join = page.locator("#suggestions").get_by_role("button", name="加入", exact=True)
    expect(join).to_have_count(1)
    assert check(page) == NOTHING
    shot(page, f"owners-window-{at}-1366")
    with page.expect_navigation():
        join.click()
    expect(page.get_by_text("已加入本案，请打印本人的受理告知")).to_be_visible()
    assert check(page) == NOTHING
    shot(page, f"owners-joined-{at}-1366")
    page.set_viewport_size(NARROW)
    shot(page, f"owners-joined-{at}-360")
    page.set_viewport_size(WIDE)
    paper = receipt(page)
    assert f"业主{at:03}" in paper.content()
    gone(paper, page)


def one_that_was_registered_apart_is_merged(sign_in: Login, town: Ground, case: Case) -> None:
    """Nobody looked at the list: a case of its own, which is merged; its firm is the same."""
    page = sign_in(town.town_clerk, "/cases/new/")
    registered(page, owner(4), FIRM, narrative="物业多收费。", place=PLACE, category=KIND)
    gone(receipt(page))
    act(page, "并案")
    pick(page, "并入哪件案件", str(case.code))
    page.locator("#sheet").get_by_label("理由").fill("同一物业公司，同一事项")
    confirm(page)
    gone(page)
    assert (firms(case), Party.everyone.filter(case=case, name="业主004").count()) == (1, 1)


def the_others_come(sign_in: Login, town: Ground, clock: time_machine.Traveller, case: Case) -> None:
    """Day after day, at all three windows, each with a receipt; what they ask back comes by the firm's table.

    196 people send the forms of the page without a browser: as many in a browser take an hour.
    """
    windows = [Client(), Client(), Client()]
    clerks = (town.town_clerk, town.clerk, town.village_manager)
    for at in range(5, OWNERS + 1):
        if at % 50 == 0 or at == 5:
            clock.move_to(ways.at(MONDAY + (2 + at // 50) * DAY, 10, 5))
            for window, clerk in zip(windows, clerks, strict=True):
                window.force_login(clerk)
        joins_without_a_browser(windows[at % 3], case, owner(at))
    page = sign_in(town.town_clerk, f"/cases/{case.code}/members/")
    page.locator("summary", has_text="导入名册").click()
    page.get_by_label("或者粘贴").fill(refunds())
    pressed(page, "检查并写入")
    expect(page.get_by_text(f"新列入 0 人，补充 {OWNERS} 人")).to_be_visible()
    gone(page)


def joins_without_a_browser(window: Client, case: Case, who: PartyEntry) -> None:
    """The form 登记加入 of the list, then the receipt that its page offers."""
    form = {"name": who.name, "paper_number": who.paper_number, "phone": who.phone}
    page = window.post(f"/cases/{case.code}/members/join/", form, follow=True).content.decode()
    assert f"{who.name}已登记加入" in page
    offered = re.search(r'action="(/cases/[^"]+/receipt/[^"]+/)"', page)
    assert offered
    assert who.name in window.post(offered[1]).content.decode()


def refunds() -> str:
    """What each asks back, as the firm's table is pasted."""
    lines = [f"{owner(at).name}\t{owner(at).paper_number}\t{REFUND}" for at in range(1, OWNERS + 1)]
    return "\n".join(["姓名\t身份证号\t金额", *lines])


def mediated(sign_in: Login, town: Ground, house: House, case: Case) -> None:
    """Five represent the others; one session, one agreement with a list, the signatures."""
    page = sign_in(town.town_clerk, f"/cases/{case.code}/members/")
    expect(page.get_by_text(f"{OWNERS} 人，合计 23,700.00 元").first).to_be_visible()
    for at in range(1, 6):
        page.get_by_label(f"勾选 业主{at:03}", exact=True).check()
    page.get_by_label("推选书、授权书").fill("业主推选书")
    pressed(page, "办理")
    page.get_by_label("办理", exact=True).select_option("consent")
    page.get_by_label("所有还没有登记同意的人").check()
    pressed(page, "办理")
    expect(page.get_by_text(f"已登记 {OWNERS} 人同意")).to_be_visible()
    shot(page, "owners-list-1366")
    gone(page)

    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    mediation_opened(page, house.mediator)
    mediation = Mediation.objects.get()
    sides = (*(owner(at).name for at in range(1, 6)), FIRM.name)
    consented(page, *sides)
    meeting(page, *sides, record="公司核对账目，同意全部退还。")
    drafted(page, "多收 200 户电梯维护费。", "全部退还。")
    sheet(page, "按名册列明义务")
    page.get_by_label("义务人").select_option(label=FIRM.name)
    page.get_by_label("各期日期和比例").fill(f"{PAYDAY} 余款")
    sent(page, "按名册列明义务")
    sheet(page, "记录签署")
    sent(page, "记录签署")
    expect(page.get_by_text("已生效")).to_be_visible()
    printed = words_of_pdf(page.request.get(f"/mediation/{mediation.uid}/file/agreement/").body())
    assert "附件：权利人名单及履行明细" in printed and f"业主{OWNERS}" in printed
    gone(page)


def paid(sign_in: Login, town: Ground, clock: time_machine.Traveller) -> None:
    """One transfer for all, recorded in one act with one proof."""
    clock.move_to(ways.at(PAYDAY, 15))
    agreement = Agreement.objects.get()
    assert agreement.obligations.count() == OWNERS
    page = sign_in(town.town_clerk, f"/mediation/{agreement.mediation.uid}/list/?open=1")
    page.get_by_label("哪些人").select_option(str(PAYDAY))
    page.get_by_label("履行情况").fill("物业退费到户")
    page.get_by_label("凭证").set_input_files(PROOF)
    pressed(page, "记录履行")
    expect(page.get_by_text(f"已记录 {OWNERS} 人履行")).to_be_visible()
    gone(page)
    assert not Instalment.objects.filter(performed_on=None).exists()


def finished(sign_in: Login, town: Ground, clock: time_machine.Traveller, case: Case) -> None:
    """Reviewed, each owner told by text message, followed up, archived."""
    OutboxMessage.objects.filter(key__startswith="text:citizen").delete()
    page = sign_in(town.town_manager, f"/cases/{case.code}/")
    closed(page)
    gone(page)
    clock.move_to(ways.at(PAYDAY + 3 * DAY, 9))
    assert tell_applicants() == OWNERS
    assert OutboxMessage.objects.filter(key__startswith="text:citizen", key__contains=":close:").count() == OWNERS
    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    shot(page, "owners-closed-1366")
    follow_up(page)
    archive(page)
    case.refresh_from_db()
    assert (case.status, case.people_count) == ("archived", OWNERS)
