"""Stories 2 and 4 through mediation: land measured on the spot and given back; a pen mended within three days."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from intake.lifecycle import State as CaseState
from mediation.models import Agreement, Mediation
from mediation.tasks import sweep_obligations
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import (
    accepted,
    archive,
    closed,
    consented,
    follow_up,
    gone,
    local,
    mediation_opened,
    meeting,
    registered,
    sent,
    sheet,
)
from tests.mediation import ways
from tests.mediation.ways import House, a_house
from tests.people import Ground
from zhongzhi.notices.actions import deliver_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORGIVEN = "付某、徐某看过丈量结果，同意归还。岳某某表示谅解，握手言和。"
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def house(town: Ground) -> House:
    return a_house(town)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tomorrow morning at nine, and whatever the story moves it to."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    with time_machine.travel(ways.at(tomorrow, 9), tick=True) as traveller:
        yield traveller


def test_story_2_land_is_measured_given_back_proved_and_archived(
    sign_in: Login, town: Ground, house: House, clock: time_machine.Traveller, photo: str
) -> None:
    window = sign_in(town.town_clerk, "/cases/new/")
    case = registered(
        window, *ways.LAND, narrative="自家土地少了3垄，怀疑邻地农户多种。", place="五家子", category="0901"
    )
    gone(window)
    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/", viewport=TABLET)
    accepted(page)
    mediation_opened(page, house.mediator)
    mediation = Mediation.objects.get()
    consented(page, "岳某某", "付某", "徐某")
    expect(page.get_by_text("同意调解").first).to_be_visible()
    expect(page.get_by_text("调解记录").first).to_be_visible()

    survey(page, photo)
    clock.shift(timedelta(minutes=20))
    page.reload()  # an idle session ends after half an hour
    clock.shift(timedelta(minutes=15))
    meeting(page, "岳某某", "付某", "徐某", record=FORGIVEN)
    agreement(page)
    sheet(page, "记录签署")
    shot(page, "mediation-sign")
    sent(page, "记录签署")
    expect(page.get_by_text("已生效")).to_be_visible()
    shot(page, "mediation-in-force")

    case.refresh_from_db()
    assert case.status == CaseState.CONCLUDED
    manager = sign_in(town.town_manager, f"/cases/{case.code}/")
    closed(manager)
    gone(manager)
    page.goto(f"/cases/{case.code}/")
    follow_up(page)
    expect(page.get_by_text("履行凭证（2 项未履行）")).to_be_visible()
    shot(page, "mediation-dossier")

    page.goto(f"/mediation/{mediation.uid}/")
    for _ in range(2):
        sheet(page, "记录履行")
        page.get_by_label("履行凭证").set_input_files(photo)
        sent(page, "记录履行")
    expect(page.get_by_text("已履行", exact=True).first).to_be_visible()
    page.get_by_role("link", name="打开卷宗").click()
    expect(page.get_by_role("heading", name="齐全情况")).to_be_visible()
    assert page.locator(".due-over").count() == 0
    shot(page, "mediation-file")

    page.goto(f"/cases/{case.code}/")
    archive(page)
    case.refresh_from_db()
    assert case.status == CaseState.ARCHIVED
    assert Agreement.objects.get().status == "performed"


def survey(page: Page, photo: str) -> None:
    """The village and both sides measure by the ledger."""
    sheet(page, "安排调解")
    page.get_by_label("类型").select_option("survey")
    page.get_by_label("开始时间").fill(local(timezone.now()))
    page.get_by_label("时长").select_option("30")
    page.get_by_label("其他地点").fill("五家子村东地块")
    page.get_by_label("其他参加人").fill("付德柱 村委会主任")
    sent(page, "安排调解")
    page.get_by_role("link", name="现场勘查").click()
    page.locator("#photos").set_input_files(photo)
    page.get_by_role("button", name="上传").click()
    page.get_by_text("已上传").wait_for()
    for name in ("岳某某", "付某", "徐某", "付德柱"):
        page.locator(".attendee", has_text=name).click()
    for at, (what, ledger, measured) in enumerate((("付某地块", "12", "13"), ("徐某地块", "10", "12"))):
        if at:
            page.get_by_role("button", name="加一行").click()
        page.locator(f"#m-{at}-what").fill(what)
        page.locator(f"#m-{at}-by_ledger").fill(ledger)
        page.locator(f"#m-{at}-measured").fill(measured)
        page.locator(f"#m-{at}-unit").fill("垄")
    page.get_by_label("调解笔录").fill("依据土地台账逐块丈量，各方在场确认。")
    page.locator("#saved", has_text="已保存").wait_for()
    page.get_by_label("查明的事实").fill("付某多种1垄，徐某多种2垄。")
    page.get_by_label("查明事实", exact=True).check()
    shot(page, "mediation-survey-tablet")
    page.get_by_role("button", name="记为已举行").click()
    page.get_by_text("笔录已存入卷宗").wait_for()


def agreement(page: Page) -> None:
    """The written agreement: 付 gives back one ridge, 徐 two."""
    page.get_by_role("link", name="起草协议").click()
    page.get_by_label("协议内容").fill("付某归还岳某某土地1垄，徐某归还2垄，以丈量界桩为准，各方不再争执。")
    due = (timezone.localdate() + timedelta(days=5)).isoformat()
    for at, (debtor, what) in enumerate((("付某（被申请人）", "归还土地1垄"), ("徐某（被申请人）", "归还土地2垄"))):
        if at:
            page.get_by_role("button", name="加一项").click()
        row = page.locator("[data-obligation]").nth(at)
        row.get_by_label("义务人").select_option(label=debtor)
        row.get_by_label("权利人").select_option(label="岳某某（申请人）")
        row.get_by_label("种类").select_option("land")
        row.get_by_label("内容").fill(what)
        row.get_by_label("履行期限").fill(due)
    shot(page, "mediation-agreement")
    page.get_by_role("button", name="保存协议").click()
    page.get_by_text("协议已保存").wait_for()


def test_story_4_paid_on_the_spot_and_the_pen_mended_in_three_days(
    sign_in: Login, town: Ground, house: House, clock: time_machine.Traveller, photo: str
) -> None:
    window = sign_in(town.town_clerk, "/cases/new/")
    case = registered(
        window,
        *ways.LAND[:2],
        narrative="王大爷家的羊又跑进玉米地，啃食青苗。",
        place="五道河子 第1",
        category="0551",
    )
    gone(window)
    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    accepted(page)
    mediation_opened(page, house.mediator)
    gone(page)
    mediation = Mediation.objects.get()
    page = sign_in(town.town_mediator, f"/mediation/{mediation.uid}/", viewport=NARROW)
    consented(page, "岳某某", "付某")
    meeting(page, "岳某某", "付某", record="地头看过青苗，赔三百元，三天修好羊圈。", 其他地点="五道河子村地头")
    page.get_by_role("link", name="起草协议").click()
    page.get_by_label("口头协议").check()
    page.get_by_label("协议内容").fill("当场赔偿300元；三天内加固羊圈。")
    today = timezone.localdate()
    first = page.locator("[data-obligation]").first
    first.get_by_label("义务人").select_option(label="付某（被申请人）")
    first.get_by_label("权利人").select_option(label="岳某某（申请人）")
    first.get_by_label("总额").fill("300")
    first.get_by_label("内容").fill("赔偿青苗损失")
    first.get_by_label("履行期限").fill(today.isoformat())
    page.get_by_role("button", name="加一项").click()
    second = page.locator("[data-obligation]").nth(1)
    second.get_by_label("义务人").select_option(label="付某（被申请人）")
    second.get_by_label("权利人").select_option(label="岳某某（申请人）")
    second.get_by_label("种类").select_option("act")
    second.get_by_label("内容").fill("加固羊圈")
    second.get_by_label("履行期限").fill((today + timedelta(days=3)).isoformat())
    shot(page, "mediation-agreement-phone")
    page.get_by_role("button", name="保存协议").click()
    page.get_by_text("协议已保存").wait_for()
    sheet(page, "登记生效")
    sent(page, "登记生效")
    sheet(page, "记录履行")
    expect(page.get_by_label("金额（元）")).to_have_value("300.00")
    page.get_by_label("履行凭证").set_input_files(photo)
    sent(page, "记录履行")

    page.goto("about:blank")  # a page left open would ask for notices after its session has ended
    sweep_obligations()
    clock.move_to(ways.at(today + timedelta(days=2), 8, 45))
    sweep_obligations()
    deliver_due(timezone.now())
    page = sign_in(town.town_mediator, "/notices/", viewport=NARROW)
    expect(page.get_by_text("将到：加固羊圈")).to_have_count(1)
    page.goto("/mediation/")
    expect(page.get_by_role("link", name="加固羊圈")).to_be_visible()
    shot(page, "mediation-desk-phone")
    page.get_by_role("link", name="加固羊圈").click()
    sheet(page, "记录履行")
    page.get_by_label("履行凭证").set_input_files(photo)
    sent(page, "记录履行")
    page.goto("about:blank")
    clock.move_to(ways.at(today + timedelta(days=5), 9))
    sweep_obligations()
    made = Agreement.objects.get()
    assert (made.status, made.form) == ("performed", "oral")
    assert not any(row.breached_at for row in ways.instalments(made))
    manager = sign_in(town.town_manager, f"/cases/{case.code}/")
    closed(manager)
    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    follow_up(page)
    archive(page)
    case.refresh_from_db()
    assert case.status == CaseState.ARCHIVED
