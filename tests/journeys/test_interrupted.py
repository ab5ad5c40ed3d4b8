"""The session ends while one types, at twelve places: what was typed stays, is kept after signing in beside it, and
stands there again on another machine. Two tabs with one form are told of each other; 50 cases at once show what was
refused."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from intake import actions
from intake.models import Case
from tests.intake import ways
from tests.journeys.conftest import Login, shot
from tests.people import PASSWORD, Ground, an_entry
from workbench.kept.queries import kept_input
from zhongzhi.accounts.models import UserSession

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, WHOLE = "双方愿意和解，", "双方愿意和解，约定周五到现场丈量。"


@dataclass(frozen=True)
class Place:
    """Where somebody types: an act's dialog on a case, or a page."""

    who: str
    made: Callable[[Ground], Case] | None
    act: str
    field: str

    def open(self, page: Page, case: Case | None) -> tuple[Locator, str]:
        """The field one types into, and the address it is kept under."""
        if case is None:
            page.goto(self.act)
            return page.locator(f"form[data-keep] [name={self.field}]"), self.act
        address = f"/cases/{case.code}/acts/{self.act}/"
        page.goto(f"/cases/{case.code}/")
        page.evaluate(f"htmx.ajax('GET', '{address}', '#sheet')")
        return page.locator(f"#sheet [name={self.field}]"), address


def of_the_town(ground: Ground) -> Case:
    return actions.register_case(an_entry(), actor=ground.town_clerk)


PLACES = (
    Place("dispatcher", ways.registered, "accept", "note"),
    Place("dispatcher", ways.registered, "withdraw", "reason"),
    Place("dispatcher", ways.accepted, "dispatch", "instruction"),
    Place("dispatcher", ways.accepted, "suspend", "reason"),
    Place("handler", ways.dispatched, "return", "reason"),
    Place("manager", ways.dispatched, "urge", "reason"),
    Place("handler", ways.handling, "report-outcome", "note"),
    Place("handler", ways.handling, "write-note", "text"),
    Place("handler", ways.handling, "ask-extension", "reason"),
    Place("dispatcher", ways.concluded, "send-back", "reason"),
    Place("manager", of_the_town, "supervise", "instruction"),
    Place("handler", None, "/texts/", "text"),
)


def test_the_session_ends_at_twelve_places_while_typing_and_nothing_is_lost(
    sign_in: Login, town: Ground, complaints: list[str]
) -> None:
    expect.set_options(timeout=15_000)
    for who in {place.who for place in PLACES}:
        town.people[who].set_password(PASSWORD)
        town.people[who].save()
    for place in PLACES:
        case = place.made(town) if place.made else None
        page = sign_in(town.people[place.who], "/cases/")
        field, address = place.open(page, case)
        field.fill(FIRST)
        expect(page.get_by_text("已自动保存")).to_be_visible()
        UserSession.objects.all().delete()
        field.fill(WHOLE)
        expect(page.get_by_text("登录已失效，刚写的还没有保存")).to_be_visible()
        if place is PLACES[0]:
            shot(page, "interrupted-1366")
        page.get_by_role("button", name="重新登录").click()
        again = page.get_by_role("dialog", name="请重新登录")
        again.get_by_label("密码").fill(PASSWORD)
        again.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_text("已自动保存")).to_be_visible()
        assert (place, field.input_value()) == (place, WHOLE)
        kept = kept_input(town.people[place.who], address)
        assert kept is not None, place
        page.context.close()
        other = sign_in(town.people[place.who], "/cases/")
        field, _ = place.open(other, case)
        expect(other.get_by_text("没有提交的内容")).to_be_visible()
        expect(field).to_have_value(WHOLE)
        other.context.close()
    assert all("401" in text or "403" in text for text in complaints), complaints
    complaints.clear()  # what the server refused while the session was over


def test_two_tabs_with_one_form_are_told_of_each_other_and_the_last_word_is_kept(sign_in: Login, town: Ground) -> None:
    place, case = PLACES[6], ways.handling(town)
    page = sign_in(town.handler, "/cases/")
    field, address = place.open(page, case)
    field.fill(FIRST)
    expect(page.get_by_text("已自动保存")).to_be_visible()
    second = page.context.new_page()
    there, _ = place.open(second, case)
    for tab in (page, second):
        expect(tab.get_by_text("另一个窗口也开着这份内容")).to_be_visible()
    expect(there).to_have_value(FIRST)
    there.fill(WHOLE)
    expect(second.get_by_text("已自动保存")).to_be_visible()
    kept = kept_input(town.handler, address)
    assert kept is not None
    assert "%E4%B8%88%E9%87%8F" in kept.text  # 丈量, as a form writes it
    shot(second, "two-tabs-1366")


def test_of_fifty_dispatched_at_once_three_refusals_are_shown_with_their_reasons(sign_in: Login, town: Ground) -> None:
    cases = [ways.accepted(town, title=f"第{n}件") for n in range(1, 51)]
    page = sign_in(town.dispatcher, "/todo/dispatch/")
    page.locator("[data-tick-rows]").check()
    page.get_by_role("group", name="批量办理").get_by_role("button", name="交办").click()
    sheet = page.locator("#sheet")
    sheet.locator("[name=instruction]").fill("请实地丈量")
    for case in cases[10:13]:
        actions.withdraw_case(case, actor=town.dispatcher, reason="已自行和解")
    sheet.get_by_role("button", name="交办 50 件").click()
    expect(sheet.get_by_text("交办：已办 47 件，未办 3 件")).to_be_visible(timeout=60_000)
    for number in (11, 12, 13):
        expect(sheet.locator("li").filter(has_text=f"第{number}件")).to_contain_text("已撤回")
    assert Case.objects.filter(status="dispatched").count() == 47
    shot(page, "bulk-50-1366")
