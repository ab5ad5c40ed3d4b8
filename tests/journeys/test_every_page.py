"""Every page, as those who use it: no accessibility faults, no sideways scrolling, nothing inline, no complaints."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from devkit.assets import MODULES
from tests.intake import ways
from tests.journeys.conftest import NARROW, Login, shot
from tests.people import Ground
from workbench.standard_texts.actions import keep_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = MODULES / "axe-core" / "axe.min.js"
WIDTHS = (360, 768, 1366, 1920)


def violations(page: Page) -> list[str]:
    """What axe-core finds, in a line each. It is run from outside the page: the page's policy holds."""
    page.wait_for_load_state()  # a page that has just begun has no main yet
    result: dict[str, Any] = page.evaluate(AXE.read_text() + "; axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in result["violations"] for n in v["nodes"]]


WIDER = """new Promise(told => requestAnimationFrame(() => requestAnimationFrame(() => told(
    document.documentElement.scrollWidth > document.documentElement.clientWidth))))"""
"""Asked after the next picture: charts take the new width of their box when it is drawn."""


def is_wider(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate(WIDER))


def scrolls_sideways(page: Page) -> list[int]:
    """Widths at which the page is wider than the window."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if is_wider(page):
            found.append(width)
    return found


def inline(page: Page) -> int:
    """Scripts and styles that stand in the page itself."""
    return int(page.evaluate("document.querySelectorAll('script:not([src]), style, [style], [onclick]').length"))


def check(page: Page) -> dict[str, Any]:
    """Everything that must be nothing."""
    return {"axe": violations(page), "inline": inline(page), "sideways": scrolls_sideways(page)}


NOTHING = {"axe": [], "inline": 0, "sideways": []}


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "handler", "manager", "leader", "grid_worker", "auditor"])
def test_the_pages_of_each_role(who: str, sign_in: Login, town: Ground) -> None:
    case = ways.handling(town)
    ways.concluded(town)
    ways.registered(town, title="一件标题特别特别长的案件" * 8)
    page = sign_in(town.people[who], "/")
    paths = ["/", "/cases/", "/cases/?status=archived", "/notices/", "/account/password/", "/account/sessions/"]
    paths.append("/help/")
    if who != "auditor":
        paths += [f"/cases/{case.code}/", "/texts/"]
    if who in ("clerk", "dispatcher", "manager", "grid_worker"):
        paths += ["/cases/new/", "/todo/mine/"]
    if who in ("clerk", "grid_worker"):
        paths = [path for path in paths if who == "clerk" or str(case.code) not in path]
    if who == "handler":
        paths.append(f"/cases/{case.code}/edit/")
    found = {}
    for path in paths:
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(path)
        found[path] = check(page)
    assert found == dict.fromkeys(paths, NOTHING)


@pytest.mark.parametrize(
    "act", ["dispatch", "guide", "take-up", "suspend", "regrade", "withdraw"], ids=lambda act: f"dialog of {act}"
)
def test_dialogs(act: str, sign_in: Login, town: Ground) -> None:
    case = ways.accepted(town)
    page = sign_in(town.dispatcher, f"/cases/{case.code}/")
    page.evaluate(f"htmx.ajax('GET', '/cases/{case.code}/acts/{act}/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    assert check(page) == NOTHING


def test_a_dialog_with_long_lists_and_standard_texts_and_the_case_beside_its_list(sign_in: Login, town: Ground) -> None:
    case = ways.handling(town)
    keep_text(actor=town.handler, name="上门核实", text="{申请人}在场。")
    page = sign_in(town.handler, f"/cases/{case.code}/")
    page.get_by_role("button", name="反馈办理结果").click()
    page.locator(".texts-menu summary").click()
    page.get_by_role("button", name="上门核实").wait_for()
    assert check(page) == NOTHING
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto("/cases/")
    page.keyboard.press("j")
    page.locator(".preview-title").wait_for()
    assert check(page) == NOTHING


def test_pages_before_the_login(sign_in: Login, town: Ground, complaints: list[str]) -> None:
    page = sign_in(town.clerk, "/login/")
    page.context.clear_cookies()
    page.goto("/login/")
    assert check(page) == NOTHING
    page.goto("/nothing/")
    assert check(page) == NOTHING
    assert all("404" in text for text in complaints)
    complaints.clear()


def test_the_page_of_the_api_works_under_our_policy(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.clerk, "/api/v1/docs/")
    page.locator(".opblock-summary").first.wait_for()
    wanted = page.get_by_text("登记案件").first
    for _ in range(60):  # a list as long as this is drawn where one looks
        if wanted.is_visible():
            break
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(100)
    expect(wanted).to_be_visible()


def test_pictures_of_the_pages(sign_in: Login, town: Ground) -> None:
    ways.copies(ways.registered(town), 40)
    case = ways.handling(town)
    wide, narrow = sign_in(town.dispatcher, "/"), sign_in(town.dispatcher, "/", NARROW)
    paths = {"home": "/", "list": "/cases/", "dossier": f"/cases/{case.code}/", "entry": "/cases/new/"}
    for name, path in paths.items():
        for page, width in ((wide, 1366), (narrow, 360)):
            page.goto(path)
            shot(page, f"{name}-{width}")
        assert scrolls_sideways(narrow) == []
        narrow.set_viewport_size(NARROW)
