"""A draft survives everything: the browser closed, the server started anew, the session gone."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from intake.models import Case, EntryAutosave
from tests.journeys.conftest import Login, shot
from tests.people import PASSWORD, Ground
from zhongzhi.accounts.models import User, UserSession

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HALF = "1523271965"


@pytest.fixture
def opened() -> Iterator[list[BrowserContext | LiveServer]]:
    """What must be closed in the end."""
    things: list[BrowserContext | LiveServer] = []
    yield things
    for thing in things:
        thing.stop() if isinstance(thing, LiveServer) else thing.close()


def enter(browser: Browser, server: LiveServer, user: User, path: str) -> tuple[BrowserContext, Page]:
    """A fresh browser, signed in."""
    context = browser.new_context(base_url=server.url, locale="zh-CN", viewport={"width": 1366, "height": 768})
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(path)
    return context, page


def fill(page: Page) -> None:
    """Half of an entry, with half of a number, a guardian in a third row, and the fast track begun."""
    page.locator("[name=parties-0-paper_number]").fill(HALF)
    page.locator("[name=parties-0-name]").fill("张女士")
    page.locator("[data-add-party=third]").click()
    page.locator("[name=parties-2-name]").fill("村主任")
    page.get_by_label("事情经过").fill("积蓄被孙子转走")
    page.locator("[data-settle] summary").click()
    page.get_by_label("办理情况").fill("正在联系几家家长")


def check(page: Page) -> None:
    """All of it is there again."""
    expect(page.get_by_text("自动保存的内容")).to_be_visible()
    expect(page.locator("[name=parties-0-paper_number]")).to_have_value(HALF)
    expect(page.locator("[name=parties-0-name]")).to_have_value("张女士")
    expect(page.locator("[name=parties-2-name]")).to_have_value("村主任")
    expect(page.get_by_label("事情经过")).to_have_value("积蓄被孙子转走")
    expect(page.get_by_label("办理情况")).to_have_value("正在联系几家家长")


def test_a_draft_survives_closing_the_browser_and_a_restart_of_the_server(
    browser: Browser, town: Ground, opened: list[BrowserContext | LiveServer]
) -> None:
    server = LiveServer("localhost")
    context, page = enter(browser, server, town.clerk, "/cases/new/")
    fill(page)
    expect(page.get_by_text("已自动保存")).to_be_visible()
    expect.set_options(timeout=15_000)
    page.wait_for_function("!document.querySelector('[data-saved]').classList.contains('is-lost')")
    while "正在联系" not in _decoded():
        page.wait_for_timeout(100)
    context.close()
    server.stop()

    again = LiveServer("localhost")
    opened.append(again)
    context, page = enter(browser, again, town.clerk, "/")
    opened.append(context)
    page.get_by_role("link", name="积蓄被孙子转走").click()
    check(page)
    shot(page, "draft-restored-1366")
    assert not Case.objects.exists()
    page.locator("[name=parties-0-paper_number]").fill("152327196503152419")
    page.get_by_label("发生地", exact=False).first.click()
    page.keyboard.type("南环")
    page.locator(".picker-list:not([hidden]) [role=option]").first.click()
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    assert not EntryAutosave.objects.exists()


def test_what_is_typed_at_the_last_moment_is_kept_when_the_page_is_left(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.clerk, "/cases/new/")
    page.get_by_label("事情经过").fill("刚刚写下")
    page.goto("/")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.get_by_role("link", name="刚刚写下")).to_be_visible()


def test_a_lost_session_costs_no_text_and_goes_on_after_a_login_over_the_page(
    sign_in: Login, town: Ground, complaints: list[str]
) -> None:
    town.clerk.set_password(PASSWORD)
    town.clerk.save()
    page = sign_in(town.clerk, "/cases/new/")
    page.wait_for_load_state("networkidle")  # what the page asks for by itself has its answers
    UserSession.objects.all().delete()
    page.get_by_label("事情经过").fill("会话丢失时写的")
    expect(page.get_by_text("登录已失效")).to_be_visible()
    again = page.get_by_role("dialog", name="请重新登录")
    page.keyboard.press("Tab")  # leaving the narrative asks for what is suggested
    expect(again).to_be_visible(timeout=10_000)
    assert not EntryAutosave.objects.exists()
    again.get_by_label("密码").fill(PASSWORD)
    again.get_by_role("button", name="登录", exact=True).click()
    expect(again).to_have_count(0)
    expect(page.get_by_label("事情经过")).to_have_value("会话丢失时写的")
    expect(page.get_by_text("已自动保存")).to_be_visible(timeout=15_000)
    assert "会话丢失时写的" in _decoded()
    page.goto("about:blank")
    assert all("401" in text or text.startswith(("htmx:afterRequest", "htmx:sendAbort")) for text in complaints)
    complaints.clear()  # parts that were refused while the session was over, and one that was asked for anew meanwhile


def test_an_earlier_case_is_linked_with_a_click_and_said_before_it_is_done(sign_in: Login, town: Ground) -> None:
    from tests.intake import ways

    earlier = ways.registered(town)
    page = sign_in(town.clerk, "/cases/new/")
    page.locator("[name=parties-0-paper_number]").fill("152327196503152419")
    page.locator("[name=parties-0-paper_number]").press("Enter")
    page.locator("[name=parties-0-name]").fill("岳某某")
    page.get_by_role("button", name="关联为重复").first.click()
    expect(page.get_by_text(f"登记后关联为重复诉求，此前的案件 {earlier.code}")).to_be_visible()
    page.get_by_label("事情经过").fill("又扬言报复，多次上门争吵")
    page.get_by_label("诉求").click()
    expect(page.get_by_text("风险等级建议")).to_be_visible()
    shot(page, "register-suggestions-1366")
    page.get_by_role("button", name="采用").first.click()
    expect(page.locator("[name=risk]")).to_have_value("orange")
    page.get_by_label("发生地", exact=False).first.click()
    page.keyboard.type("五家子")
    page.locator(".picker-list:not([hidden]) [role=option]").first.click()
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    case = Case.objects.latest("pk")
    assert (case.risk, case.repeats_of.get().earlier_id) == ("orange", earlier.pk)
    shot(page, "dossier-repeat-1366")


def _decoded() -> str:
    from urllib.parse import unquote

    row = EntryAutosave.objects.first()
    return unquote(row.text) if row else ""
