"""Every page of referrals: no accessibility faults, no sideways scrolling, nothing inline, no complaints."""

import pytest
from playwright.sync_api import expect

from intake import actions as cases
from referrals import actions
from referrals.models import Document, Purpose
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check, scrolls_sideways
from tests.people import Ground, an_entry
from tests.referrals import ways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = ["/documents/mine/", "/documents/", "/documents/tray/", "/documents/board/", "/tiers/", "/documents/kinds/"]


def furnish(town: Ground) -> tuple[str, Document]:
    """A case with everything on it, letters of every kind, a case that went up."""
    case = ways.dispatched(town, town.labour_bureau, title="一件标题特别特别长的案件" * 6)
    lead = case.handlings.get(part="lead")
    actions.give_task(case, lead, actor=town.dispatcher, what="上门走访，核实承包台账")
    actions.mark_care(case, actor=town.manager, reason="mental", danger=3)
    document = ways.signed(town, case=case)
    actions.answer_document(document, actor=town.handler, text="已整改到位。")
    ways.signed(town, Purpose.REMIND, case=case)
    ways.draft(town, case=case)
    ways.draft(town, Purpose.REMIND, case=case)
    up = cases.register_case(an_entry(), actor=town.village_manager)
    cases.accept_case(up, actor=town.village_manager)
    cases.escalate_case(up, actor=town.village_manager, reason="村里办不了")
    return f"/cases/{case.code}/", document


@pytest.mark.parametrize("who", ["manager", "handler", "leader", "town_manager"])
def test_the_pages_of_each_role(who: str, sign_in: Login, town: Ground) -> None:
    address, document = furnish(town)
    page = sign_in(town.people[who], "/")
    paths = [*LISTS]
    if who != "town_manager":
        paths += [f"/documents/{document.uid}/", address]
    if who == "manager":
        paths += [f"{address}care/", f"/documents/kinds/{ways.kind(Purpose.REMIND).pk}/"]
    found = {}
    for path in paths:
        page.set_viewport_size({"width": 1366, "height": 800})
        page.goto(path)
        found[path] = check(page)
    assert found == dict.fromkeys(paths, NOTHING)


@pytest.mark.parametrize("act", ["dispatch", "add-task", "meeting", "draft", "release-part", "hand-down"])
def test_dialogs_of_a_case(act: str, sign_in: Login, town: Ground) -> None:
    address, _ = furnish(town)
    page = sign_in(town.manager, address)
    page.evaluate(f"htmx.ajax('GET', '{address}acts/{act}/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    assert check(page) == NOTHING
    page.set_viewport_size({"width": 1366, "height": 768})
    shot(page, f"dialog-{act}-1366")


@pytest.mark.parametrize("act", ["sign", "edit", "decide-answer", "void"])
def test_dialogs_of_a_document(act: str, sign_in: Login, town: Ground) -> None:
    _, document = furnish(town)
    page = sign_in(town.manager, f"/documents/{document.uid}/")
    page.evaluate(f"htmx.ajax('GET', '/documents/{document.uid}/acts/{act}/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    assert check(page) == NOTHING


def test_several_are_signed_in_the_tray(sign_in: Login, town: Ground) -> None:
    furnish(town)
    page = sign_in(town.manager, "/documents/tray/")
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="签发所选").click()
    expect(page.get_by_text("签发结果")).to_be_visible()
    shot(page, "tray-signed-1366")
    assert Document.objects.filter(status="draft").count() == 0


def test_pictures_of_the_pages(sign_in: Login, town: Ground) -> None:
    address, document = furnish(town)
    wide, narrow = sign_in(town.manager, "/"), sign_in(town.manager, "/", NARROW)
    paths = {path.strip("/").replace("/", "-"): path for path in LISTS}
    paths |= {"document": f"/documents/{document.uid}/"}
    paths |= {"dossier": address, "kind": f"/documents/kinds/{ways.kind(Purpose.REMIND).pk}/"}
    for name, path in paths.items():
        for page, width in ((wide, 1366), (narrow, 360)):
            page.goto(path)
            shot(page, f"{name}-{width}")
        assert scrolls_sideways(narrow) == []
        narrow.set_viewport_size(NARROW)


def test_the_dialog_that_reissues_a_slip_and_what_the_old_one_says_then(sign_in: Login, town: Ground) -> None:
    slip = Document.objects.get(case=ways.dispatched(town))
    page = sign_in(town.manager, f"/documents/{slip.uid}/")
    page.evaluate(f"htmx.ajax('GET', '/documents/{slip.uid}/acts/reissue/', '#sheet')")
    page.locator("#sheet h2").wait_for()
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert check(page) == NOTHING
        shot(page, f"dialog-reissue-{size['width']}")
    page.locator("#sheet [name=reason]").fill("台账年份写错")
    page.locator("#sheet [name=body]").fill("请按1983年台账实地丈量。")
    page.locator("#sheet button[type=submit]").click()
    expect(page.get_by_text("作废后重发")).to_be_visible()
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert check(page) == NOTHING
        shot(page, f"reissued-{size['width']}")
