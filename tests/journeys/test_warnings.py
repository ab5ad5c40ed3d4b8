"""Three quarrels of two neighbours: the town's manager sees it coming, sends the grid worker, and nothing in the pages
is at fault."""

import pytest
from playwright.sync_api import expect

from early_warning.models import RuleKind, Warning
from grids.models import PlannedVisit
from tests.early_warning.ways import swept, three_quarrels
from tests.grids.test_hazards import found
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_three_quarrels_to_a_visit(sign_in: Login, town: Ground) -> None:
    swept(*three_quarrels(town))
    found(town, narrative="扬言放火烧房，已劝住。")
    page = sign_in(town.town_manager, "/")
    page.get_by_role("link", name="预警待核实").click()
    shot(page, "warnings-list")
    assert check(page) == NOTHING
    page.set_viewport_size(NARROW)
    shot(page, "warnings-list-narrow")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("link", name="同一双方 180 天内第 3 次").first.click()
    shot(page, "warning")
    assert check(page) == NOTHING
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator("summary", has_text="安排走访").click()
    page.get_by_label("走访对象").fill("岳家")
    page.get_by_role("button", name="安排走访").click()
    expect(page.get_by_text("已安排走访。")).to_be_visible()
    shot(page, "warning-turned")
    page.set_viewport_size(NARROW)
    shot(page, "warning-narrow")
    assert PlannedVisit.objects.get().household == "岳家"
    assert Warning.objects.get(kind=RuleKind.SAME_SIDES).status == "confirmed"


def test_the_grid_worker_and_the_administrator_have_their_pages(sign_in: Login, town: Ground) -> None:
    found(town, narrative="扬言放火烧房，已劝住。")
    page = sign_in(town.grid_worker, "/field/", NARROW)
    page.get_by_role("link", name="我的网格的预警").click()
    shot(page, "warnings-grid-worker")
    assert check(page) == NOTHING
    page = sign_in(town.system_admin, "/system/warning-rules/")
    shot(page, "warning-rules")
    assert check(page) == NOTHING
    for path in ("/system/danger-words/", "/system/warning-rules/judging/"):
        page.goto(path)
        assert check(page) == NOTHING
    shot(page, "warning-judging")
