"""Dialogs taller than the screen: everything in them can be reached, and a picker's list is whole at any field."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.intake import ways
from tests.journeys.conftest import Login, shot
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(1366, 768), (360, 640)]
HIGHER = "(body) => body.scrollHeight > innerHeight && getComputedStyle(body).overflowY === 'auto'"
INSIDE = """(part) => {
  const at = part.getBoundingClientRect();
  return at.top >= 0 && at.bottom <= innerHeight && at.left >= 0 && at.right <= innerWidth;
}"""


@pytest.fixture(params=SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
def dialog(request: pytest.FixtureRequest, sign_in: Login, town: Ground) -> Locator:
    """The dispatch of a case with its rows of co-handlers open and its text drawn larger."""
    case = ways.accepted(town)
    width, height = request.param
    page = sign_in(town.dispatcher, f"/cases/{case.code}/", {"width": width, "height": height})
    page.evaluate(f"htmx.ajax('GET', '/cases/{case.code}/acts/dispatch/', '#sheet')")
    sheet = page.locator("#sheet")
    sheet.get_by_text("多部门联动").click()
    sheet.get_by_label("交办要求", exact=True).evaluate("(text) => text.setAttribute('rows', 14)")
    comes_true(sheet.locator(".sheet-body"), HIGHER)
    return sheet


def comes_true(part: Locator, what: str) -> None:
    """So it is, as soon as what was asked for is drawn."""
    part.page.wait_for_function(what, arg=part.element_handle())


def turn(page: Page, body: Locator, pixels: int) -> None:
    """The wheel, over the middle of the dialog's body."""
    body.hover()
    page.mouse.wheel(0, pixels)
    page.wait_for_timeout(200)


def listed(field: Locator) -> Locator:
    """The list of a picker, opened by the arrow key."""
    field.focus()
    field.press("ArrowDown")
    shown = field.page.locator(".picker-list:not([hidden])")
    expect(shown).to_have_count(1)
    return shown


@pytest.mark.parametrize("label", ["承办单位（主办）", "协办单位 1", "协办单位 4"])
def test_the_last_line_of_a_list_can_be_clicked(dialog: Locator, label: str) -> None:
    field = dialog.get_by_label(label, exact=False).first
    choices = listed(field)
    comes_true(choices, "(list) => list.scrollHeight > list.clientHeight")
    comes_true(choices, INSIDE)
    shot(dialog.page, f"dialog-{label}-{dialog.page.evaluate('innerWidth')}")
    last = choices.get_by_role("option").last
    name = last.get_attribute("data-label")
    last.click()
    expect(field).to_have_value(str(name))
    expect(choices).to_have_count(0)
    assert dialog.page.locator("[style]").count() == 0


def test_the_wheel_goes_down_to_the_last_field_and_the_buttons_stay_in_sight(dialog: Locator) -> None:
    page, body = dialog.page, dialog.locator(".sheet-body")
    listed(dialog.get_by_label("承办单位（主办）", exact=False).first).get_by_role("option").last.click()
    last, button = dialog.get_by_label("协办要求 4"), dialog.get_by_role("button", name="交办")
    expect(button).to_be_in_viewport(ratio=1)
    expect(last).not_to_be_in_viewport()
    turn(page, body, 3000)
    expect(last).to_be_in_viewport(ratio=1)
    expect(button).to_be_in_viewport(ratio=1)
    comes_true(dialog, INSIDE)
    button.click()
    expect(page.get_by_text("已交办，承办单位须在")).to_be_visible()


def test_a_list_keeps_to_its_field_and_goes_when_that_is_out_of_sight(dialog: Locator) -> None:
    page, body = dialog.page, dialog.locator(".sheet-body")
    field = dialog.get_by_label("承办单位（主办）", exact=False).first
    choices = listed(field)
    before = choices.bounding_box()
    body.evaluate("(body) => body.scrollBy(0, 20)")
    page.wait_for_timeout(100)
    after = choices.bounding_box()
    assert before and after
    assert after["y"] == pytest.approx(before["y"] - 20, abs=1)
    body.evaluate("(body) => body.scrollTo(0, body.scrollHeight)")
    expect(page.locator(".picker-list:not([hidden])")).to_have_count(0)
