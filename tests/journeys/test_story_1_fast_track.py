"""Story 1: 张女士's savings, gone by a grandchild's transfers; settled at the window on the fast track, by keyboard."""

import pytest
from playwright.sync_api import expect

from intake.models import Case
from tests.journeys.conftest import Login, shot
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.idnumbers import resident_check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHILD = "15052620110315001"
BUDGET = 60
STORY = "孙子用手机把她的积蓄转给同学、借给同学，共一万二千元。"
NOTE = "几家家长到场，确认数额，当场退还，双方签字。"


class Keyboard:
    """Types text, and counts every key press besides the text itself."""

    def __init__(self, page: object) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.presses += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def pick(self, text: str) -> None:
        """Type into a picker and take its first line."""
        self.page.keyboard.type(text)
        expect(self.page.locator(".picker-list:not([hidden]) [role=option]").first).to_be_visible()
        self.press("Enter")


def test_a_clerk_settles_a_simple_case_by_keyboard_alone(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.clerk, "/cases/new/")
    keys = Keyboard(page)
    # the card reader types number and Enter
    keys.type("152327196503152419")
    keys.press("Enter")
    expect(page.get_by_text("男 · 1965-03-15")).to_be_visible()
    keys.type("张女士")
    keys.press("Enter")
    keys.type("13847500001")
    keys.press("Enter")
    # the other side: a minor, and his guardian
    keys.press("Tab")
    keys.type(CHILD + resident_check(CHILD))
    keys.press("Enter")
    expect(page.get_by_text("未成年人，请登记监护人")).to_be_visible()
    keys.type("小刘")
    keys.press("Enter", "Enter")
    shot(page, "register-1366")
    keys.type(STORY)
    keys.press("Tab")
    keys.pick("南环")
    keys.press("Tab") if page.evaluate("document.activeElement.name") == "territory" else None
    keys.pick("0202")
    keys.press("Alt+q", "ArrowDown", "ArrowDown", "ArrowDown")
    keys.press("Enter")
    keys.type(NOTE)
    shot(page, "register-settle-1366")
    keys.press("Control+Enter")
    expect(page.get_by_text("已登记并当场办结")).to_be_visible()
    shot(page, "dossier-closed-1366")
    case = Case.objects.get()
    assert (case.status, case.is_fast_track, case.outcome) == ("closed", True, "peoples_mediation")
    verbs = [entry.verb for entry in trail_of(case)]
    assert verbs == ["case_registered", "case_accepted", "case_taken_up", "outcome_reported", "case_closed"]
    assert list(verify(Counts())) == []
    assert keys.presses <= BUDGET, f"{keys.presses} key presses besides the text"
