"""Story 5: 韩冰's morning. Yesterday's 93 calls, five rows bad, dispatched before the meeting ends. And a citizen who
follows and rates a case on a small phone."""

import io
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from docx import Document
from playwright.sync_api import Browser, Page, expect

from intake import actions
from intake.coordination import actions as coordination_actions
from intake.coordination.models import AgendaItem
from intake.imports.actions import work_on_imports
from intake.imports.models import ImportBatch
from intake.models import Case
from intake.public.models import CitizenRating
from tests.intake import ways
from tests.intake.tables import a_call, bad_calls, xlsx
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground
from zhongzhi.audit.verify import Counts, verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    cache.clear()


def pick(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.keyboard.type(text)
    page.locator(".picker-list:not([hidden]) [role=option]").first.click()


def decided(page: Page, number: int, total: int) -> None:
    expect(page.locator("#meeting-counts")).to_have_text(f"已议 {number} / {total}")


def test_93_calls_with_5_bad_rows_are_dispatched_before_the_meeting_ends(
    sign_in: Login, town: Ground, tmp_path: Path, complaints: list[str]
) -> None:
    table = tmp_path / "昨日非警务警情.xlsx"
    calls = [a_call(at, risk="橙色" if at == 3 else "蓝色") for at in range(88)]
    calls[10:10] = bad_calls()
    table.write_bytes(xlsx(calls).read())
    page = sign_in(town.dispatcher, "/cases/imports/")
    shot(page, "imports-1366")
    page.get_by_label("表格文件").set_input_files(table)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("正在逐行检查")).to_be_visible()
    page.goto("/")
    work_on_imports(seconds=60)
    page.goto("/cases/imports/")
    page.locator(".list-group").get_by_role("link", name="昨日非警务警情").click()
    expect(page.get_by_role("button", name="只导入无误的 88 行")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("第 12 行")
    shot(page, "import-checked-1366")
    page.get_by_role("button", name="只导入无误的 88 行").click()
    expect(page.get_by_text("正在登记")).to_be_visible()
    work_on_imports(seconds=60)
    expect(page.get_by_text("新登记 88 件")).to_be_visible()
    shot(page, "import-done-1366")
    assert Case.objects.filter(channel="06", status="registered").count() == 88

    page.get_by_role("link", name="上碰头会").click()
    page.get_by_role("button", name="开今天的会").click()
    decided(page, 0, 88)
    shot(page, "meeting-1366")
    # the first by keyboard alone: dispatched to whom is suggested
    expect(page.locator("[data-decide] input[type=radio]:checked")).to_be_focused()
    page.keyboard.press("Control+Enter")
    decided(page, 1, 88)
    # the second is a joint matter
    page.keyboard.press("2")
    pick(page, "协办单位一", "派出所")
    page.get_by_label("决定意见").fill("派出所一并稳控。")
    shot(page, "meeting-joint-1366")
    page.keyboard.press("Control+Enter")
    decided(page, 2, 88)
    # the third belongs elsewhere; without a receiver it is refused and nothing typed is lost
    page.keyboard.press("5")
    page.get_by_label("决定意见").fill("属劳动监察。")
    page.get_by_role("button", name="决定，下一项").click()
    expect(page.get_by_text("请写明导引至哪个单位")).to_be_visible()
    expect(page.get_by_label("决定意见")).to_have_value("属劳动监察。")
    pick(page, "导引至", "人社局")
    page.keyboard.press("Control+Enter")
    decided(page, 3, 88)
    # the fourth is the same as the first
    page.keyboard.press("4")
    pick(page, "并入案件", str(Case.objects.order_by("pk")[0].code))
    page.keyboard.press("Control+Enter")
    decided(page, 4, 88)
    page.keyboard.press("j")
    page.keyboard.press("k")
    # the rest as suggested, then what has no clear lead by hand
    page.get_by_label("全选待议").check()
    page.get_by_role("button", name="按建议受理交办").click(timeout=90_000)
    expect(page.get_by_text("已按建议受理并交办")).to_be_visible(timeout=90_000)
    left = AgendaItem.objects.filter(decision="").count()
    for number in range(88 - left, 88):
        pick(page, "主办单位", "司法局")
        page.get_by_role("button", name="决定，下一项").click()
        decided(page, number + 1, 88)
    expect(page.get_by_text("议题都已议完")).to_be_visible()
    while page.locator("#notes [data-close-note]").count():
        page.locator("#notes [data-close-note]").first.click()
    page.locator("summary", has_text="结束会议").click()
    page.get_by_label("出席").fill("司法局王立新、人社局赵敏")
    shot(page, "meeting-close-1366")
    page.get_by_role("button", name="结束并生成纪要").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="纪要 Word").click()
    paper = Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(paper.tables[0].rows) == 89
    assert sorted(set(Case.objects.values_list("status", flat=True))) == ["dispatched", "guided", "merged"]
    assert Case.objects.filter(status="dispatched").count() == 86
    assert ImportBatch.objects.get().bad_rows == 5
    assert all("422" in text for text in complaints)
    complaints.clear()  # a refused form is what was asked for
    assert list(verify(Counts())) == []


@pytest.fixture
def visitor(browser: Browser, live_server: object, complaints: list[str]) -> Page:
    """A phone without a login."""
    context = browser.new_context(viewport=NARROW, locale="zh-CN", base_url=str(live_server))  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    return page


def test_a_citizen_follows_and_rates_a_case_on_a_small_phone(
    sign_in: Login, town: Ground, visitor: Page, complaints: list[str]
) -> None:
    case = ways.concluded(town)
    town.county_centre.phone = "0475-12345"
    town.county_centre.save()
    clerk = sign_in(town.clerk, f"/cases/{case.code}/")
    clerk.locator(".dossier-acts").get_by_text("更多").click()
    clerk.get_by_role("button", name="打印受理告知").click()
    shot(clerk, "receipt-dialog-1366")
    with clerk.expect_popup() as opened:
        clerk.locator("#sheet").get_by_role("button", name="打印").click()
    receipt = opened.value
    receipt.wait_for_load_state()
    assert check(receipt) == NOTHING
    receipt.set_viewport_size(WIDE)
    shot(receipt, "receipt-a4")
    receipt.get_by_label("80 mm 小票").check()
    shot(receipt, "receipt-80mm")
    typed = receipt.locator(".typed").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{2,4}){6}", typed)

    visitor.goto("/q/")
    visitor.get_by_label("查询码").fill(typed.lower().replace("-", " "))
    visitor.get_by_role("button", name="查询").click()
    expect(visitor.get_by_role("heading", name="已办理，中心正在审核结果")).to_be_visible()
    shot(visitor, "citizen-follow-360")
    expect(visitor.get_by_text("满意吗")).to_have_count(0)
    for name in ("岳某某", "付某", "王立新", "包萨仁"):
        expect(visitor.get_by_text(name)).to_have_count(0)
    actions.close_case(case, actor=town.dispatcher)
    visitor.reload()
    assert check(visitor) == NOTHING
    visitor.set_viewport_size(NARROW)
    visitor.get_by_label("非常满意", exact=True).check()
    visitor.get_by_label("想说的话").fill("量得公道。")
    shot(visitor, "citizen-rate-360")
    visitor.get_by_role("button", name="提交评价").click()
    expect(visitor.get_by_text("谢谢您的评价：5 分")).to_be_visible()
    assert CitizenRating.objects.get().score == 5
    clerk.reload()
    expect(clerk.get_by_text("量得公道。")).to_be_visible()
    shot(clerk, "dossier-rated-1366")
    visitor.goto("/q/ABCD/")
    expect(visitor.get_by_role("heading", name="没有查到")).to_be_visible()
    shot(visitor, "citizen-missing-360")
    assert all("404" in text for text in complaints)
    complaints.clear()


def test_a_citizen_reports_from_the_phone(visitor: Page, town: Ground, tmp_path: Path, sign_in: Login) -> None:
    from PIL import Image

    call_command("open_public_reporting", centre="旗综治中心", stdout=io.StringIO())
    photo = tmp_path / "现场.jpg"
    Image.new("RGB", (64, 48), "green").save(photo)
    visitor.goto("/q/report/")
    assert check(visitor) == NOTHING
    visitor.set_viewport_size(NARROW)
    visitor.get_by_label("发生了什么").fill("路口垃圾堆了半个月没人清。")
    visitor.get_by_label("在哪个镇").select_option("150526103")
    visitor.get_by_label("照片").set_input_files(photo)
    visitor.get_by_label("我已阅读并同意").check()
    shot(visitor, "citizen-report-360")
    visitor.get_by_role("button", name="提交").click()
    expect(visitor.get_by_role("heading", name="已收到")).to_be_visible()
    shot(visitor, "citizen-reported-360")
    visitor.get_by_role("link", name="查看办理进度").click()
    expect(visitor.get_by_role("heading", name="已登记，正在研判由谁办理")).to_be_visible()
    dispatcher = sign_in(town.dispatcher, "/")
    expect(dispatcher.get_by_role("link", name="路口垃圾堆了半个月没人清").first).to_be_visible()


def test_the_pages_of_imports_and_meetings(sign_in: Login, town: Ground) -> None:
    from tests.intake.tables import handed_in

    batch = handed_in(town, xlsx([a_call(1), *bad_calls()]))
    ways.registered(town, title="一件标题特别特别长的案件" * 8)
    ways.handling(town, risk="red")
    meeting = coordination_actions.open_meeting(town.county_centre, actor=town.dispatcher)
    page = sign_in(town.dispatcher, "/")
    narrow = sign_in(town.dispatcher, "/", NARROW)
    found = {}
    for path in ("/cases/imports/", f"/cases/imports/{batch.uid}/", "/meetings/", f"/meetings/{meeting.pk}/"):
        page.set_viewport_size(WIDE)
        page.goto(path)
        found[path] = check(page)
        narrow.goto(path)
        shot(narrow, f"{path.strip('/').split('/')[0]}-{len(found)}-360")
    coordination_actions.close_meeting(meeting, actor=town.manager)
    reader = sign_in(town.leader, f"/meetings/{meeting.pk}/")
    found["reader"] = check(reader)
    assert found == dict.fromkeys(found, NOTHING)
