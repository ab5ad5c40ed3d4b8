"""Twice as large: the main pages of every post at 683 × 384, which a screen of 1366 × 768 is at 200 %. Nothing is wider
than the window, what one stands at lies under no bar, and no accessibility fault is there; the wall and the page of the
API too."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from intake.models import Case
from tests.intake import ways
from tests.journeys.conftest import Login, shot
from tests.journeys.test_every_page import is_wider, violations
from tests.mediation import ways as talks
from tests.people import Ground
from workbench.actions import make_screen_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ZOOMED = {"width": 683, "height": 384}
NOTHING: dict[str, Any] = {"axe": [], "wider": False, "covered": []}
COVERED = """() => {
  const bars = [...document.querySelectorAll("*")].filter(
    (part) => ["sticky", "fixed"].includes(getComputedStyle(part).position) && part.getClientRects().length);
  const covered = [];
  const kinds = ["a[href]", "button", "input", "select", "textarea", "summary"].map((kind) => `main ${kind}`);
  for (const part of document.querySelectorAll(kinds.join())) {
    if (part.disabled || !part.checkVisibility() || part.closest("dialog")) continue;
    part.focus();
    if (document.activeElement !== part) continue;
    const box = part.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 24) / 2);
    const bar = bars.find((one) => one.contains(top) && !one.contains(part));
    const name = part.name || part.textContent.trim().slice(0, 20);
    if (!top || bar) covered.push(`${name} < ${bar?.className ?? "outside"}`);
  }
  return covered;
}"""
PAGES = {
    "clerk": ("/", "/cases/new/", "/cases/", "/cases/imports/", "/cases/follow-up/"),
    "dispatcher": ("/", "/todo/triage/", "/cases/", "case", "/meetings/", "/tiers/"),
    "handler": ("/", "case", "/documents/mine/", "/texts/"),
    "manager": ("/", "/documents/board/", "/warnings/", "/figures/", "/grids/"),
    "leader": ("/", "/figures/", "/warnings/"),
    "town_mediator": ("/mediation/", "/mediation/calendar/", "mediation", "agreement"),
    "grid_worker": ("/field/", "/grids/"),
    "system_admin": ("/", "/grids/staff/", "/system/limits/", "/system/clients/", "/system/health/"),
    "security_admin": ("/", "/security/accounts/", "/security/rules/"),
    "auditor": ("/", "/auditing/trail/", "/auditing/alerts/"),
}
DIALOGS = (("dispatcher", "dispatch"), ("handler", "report-outcome"), ("handler", "write-note"))


def found_on(page: Page) -> dict[str, Any]:
    """Everything that must be nothing."""
    return {"axe": violations(page), "wider": is_wider(page), "covered": page.evaluate(COVERED)}


@pytest.mark.parametrize("who", PAGES)
def test_the_main_pages_of_each_post_at_200_percent(who: str, sign_in: Login, town: Ground) -> None:
    case = ways.accepted(town) if who == "dispatcher" else ways.handling(town)
    for n in range(12):
        ways.registered(town, title=f"第{n}件")
    paths = {"case": f"/cases/{case.code}/"}
    if who == "town_mediator":
        house = talks.a_house(town)
        mediation = talks.running(town, house)
        talks.held(town, mediation, house)
        paths |= {"mediation": f"/mediation/{mediation.uid}/", "agreement": f"/mediation/{mediation.uid}/agreement/"}
    page = sign_in(town.people[who], "/help/", viewport=ZOOMED)
    page.emulate_media(reduced_motion="reduce")  # one is at once where the keyboard leads
    found = {}
    for name in PAGES[who]:
        page.goto(paths.get(name, name))
        page.wait_for_load_state("networkidle")
        found[name] = found_on(page)
        page.evaluate("scrollTo(0, 0)")
        shot(page, f"zoomed-{who}{name.replace('/', '-')}")
    assert found == dict.fromkeys(PAGES[who], NOTHING)


@pytest.mark.parametrize(("who", "act"), DIALOGS)
def test_dialogs_at_200_percent_are_whole_and_their_button_is_reached(
    who: str, act: str, sign_in: Login, town: Ground
) -> None:
    case: Case = ways.accepted(town) if act == "dispatch" else ways.handling(town)
    page = sign_in(town.people[who], f"/cases/{case.code}/", viewport=ZOOMED)
    page.evaluate(f"htmx.ajax('GET', '/cases/{case.code}/acts/{act}/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    assert violations(page) == []
    button = page.locator("#sheet .sheet-foot .btn-primary")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= ZOOMED["height"]
    assert box["x"] + box["width"] <= ZOOMED["width"]
    shot(page, f"zoomed-dialog-{act}")


def test_the_wall_and_the_page_of_the_api_are_clean_too(sign_in: Login, town: Ground) -> None:
    ways.handling(town)
    token = make_screen_link(town.places["150526"], actor=town.leader, ends_on=timezone.localdate() + timedelta(days=9))
    found = {}
    for path, drawn in ((f"/screen/{token}/", "main"), ("/api/v1/docs/", ".opblock-summary")):
        page = sign_in(town.manager, path, viewport=ZOOMED)
        page.locator(drawn).first.wait_for()
        found[path] = is_wider(page), violations(page)
        page.context.close()
    assert found == dict.fromkeys(found, (False, []))
