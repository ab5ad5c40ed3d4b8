"""The board, lists, reports and the wall in a browser: drawn, clean, within the window, steady for a night."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake import actions
from intake.models import Case
from tests.intake import ways
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.test_every_page import scrolls_sideways, violations
from tests.people import Ground
from workbench.actions import load_shapes, make_screen_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INLINE = """[...document.querySelectorAll('script:not([src]), style, [style], [onclick]')]
    .filter(element => !element.closest('.chart')).length"""


def some_cases(ground: Ground) -> None:
    ways.closed(ground)
    ways.concluded(ground, territory="150526100001", category="0102", channel="02")
    ways.handling(ground, territory="150526103201", category="0804")
    late = ways.copies(ways.registered(ground, territory="150526103200001"), 12)
    Case.objects.filter(pk__in=[case.pk for case in late]).update(
        status="accepted", accepted_at=timezone.now() - timedelta(days=40)
    )


def clean(page: Any) -> dict[str, Any]:
    return {"axe": violations(page), "inline": page.evaluate(INLINE), "sideways": scrolls_sideways(page)}


CLEAN = {"axe": [], "inline": 0, "sideways": []}


def test_pages_of_the_figures_are_clean_and_charts_are_drawn(sign_in: Login, town: Ground) -> None:
    some_cases(town)
    page = sign_in(town.leader, "/figures/")
    page.locator(".chart canvas").first.wait_for()
    page.evaluate("window.scrollTo(0, 1400)")
    page.wait_for_function("document.querySelectorAll('.chart canvas').length >= 5")
    page.evaluate("window.scrollTo(0, 0)")
    shot(page, "board-1366")
    paths = ["/figures/", "/figures/?place=150526103", "/figures/cases/?measure=accepted", "/figures/definitions/",
             "/figures/reports/", "/figures/screens/", f"/figures/organisations/{town.justice_bureau.pk}/"]  # fmt: skip
    found = {}
    for path in paths:
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(path)
        found[path] = clean(page)
    assert found == dict.fromkeys(paths, CLEAN)


def test_a_number_opens_its_cases_and_a_chart_its_part(sign_in: Login, town: Ground) -> None:
    some_cases(town)
    page = sign_in(town.leader, "/figures/")
    page.locator(".tile", has_text="化解率").first.locator(".tile-number").click()
    page.get_by_role("heading", name="同期化解数 2 件").wait_for()


def test_a_table_is_put_together_by_keyboard_previewed_and_opened(sign_in: Login, town: Ground) -> None:
    some_cases(town)
    page = sign_in(town.leader, "/figures/tables/new/")
    page.locator(".chart canvas").wait_for()
    assert clean(page) == CLEAN
    for _ in range(3):
        page.locator("#figures input:checked").first.click()
    page.locator("#find-figure").press_sequentially("sls")
    page.keyboard.press("Enter")
    page.locator("#find-figure").fill("")
    page.locator("#id_axis").select_option("category")
    page.locator(".custom-table th", has_text="合计").first.wait_for()
    page.locator("[data-stacked] .chart canvas").wait_for()
    shot(page, "build-table-1366")
    page.locator("#id_place").press_sequentially("jrh")
    page.get_by_role("option", name="巨日合镇").first.click()
    page.locator(".custom-table th", has_text="五家子村").wait_for()
    page.locator("#id_period").select_option("days")
    page.get_by_text("请填写日期。").wait_for()
    page.locator("#id_start").fill("2026-01-01")
    page.locator("#id_end").fill("2026-12-31")
    page.locator("#id_end").blur()
    page.get_by_text("2026-01-01 至 2026-12-31").wait_for()
    page.locator("#id_name").fill("各镇分类月报")
    page.get_by_role("button", name="保存报表").click()
    page.get_by_role("heading", name="各镇分类月报").wait_for()
    page.locator(".chart canvas").wait_for()
    shot(page, "custom-table-1366")
    assert clean(page) == CLEAN
    for path in (page.url, "/figures/tables/", "/figures/tables/new/"):
        page.set_viewport_size(NARROW)
        page.goto(path)
        if path != "/figures/tables/":
            page.locator(".chart").scroll_into_view_if_needed()
            page.locator(".chart canvas").wait_for()
        shot(page, f"custom-table-360-{len(path)}")
        assert clean(page) == CLEAN, path
    page.goto("/figures/tables/")
    page.set_viewport_size({"width": 1366, "height": 768})
    shot(page, "custom-tables-1366")
    page.get_by_role("link", name="各镇分类月报").first.click()
    page.locator(".custom-table tbody td a").first.click()
    page.get_by_role("heading", name="受理数").wait_for()


def square(code: str, west: float) -> dict[str, Any]:
    ring = [[west, 44.0], [west + 0.5, 44.0], [west + 0.5, 44.5], [west, 44.5], [west, 44.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def test_a_loaded_map_is_drawn_and_a_click_opens_its_place(sign_in: Login, town: Ground) -> None:
    some_cases(town)
    load_shapes({"type": "FeatureCollection", "features": [square("150526100", 120.0), square("150526103", 120.5)]})
    page = sign_in(town.leader, "/figures/")
    box = page.locator("[data-chart=heat] .chart")
    box.scroll_into_view_if_needed()
    box.locator("canvas").wait_for()
    drawn = box.evaluate(
        "box => echarts.getInstanceByDom(box).getOption().series.map(s => [s.type, s.data.map(d => [d.name, d.value])])"
    )
    assert drawn == [["map", [["150526100", 1], ["150526103", 14]]]]
    shot(page, "board-map-1366")
    at = box.evaluate("box => echarts.getInstanceByDom(box).convertToPixel({seriesIndex: 0}, [120.75, 44.25])")
    box.click(position={"x": at[0], "y": at[1]})
    page.get_by_role("heading", name="巨日合镇态势").wait_for()
    assert page.url.endswith("place=150526103")
    assert clean(page) == CLEAN


def test_the_board_on_a_phone_and_a_wide_screen(sign_in: Login, town: Ground) -> None:
    some_cases(town)
    for name, size in (("360", NARROW), ("1920", {"width": 1920, "height": 1080})):
        page = sign_in(town.leader, "/figures/", size)
        page.locator(".chart").first.scroll_into_view_if_needed()
        page.locator(".chart canvas").first.wait_for()
        shot(page, f"board-small-data-{name}")


def test_the_wall_refreshes_itself_and_does_not_grow(sign_in: Login, town: Ground, complaints: list[str]) -> None:
    """A night is 1,440 refreshes of half a minute; 400 are made here one after the other, and the heap compared."""
    some_cases(town)
    token = make_screen_link(town.places["150526"], actor=town.leader, ends_on=timezone.localdate() + timedelta(days=9))
    page = sign_in(town.leader, "/notices/", {"width": 1920, "height": 1080})
    page.context.clear_cookies()
    page.goto(f"/screen/{token}/")
    page.get_by_text("数据截至").wait_for()
    shot(page, "wall-small-data-1920")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.locator("[data-value=accepted]").inner_text() == "15"
    actions.accept_case(ways.registered(town), actor=town.dispatcher)
    page.evaluate("refresh()")
    page.wait_for_function("document.querySelector('[data-value=accepted]').innerText === '16'")
    answer = page.evaluate("fetch(document.body.dataset.source).then(a => a.json())")
    page.route("**/data/", lambda route: route.fulfill(body=json.dumps(answer), content_type="application/json"))
    session = page.context.new_cdp_session(page)
    used = [heap_after(page, session, refreshes) for refreshes in (50, 200, 200)]
    assert used[2] < used[1] * 1.1, used
    assert page.locator("canvas").count() == 4
    page.route("**/data/", lambda route: route.abort())
    page.evaluate("refresh()")
    page.get_by_text("暂时读不到数据，正在重试").wait_for()
    assert all("ERR_FAILED" in text for text in complaints)
    complaints.clear()


def heap_after(page: Any, session: Any, refreshes: int) -> int:
    page.evaluate("async (n) => { for (let i = 0; i < n; i++) await refresh(); }", refreshes)
    session.send("HeapProfiler.collectGarbage")
    return int(session.send("Runtime.getHeapUsage")["usedSize"])
