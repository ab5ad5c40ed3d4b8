"""The pages of the window in a browser: no accessibility faults, nothing inline, no sideways scrolling."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intake import actions
from intake.actions import Heard, Report
from intake.models import Case, SavedView
from tests.intake import ways
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check, scrolls_sideways
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLUMNS = "?columns=applicants&columns=category&columns=centre&columns=amount&columns=registered&columns=due"


def full(town: Ground) -> dict[str, str]:
    """Something on every page, and their addresses."""
    _, target = ways.merged(town)
    closed = ways.closed(town, title="借款一万二千元")
    actions.record_follow_up(closed, Heard("phone", False, note="无人接听"), actor=town.clerk)
    actions.link_repeat(ways.registered(town), actor=town.clerk, earlier=str(closed.code))
    day = timezone.localdate() + timedelta(days=30)
    hung = actions.put_on_open_list(ways.handling(town), actor=town.manager, reason="权属待上级裁定", review_on=day)
    red = ways.registered(town, risk="red", title="扬言报复")
    SavedView.objects.create(user=town.manager, name="红橙风险", address="risk=red&risk=orange")
    actions.save_autosave("narrative=写到一半", actor=town.manager, uid=hung.uid.__class__(int=7))
    paths = {
        "new": "/cases/new/",
        "restored": "/cases/drafts/00000000-0000-0000-0000-000000000007/",
        "list-columns": f"/cases/{COLUMNS}",
        "list-empty": "/cases/?q=%E6%B2%A1%E6%9C%89",
        "follow-up": "/cases/follow-up/",
        "hung-up": "/cases/hung-up/",
    }
    dossiers = {"target": target, "closed": closed, "hung": hung, "red": red}
    return paths | {f"dossier-{name}": f"/cases/{case.code}/" for name, case in dossiers.items()}


def test_every_page_of_the_window(sign_in: Login, town: Ground) -> None:
    paths = full(town)
    page, narrow = sign_in(town.manager), sign_in(town.manager, "/", NARROW)
    found = {}
    for name, path in paths.items():
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(path)
        found[name] = check(page)
        page.set_viewport_size({"width": 1366, "height": 800})
        shot(page, f"window-{name}-1366")
        narrow.goto(path)
        shot(narrow, f"window-{name}-360")
        assert scrolls_sideways(narrow) == [], name
        narrow.set_viewport_size(NARROW)
    assert found == dict.fromkeys(paths, NOTHING)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("merge", "accepted"),
        ("link-repeat", "accepted"),
        ("hang-up", "handling"),
        ("follow-up", "closed"),
        ("name-leader", "accepted"),
        ("split", "merged"),
    ],
)
def test_dialogs_of_the_window(act: str, state: str, sign_in: Login, town: Ground) -> None:
    case = ways.in_state(town, ways.State(state))
    Case.objects.filter(pk=case.pk).update(risk="red")
    page = sign_in(town.manager, f"/cases/{case.code}/")
    page.evaluate(f"htmx.ajax('GET', '/cases/{case.code}/acts/{act}/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    assert check(page) == NOTHING
    page.set_viewport_size({"width": 1366, "height": 768})
    shot(page, f"window-dialog-{act}-1366")


def test_merging_by_the_list_of_kindred_cases_and_undoing_it(sign_in: Login, town: Ground) -> None:
    target, case = ways.registered(town, title="先来的一件"), ways.registered(town)
    page = sign_in(town.dispatcher, f"/cases/{case.code}/")
    page.locator(".dossier-acts").get_by_text("更多").click()
    page.get_by_role("button", name="并案", exact=True).click()
    page.get_by_label("并入哪件案件").press("ArrowDown")
    page.get_by_role("option", name="先来的一件").click()
    page.locator("#sheet").get_by_label("理由").fill("同一块地")
    page.locator("#sheet .sheet-foot .btn-primary").click()
    expect(page.get_by_text("案件已并案")).to_be_visible()
    page.get_by_role("link", name=str(target.code)).first.click()
    expect(page.get_by_text("已并入本案")).to_be_visible()
    page.go_back()
    page.locator(".dossier-acts").get_by_text("更多").click()
    page.locator(".dossier-acts").get_by_role("button", name="撤销并案").click()
    page.locator("#sheet").get_by_label("理由").fill("不是一件事")
    page.locator("#sheet .sheet-foot .btn-primary").click()
    expect(page.get_by_text("已撤销并案")).to_be_visible()
    case.refresh_from_db()
    assert case.status == "registered"


def test_the_box_at_the_head_by_keyboard(sign_in: Login, town: Ground) -> None:
    case = ways.registered(town)
    page = sign_in(town.clerk, "/")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("土地")
    expect(page.locator("a.found").first).to_be_visible()
    assert check(page) == NOTHING
    page.set_viewport_size({"width": 360, "height": 740})
    shot(page, "window-search-360")
    page.set_viewport_size({"width": 1366, "height": 768})
    shot(page, "window-search-1366")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.code}/")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("没有这个词")
    expect(page.get_by_text("没有找到")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("没有找到")).to_have_count(0)


def test_the_keyboard_explains_itself(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.clerk, "/")
    page.locator("#content").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="键盘操作")).to_be_visible()
    assert check(page) == NOTHING
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="键盘操作")).to_have_count(0)


def test_columns_a_view_and_an_export_from_the_list(sign_in: Login, town: Ground) -> None:
    ways.registered(town)
    page = sign_in(town.clerk, "/cases/?status=registered")
    page.get_by_text("列", exact=True).click()
    page.get_by_role("checkbox", name="来源渠道").check()
    shot(page, "window-list-menu-1366")
    page.get_by_role("button", name="应用").click()
    expect(page.get_by_role("columnheader", name="来源渠道")).to_be_visible()
    page.get_by_text("保存视图").click()
    page.get_by_label("把当前的筛选").fill("待研判")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name="待研判")).to_be_visible()
    assert "channel" in SavedView.objects.get().address
    page.get_by_text("导出", exact=True).click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Excel（XLSX）").click()
    assert taken.value.suggested_filename.endswith(".xlsx")


def test_the_list_of_roads_and_its_dialog(sign_in: Login, town: Ground) -> None:
    for road, title in (("litigation", "土地少三垄"), ("arbitration", "拖欠工资一万二千元")):
        case = ways.handling(town, title=title)
        actions.report_outcome(case, Report("unresolved", "多次调解未达成一致", road), actor=town.handler)
    page = sign_in(town.manager, "/cases/roads/")
    assert check(page) == NOTHING
    for name, size in (("1366", WIDE), ("360", NARROW)):
        page.set_viewport_size(size)
        shot(page, f"window-roads-{name}")
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="登记结果").first.click()
    page.get_by_label("结果", exact=False).last.wait_for()
    assert check(page) == NOTHING
    page.set_viewport_size(WIDE)
    shot(page, "dialog-road-result-1366")
    page.locator("#sheet").get_by_label("途径").select_option(label="诉讼")
    page.locator("#sheet textarea").fill("判决返还土地三垄")
    page.locator("#sheet .btn-primary").click()
    expect(page.get_by_text("土地少三垄")).to_have_count(0)
    expect(page.get_by_text("拖欠工资一万二千元")).to_be_visible()
    page.goto(f"/cases/{case.code}/")
    assert check(page) == NOTHING
    page.set_viewport_size(WIDE)
    shot(page, "window-dossier-road-1366")
