"""Story 1: 张女士's savings, gone by a grandchild's transfers to classmates; settled at the window on the fast track,
followed up and archived: by keyboard alone, and with an agreement and repayment recorded there and then."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intake.models import Case
from mediation.models import Agreement
from tests.journeys.conftest import Login, shot
from tests.journeys.keyboard import Keyboard
from tests.journeys.steps import PROOF, archive, closed, follow_up, sent, sheet
from tests.journeys.test_every_page import NOTHING, check
from tests.mediation.ways import a_house
from tests.office.sheets import words_of_pdf
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


def families(keys: Keyboard, *, place: str) -> None:
    """张女士 and, on the other side, two families: a minor and a guardian each; what happened, where, of what kind."""
    # the card reader types number and Enter
    keys.type("152327196503152419")
    keys.press("Enter")
    expect(keys.page.get_by_text("男 · 1965-03-15")).to_be_visible()
    keys.type("张女士")
    keys.press("Enter")
    keys.type("13847500001")
    keys.press("Enter")
    child(keys, 0, "小刘", "刘父")
    keys.press("Alt+n")
    child(keys, 1, "小高", "高母")
    shot(keys.page, "register-families-1366")
    while keys.focused() != "narrative":
        keys.press("Tab")
    keys.type(STORY)
    keys.press("Tab")
    keys.pick(place)
    keys.pick("0202")


def test_a_clerk_settles_a_simple_case_by_keyboard_alone(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.clerk, "/cases/new/")
    keys = Keyboard(page)
    families(keys, place="南环")
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
    archive(sign_in(town.dispatcher, f"/cases/{case.code}/"))
    verbs = [entry.verb for entry in trail_of(case)]
    assert verbs[:5] == ["case_registered", "case_accepted", "case_taken_up", "outcome_reported", "case_closed"]
    assert verbs[5:] == ["case_followed_up", "case_archived"]
    assert list(verify(Counts())) == []


OWED = (("刘父（小刘的监护人）", "7000"), ("高母（小高的监护人）", "5000"))


def test_half_a_day_at_the_window_agreement_repayment_and_the_archive(sign_in: Login, town: Ground) -> None:
    """The families' guardians sign; seven and five thousand are paid back at the window; its clerk closes the case."""
    house = a_house(town)
    page = sign_in(town.town_clerk, "/cases/new/")
    keys = Keyboard(page)
    families(keys, place="五家子")
    keys.press("Control+Enter")
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    case = Case.objects.get()
    page.goto(f"/cases/{case.code}/")
    sheet(page, "当场调解")
    page.get_by_label("调解员", exact=True).select_option(str(house.mediator.pk))
    page.get_by_label("调解记录").fill("两家家长到场，核对转账记录，确认共一万二千元，当场退还。")
    shot(page, "window-mediate-now-1366")
    assert check(page) == NOTHING
    sent(page, "当场调解")

    page.get_by_label("协议内容").fill("刘家退还七千元，高家退还五千元，当场付清。")
    for at, (debtor, amount) in enumerate(OWED):
        if at:
            page.get_by_role("button", name="加一项").click()
        row = page.locator("[data-obligation]").nth(at)
        row.get_by_label("义务人").select_option(label=debtor)
        row.get_by_label("权利人").select_option(label="张女士（申请人）")
        row.get_by_label("总额").fill(amount)
        row.get_by_label("内容").fill("退还积蓄")
        row.get_by_label("履行期限").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="保存协议").click()
    page.get_by_text("协议已保存").wait_for()
    sheet(page, "记录签署")
    sent(page, "记录签署")
    expect(page.get_by_text("已生效")).to_be_visible()
    for _ in OWED:
        sheet(page, "记录履行")
        page.get_by_label("履行凭证").set_input_files(PROOF)
        sent(page, "记录履行")
    shot(page, "window-performed-1366")
    mediation = Agreement.objects.get().mediation
    printed = words_of_pdf(page.request.get(f"/mediation/{mediation.uid}/file/agreement/").body())
    assert all(name in printed for name in ("张女士", "法定代理人", "刘父", "高母"))

    page.goto(f"/cases/{case.code}/")
    expect(page.get_by_text("快速处置").first).to_be_visible()
    closed(page)
    shot(page, "window-closed-1366")
    page = sign_in(town.town_dispatcher, f"/cases/{case.code}/")
    follow_up(page)
    archive(page)

    case = Case.objects.get()
    assert (case.status, case.is_fast_track, case.outcome) == ("archived", True, "peoples_mediation")
    review = trail_of(case).filter(verb="case_closed").get()
    assert review.actor == town.town_clerk
    assert Agreement.objects.get().status == "performed"
