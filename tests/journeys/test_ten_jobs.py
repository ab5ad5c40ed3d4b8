"""What a desk does fifty times a day, done in the browser at 1366 × 768, which counts keys, clicks and rows. Every
figure of “now” in docs/desk.md is one of these: `make desk` writes them, without WRITE_DESK they must stand there."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from intake.models import Case
from mediation.models import Agreement, Session
from tests.intake import ways
from tests.journeys.conftest import Login
from tests.journeys.keyboard import Keyboard
from tests.mediation import ways as talks
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = Path(settings.BASE_DIR) / "docs" / "desk.md"
CARD = "152327196503152419"


@dataclass(frozen=True)
class Count:
    """Keys pressed besides text, and clicks."""

    keys: int
    clicks: int = 0

    def __str__(self) -> str:
        """As the page of the documents writes it."""
        parts = [f"{n} {word}{'s' * (n > 1)}" for n, word in ((self.keys, "key"), (self.clicks, "click")) if n]
        return " + ".join(parts)

    @property
    def total(self) -> int:
        return self.keys + self.clicks


def so_far(keys: Keyboard) -> Count:
    return Count(keys.presses, keys.clicks)


Job = Callable[[Login, Ground], Count]
JOBS: dict[str, tuple[Count | None, Job]] = {}


def job(words: str, before: Count | None) -> Callable[[Job], Job]:
    """One line of the table: its words, and what the same cost in version 0.2.0, if it could be done."""

    def keep(run: Job) -> Job:
        JOBS[words] = before, run
        return run

    return keep


def walk_in(keys: Keyboard) -> None:
    """Two parties, what happened, what is wanted, where, of what kind; up to the button."""
    keys.type(CARD)
    keys.press("Enter")
    expect(keys.page.get_by_text("男 · 1965-03-15")).to_be_visible()
    keys.type("岳某某")
    keys.press("Enter")
    keys.type("13847500001")
    onwards(keys, "parties-1-paper_number")
    keys.type("付某")
    onwards(keys, "narrative")
    keys.type("自家土地少了3垄，怀疑邻地农户多种。")
    keys.press("Tab")
    keys.pick("五家子")
    keys.pick("土地")
    assert keys.focused() == "request"
    keys.type("重新丈量，归还土地。")


def onwards(keys: Keyboard, name: str) -> None:
    """Enter goes from field to field, up to this one."""
    for _ in range(6):
        if keys.focused() != name:
            keys.press("Enter")
    assert keys.focused() == name


def registered(sign_in: Login, town: Ground) -> Keyboard:
    keys = Keyboard(sign_in(town.clerk, "/cases/new/"))
    walk_in(keys)
    keys.press("Control+Enter")
    expect(keys.page.get_by_text("已登记，编号")).to_be_visible()
    assert Case.objects.get().status == "registered"
    return keys


@job("register a walk-in with two parties", Count(11))
def register(sign_in: Login, town: Ground) -> Count:
    return so_far(registered(sign_in, town))


@job("print the receipt of who was just registered", Count(0, 3))
def receipt(sign_in: Login, town: Ground) -> Count:
    keys = registered(sign_in, town)
    before = so_far(keys)
    with keys.page.expect_popup() as opened:
        keys.press("p")
    expect(opened.value.get_by_text("查询码").first).to_be_visible()
    return Count(keys.presses - before.keys, keys.clicks - before.clicks)


@job("take it on, then the next person", Count(2, 1))
def take_on(sign_in: Login, town: Ground) -> Count:
    keys = Keyboard(sign_in(town.manager, "/cases/new/"))
    walk_in(keys)
    keys.press("Control+Enter")
    expect(keys.page.get_by_text("已登记，编号")).to_be_visible()
    before = so_far(keys)
    keys.press("a")
    opened(keys.page, "受理")
    keys.press("Control+Enter")
    expect(keys.page.get_by_text("已受理").first).to_be_visible()
    keys.page.wait_for_load_state("networkidle")
    keys.press("n")
    keys.page.wait_for_url("**/cases/new/")
    return since(keys, before)


def since(keys: Keyboard, before: Count) -> Count:
    now = so_far(keys)
    return Count(now.keys - before.keys, now.clicks - before.clicks)


def opened(page: Page, title: str) -> None:
    """The dialog stands there, and the key pressed next is its own."""
    expect(page.locator("#sheet h2")).to_have_text(re.compile(title))
    expect(page.locator("#sheet[open]")).to_be_visible()


def all_at_once(keys: Keyboard, label: str, said: str) -> None:
    """What is on the page, ticked and done; the results closed."""
    keys.press("Shift+X", "a")
    opened(keys.page, label)
    keys.press("Control+Enter")
    expect(keys.page.locator("#sheet").get_by_text(said)).to_be_visible(timeout=60_000)
    with keys.page.expect_navigation():
        keys.press("Escape")
    keys.page.wait_for_load_state("networkidle")


@job("accept and dispatch 20 cases", Count(180))
def dispatch_twenty(sign_in: Login, town: Ground) -> Count:
    for n in range(20):
        ways.registered(town, title=f"第{n}件")
    keys = Keyboard(sign_in(town.dispatcher, "/"))
    all_at_once(keys, "受理", "已办 20 件")
    all_at_once(keys, "交办", "已办 20 件")
    assert Case.objects.filter(status="dispatched").count() == 20
    return so_far(keys)


@job("sign for 20 cases", Count(80))
def sign_twenty(sign_in: Login, town: Ground) -> Count:
    for n in range(20):
        ways.dispatched(town, title=f"第{n}件")
    keys = Keyboard(sign_in(town.handler, "/"))
    all_at_once(keys, "签收", "已办 20 件")
    assert Case.objects.filter(status="handling").count() == 20
    return so_far(keys)


def confirmed(keys: Keyboard) -> None:
    with keys.page.expect_navigation():
        keys.press("Control+Enter")
    keys.page.wait_for_load_state("networkidle")


@job("sign for a case", Count(1, 3))
def sign(sign_in: Login, town: Ground) -> Count:
    case = ways.dispatched(town)
    keys = Keyboard(sign_in(town.handler, "/"))
    keys.press("a")
    opened(keys.page, "签收")
    confirmed(keys)
    case.refresh_from_db()
    assert case.status == "handling"
    return so_far(keys)


@job("note what was done", None)
def note(sign_in: Login, town: Ground) -> Count:
    case = ways.handling(town)
    keys = Keyboard(sign_in(town.handler, f"/cases/{case.code}/"))
    keys.press("w")
    opened(keys.page, "写办理记录")
    written(keys, "text", "已电话联系双方，约定周五到现场丈量。")
    confirmed(keys)
    assert case.work_notes.count() == 1
    return so_far(keys)


def written(keys: Keyboard, name: str, text: str) -> None:
    """Enter or Tab to the field, and type."""
    for _ in range(8):
        if keys.focused() == name:
            break
        keys.press("Tab")
    assert keys.focused() == name
    keys.type(text)


@job("report an outcome", Count(1, 2))
def report(sign_in: Login, town: Ground) -> Count:
    case = ways.handling(town)
    keys = Keyboard(sign_in(town.handler, f"/cases/{case.code}/"))
    keys.press("a")
    opened(keys.page, "反馈办理结果")
    keys.page.keyboard.type("rmtj")
    keys.press("Enter")
    written(keys, "note", "双方重新丈量，各自归还，握手言和。")
    confirmed(keys)
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("concluded", "peoples_mediation")
    return so_far(keys)


@job("review what was reported", Count(2, 1))
def review(sign_in: Login, town: Ground) -> Count:
    case = ways.concluded(town)
    keys = Keyboard(sign_in(town.dispatcher, "/"))
    keys.press("a")
    opened(keys.page, "审核办结")
    expect(keys.page.locator("#sheet").get_by_text("双方重新丈量")).to_be_visible()
    confirmed(keys)
    case.refresh_from_db()
    assert case.status == "closed"
    return so_far(keys)


@job("plan a session", Count(1, 2))
def plan(sign_in: Login, town: Ground) -> Count:
    mediation = talks.running(town, talks.a_house(town))
    keys = Keyboard(sign_in(town.town_mediator, f"/mediation/{mediation.uid}/"))
    keys.press("p")
    opened(keys.page, "安排调解")
    confirmed(keys)
    assert Session.objects.get().status == "planned"
    return so_far(keys)


@job("write an agreement on a sum of money", Count(2, 6))
def agree(sign_in: Login, town: Ground) -> Count:
    house = talks.a_house(town)
    mediation = talks.running(town, house, talks.accepted(town, parties=talks.LAND[:2]))
    talks.held(town, mediation, house)
    keys = Keyboard(sign_in(town.town_mediator, f"/mediation/{mediation.uid}/"))
    keys.press("a")
    expect(keys.page.get_by_role("heading", name="调解协议")).to_be_visible()
    assert keys.focused() == "terms"
    keys.type("付某赔偿岳某某青苗损失三千元，当场付清，各方不再争执。")
    keys.page.get_by_label("总额（元）").click()
    keys.type("3000")
    keys.press("Enter")
    keys.type("赔偿青苗损失")
    keys.press("Enter")
    keys.page.keyboard.type("2026" if keys.focused().endswith("due_on") else "")
    keys.page.get_by_label("履行期限").fill(talks.timezone.localdate().isoformat())
    confirmed(keys)
    agreement = Agreement.objects.get()
    assert [(o.debtor.name, o.creditor.name, o.amount) for o in agreement.obligations.all()] == [
        ("付某", "岳某某", 3000)
    ]
    return so_far(keys)


@job("urge five cases", Count(15, 10))
def urge(sign_in: Login, town: Ground) -> Count:
    for n in range(7):
        ways.handling(town, title=f"第{n}件")
    keys = Keyboard(sign_in(town.manager, "/cases/?status=handling"))
    rows = keys.page.locator("[data-tick]")
    rows.nth(0).click()
    rows.nth(4).click(modifiers=["Shift"])
    keys.page.get_by_role("group", name="批量办理").get_by_role("button", name="催办").click()
    opened(keys.page, "催办")
    written(keys, "reason", "请本周内反馈。")
    keys.press("Control+Enter")
    expect(keys.page.locator("#sheet").get_by_text("已办 5 件")).to_be_visible()
    with keys.page.expect_navigation():
        keys.press("Escape")
    return so_far(keys)


@job("find a case by the tail of a phone", Count(3))
def find(sign_in: Login, town: Ground) -> Count:
    case = ways.registered(town)
    keys = Keyboard(sign_in(town.clerk, "/"))
    keys.page.keyboard.type(case.parties.first().phone[-4:])
    expect(keys.page.locator("a.found:not(.found-all)")).to_have_count(1)
    keys.press("Enter")
    keys.page.wait_for_url(f"**/cases/{case.code}/")
    return so_far(keys)


@job("open a page that is not in the bar", Count(0, 2))
def open_page(sign_in: Login, town: Ground) -> Count:
    keys = Keyboard(sign_in(town.dispatcher, "/"))
    keys.press("Control+k")
    keys.page.keyboard.type("碰头会")
    expect(keys.page.locator("a.found")).to_have_count(1)
    keys.press("Enter")
    keys.page.wait_for_url("**/meetings/")
    return so_far(keys)


def line(words: str, now: Count) -> str:
    """The row of the table: what it cost, what it costs, and whether that is half, or one key."""
    before = JOBS[words][0]
    if before is None:
        return f"| {words} | not there | {now} | new |"
    reached = "yes" if now.total <= max(before.total / 2, 1) else "no"
    return f"| {words} | {before} | {now} | {reached} |"


def in_the_documents(start: str, wanted: str) -> None:
    """The row that begins so stands in docs/desk.md as counted; WRITE_DESK writes it."""
    text = PAGE.read_text()
    found = re.search(rf"^{re.escape(start)}.*$", text, re.MULTILINE)
    assert found, f"docs/desk.md has no row: {start}"
    if os.environ.get("WRITE_DESK"):
        PAGE.write_text(text.replace(found[0], wanted))
    else:
        assert found[0] == wanted


@pytest.mark.parametrize("words", JOBS)
def test_what_a_job_costs_stands_in_the_documents(words: str, sign_in: Login, town: Ground) -> None:
    now = JOBS[words][1](sign_in, town)
    in_the_documents(f"| {words} |", line(words, now))


def seen(page: Page, rows: str) -> int:
    """Rows that stand in the window from head to foot, under no bar."""
    return int(
        page.evaluate(
            """(rows) => [...document.querySelectorAll(rows)].filter((row) => {
              const box = row.getBoundingClientRect();
              const top = document.elementFromPoint(box.x + 40, box.y + box.height / 2);
              return box.height && box.bottom <= innerHeight && row.contains(top);
            }).length""",
            rows,
        )
    )


def test_rows_that_are_seen_without_scrolling_stand_in_the_documents(sign_in: Login, town: Ground) -> None:
    for n in range(30):
        ways.registered(town, title=f"第{n}件")
    page = sign_in(town.dispatcher, "/cases/")
    lists = seen(page, "[data-list] tbody [data-row]")
    page.goto("/cases/?order=due")
    by_due = seen(page, "[data-list] tbody [data-row]")
    page.goto("/")
    home = seen(page, "#due-next tbody tr")
    page.goto("/cases/new/")
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    assert min(lists, by_due, home) >= 14
    in_the_documents("| 案件: rows seen |", f"| 案件: rows seen | 4 | {lists} |")
    in_the_documents("| 案件 by deadline: rows seen |", f"| 案件 by deadline: rows seen | 4 | {by_due} |")
    in_the_documents("| 待办 of a dispatcher: rows seen |", f"| 待办 of a dispatcher: rows seen | 3 | {home} |")
    in_the_documents("| 登记: height of the page |", f"| 登记: height of the page | 1,220 px | {tall} px |")
