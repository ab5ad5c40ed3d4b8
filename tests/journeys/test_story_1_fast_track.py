"""Story 1: 张女士's savings, gone by a grandchild's transfers to classmates; settled at the window on the fast track,
followed up and archived; by keyboard alone."""

import pytest
from playwright.sync_api import expect

from intake import actions
from intake.models import Case
from tests.journeys.conftest import Login, shot
from tests.journeys.keyboard import Keyboard
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.idnumbers import resident_check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHILDREN = ("15052620110315001", "15052620110816002")
BUDGET = 60
STORY = "孙子用手机把她的积蓄转给同学、借给同学，共一万二千元。"
NOTE = "几家家长到场，确认数额，当场退还，双方签字。"


def child(keys: Keyboard, at: int, name: str, guardian: str) -> None:
    """A minor by the card, and the guardian who came along."""
    number = CHILDREN[at]
    keys.type(number + resident_check(number))
    keys.press("Enter")
    expect(keys.page.get_by_text("未成年人，请登记监护人")).to_have_count(at + 1)
    keys.type(name)
    keys.press("Alt+g")
    keys.press("Enter")
    keys.type(guardian)


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
    keys.press("Enter", "Tab")
    # two families on the other side: a minor and a guardian each
    child(keys, 0, "小刘", "刘父")
    keys.press("Alt+n")
    child(keys, 1, "小高", "高母")
    shot(page, "register-families-1366")
    while keys.focused() != "narrative":
        keys.press("Tab")
    keys.type(STORY)
    keys.press("Tab")
    keys.pick("南环")
    keys.pick("0202")
    keys.press("Alt+q", "ArrowDown", "ArrowDown", "ArrowDown")
    keys.press("Enter")
    keys.type(NOTE)
    shot(page, "register-settle-1366")
    keys.press("Control+Enter")
    expect(page.get_by_text("已登记并当场办结")).to_be_visible()
    assert keys.presses <= BUDGET, f"{keys.presses} key presses besides the text"
    page.wait_for_load_state("networkidle")
    # a week later: followed up by phone
    keys.press("Alt+Enter")
    expect(page.locator("#sheet h2")).to_have_text("回访")
    keys.press("Tab", "Tab", "ArrowLeft", "Tab", "Space", "Tab", "Tab")
    keys.type("钱已还清，孩子也懂事了。")
    shot(page, "dialog-follow-up-1366")
    keys.press("Control+Enter")
    expect(page.get_by_text("材料齐全，可以归档")).to_be_visible()
    shot(page, "dossier-followed-up-1366")
    assert keys.presses <= BUDGET, f"{keys.presses} key presses besides the text, the follow-up included"
    assert keys.clicks == 0

    case = Case.objects.get()
    assert (case.status, case.is_fast_track, case.outcome) == ("closed", True, "peoples_mediation")
    guardians = {party.name: party.represents.name for party in case.parties.filter(role="guardian")}  # type: ignore[union-attr]
    assert guardians == {"刘父": "小刘", "高母": "小高"}
    followed = case.follow_ups.get()
    assert (followed.satisfaction, followed.performance) == (5, "done")
    actions.archive_case(case, actor=town.dispatcher)
    verbs = [entry.verb for entry in trail_of(case)]
    assert verbs[:5] == ["case_registered", "case_accepted", "case_taken_up", "outcome_reported", "case_closed"]
    assert verbs[5:] == ["case_followed_up", "case_archived"]
    assert list(verify(Counts())) == []
