"""The filters of all lists: open on a desk, behind one button on a phone, where the first rows are what one sees."""

import pytest
from playwright.sync_api import expect

from tests.intake import ways
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# a list, who reads it, a filter that is folded away, and how many are in use at first
LISTS = {
    "/cases/": ("manager", "状态", 0),
    "/cases/?status=registered&risk=red": ("manager", "状态", 2),
    "/grids/roster/": ("manager", "在任", 1),
    "/grids/beats/": ("manager", "在用", 1),
    "/grids/hazards/?level=red": ("manager", "等级", 1),
    "/documents/?status=signed": ("manager", "督办级别", 1),
    "/mediation/all/": ("mediator", "方式", 0),
    "/mediation/obligations/?state=near": ("mediator", "期限自", 1),
}


@pytest.mark.parametrize("path", LISTS)
def test_they_fold_on_phones_and_are_open_on_desks(path: str, sign_in: Login, town: Ground) -> None:
    who, folded, in_use = LISTS[path]
    page = sign_in(town.people[who], path, NARROW)
    form = page.get_by_role("form", name="筛选")
    button, field = form.locator(".fold > summary"), form.get_by_label(folded, exact=True)
    expect(button).to_have_text(f"筛选 {in_use} 项" if in_use else "筛选")
    has_search = form.locator("[name=q]").count() == 1
    assert has_search == ("mediation" not in path)
    expect(form.locator("[name=q]")).to_be_visible(visible=has_search)
    expect(form.get_by_role("button", name="查询")).to_be_visible(visible=has_search)
    expect(field).to_be_hidden()
    assert form.evaluate("(form) => form.offsetHeight") < 220
    name = path.partition("?")[0].strip("/").replace("/", "-") + ("-used" if "?" in path else "")
    shot(page, f"filters-{name}-360")
    button.click()
    expect(field).to_be_visible()
    expect(form.get_by_role("button", name="查询")).to_be_visible()
    shot(page, f"filters-{name}-open-360")
    page.set_viewport_size(WIDE)
    button.evaluate("(summary) => summary.parentElement.removeAttribute('open')")
    expect(field).to_be_visible()
    expect(button).to_be_hidden()
    shot(page, f"filters-{name}-1366")
    assert check(page) == NOTHING


def test_the_choice_is_kept_and_counted_and_what_is_refused_is_open(sign_in: Login, town: Ground) -> None:
    ways.registered(town)
    page = sign_in(town.manager, "/cases/?ordering=due&columns=category&columns=due", NARROW)
    form = page.get_by_role("form", name="筛选")
    form.locator(".fold > summary").click()
    form.get_by_label("状态", exact=True).select_option("registered")
    form.get_by_text("更多条件").click()
    form.get_by_label("风险等级").select_option("red")
    form.get_by_role("button", name="查询").click()
    expect(form.locator(".fold > summary")).to_have_text("筛选 2 项")
    assert "ordering=due" in page.url
    assert "columns=category&columns=due" in page.url
    page.goto("/cases/?category=9999")
    expect(page.get_by_text("没有代码为 9999 的纠纷类别")).to_have_count(2)
    expect(form.get_by_label("类别", exact=True)).to_be_visible()


def test_they_open_without_script(sign_in: Login, town: Ground) -> None:
    signed_in = sign_in(town.manager, "/cases/").context
    assert signed_in.browser
    context = signed_in.browser.new_context(
        java_script_enabled=False, storage_state=signed_in.storage_state(), viewport=NARROW
    )
    page = context.new_page()
    page.goto(str(signed_in.pages[0].url))
    form = page.get_by_role("form", name="筛选")
    form.locator(".fold > summary").click()
    form.get_by_label("状态", exact=True).select_option("registered")
    form.get_by_role("button", name="查询").click()
    expect(form.locator(".fold > summary")).to_have_text("筛选 1 项")
    context.close()
