"""The handbook as somebody new reads it: 帮助 leads from a page to its chapter; what a chapter of the window, the
dispatcher and the departments names stands on their pages under that name; and a case is registered, dispatched,
handled, closed, followed up and filed by nothing but its steps, each control found by the words that a step quotes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from grids.actions import post_person
from grids.models import Role
from intake import actions
from intake.coordination.actions import CoHandler, add_co_handlers, sign_for_part
from intake.models import Case
from tests.intake import ways
from tests.journeys.conftest import Login, shot
from tests.journeys.steps import pick
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHAPTERS = ("todo", "register", "receipt", "find", "triage", "handle", "close")
OPENED_FROM = (
    ("clerk", "/", "todo"),
    ("clerk", "/cases/new/", "register"),
    ("clerk", "/cases/", "find"),
    ("clerk", "/cases/imports/", "import"),
    ("dispatcher", "/todo/triage/", "triage"),
    ("dispatcher", "/meetings/", "triage"),
    ("dispatcher", "/tiers/", "supervise"),
    ("handler", "/todo/sign/", "handle"),
    ("handler", "/documents/mine/", "letters"),
    ("clerk", "/cases/follow-up/", "close"),
    ("manager", "/figures/", "figures"),
    ("manager", "/grids/", "field"),
    ("mediator", "/mediation/", "mediation"),
    ("system_admin", "/grids/staff/", "people"),
    ("security_admin", "/security/accounts/", "security"),
    ("auditor", "/auditing/trail/", "audit"),
)
NAMES = """() => [...document.querySelectorAll(
    "a, button, summary, label, legend, th, h1, h2, h3, [aria-label], .counts a")].flatMap((part) => {
  const copy = part.cloneNode(true);
  for (const beside of copy.querySelectorAll("kbd, .must, .mark, svg, b")) beside.remove();
  return [copy.textContent.replace(/\\s+/g, " ").trim(), part.getAttribute("aria-label") ?? ""];
}).filter(Boolean)"""
"""What controls, columns and headings of a page are called, also in closed menus; keys, marks and counts left out."""


@dataclass(frozen=True)
class Step:
    """One numbered step of a chapter: what it calls by name, the keys it names, and its words."""

    names: list[str]
    keys: list[str]
    text: str

    def called(self, name: str) -> str:
        """The name, which the step has to quote."""
        assert name in self.names, f"“{name}” is not named in: {self.text}"
        return name

    def key(self, name: str) -> str:
        """The key as the browser is told it."""
        assert name in self.keys, f"{name} is not named in: {self.text}"
        return name.replace("Ctrl", "Control").lower() if len(name) == 1 else name.replace("Ctrl", "Control")


def read(page: Page, chapter: str) -> list[Step]:
    """From the page one stands on to the handbook, to a chapter by its contents; its steps as they are read there."""
    open_help(page)
    page.locator(f".handbook-list a[href='#{chapter}']").click()
    rows = page.locator(f"#{chapter} ol > li")
    expect(rows.first).to_be_visible()
    return [step_of(row) for row in rows.all()]


def step_of(row: Locator) -> Step:
    text = row.inner_text()
    quoted = [*row.locator("b").all_inner_texts(), *re.findall(r"“([^”]+)”", text)]
    return Step(quoted, row.locator("kbd").all_inner_texts(), text)


def open_help(page: Page) -> None:
    page.locator(".top-tools summary").last.click()
    page.get_by_role("link", name="帮助", exact=True).click()
    page.wait_for_url("**/help/#*")


def test_help_is_opened_from_sixteen_pages_at_the_right_chapter(sign_in: Login, town: Ground) -> None:
    pages: dict[str, Page] = {}
    for who, path, chapter in OPENED_FROM:
        page = pages.setdefault(who, sign_in(town.people[who], path)) if who not in pages else pages[who]
        page.goto(path)
        open_help(page)
        assert (path, page.url.partition("#")[2]) == (path, chapter)
        expect(page.locator(f"#{chapter} h2")).to_be_in_viewport()


Stage = tuple[str, Callable[[Ground], str], str]
"""Who looks, at which page, and which act's dialog is open on it."""


def case_page(made: Callable[[Ground], Case]) -> Callable[[Ground], str]:
    return lambda town: f"/cases/{made(town).code}/"


def at(path: str) -> Callable[[Ground], str]:
    return lambda town: path


def of_the_town(town: Ground) -> Case:
    case = actions.register_case(an_entry(), actor=town.town_clerk)
    return actions.accept_case(case, actor=town.town_dispatcher)


def with_help_of_others(town: Ground) -> Case:
    """Handled by one bureau; another has a part of it, and two people for it."""
    colleague = create_user(username="colleague", name="乌兰")
    post_person(colleague, town.justice_bureau, Role.HANDLER, starts_on=STARTS)
    case = actions.sign_for_case(ways.dispatched(town, town.labour_bureau), actor=town.other_handler)
    add_co_handlers(case, [CoHandler(town.justice_bureau, "请协助核实")], actor=town.dispatcher)
    return sign_for_part(case, actor=town.handler)


STAGES: dict[str, tuple[Stage, ...]] = {
    "todo": (("dispatcher", at("/"), ""),),
    "register": (
        ("clerk", at("/cases/new/"), ""),
        ("dispatcher", at("/"), ""),
        ("dispatcher", case_page(ways.registered), ""),
    ),
    "receipt": (("clerk", case_page(ways.accepted), ""), ("", at("/q/"), "")),
    "find": (("clerk", at("/cases/"), ""),),
    "triage": (
        ("dispatcher", at("/"), ""),
        ("dispatcher", case_page(ways.registered), ""),
        ("dispatcher", case_page(ways.accepted), ""),
        ("dispatcher", case_page(ways.handling), ""),
        ("town_dispatcher", case_page(of_the_town), ""),
    ),
    "handle": (
        ("handler", case_page(ways.dispatched), ""),
        ("handler", case_page(ways.handling), "write-note"),
        ("handler", case_page(ways.handling), "report-outcome"),
        ("handler", case_page(with_help_of_others), ""),
    ),
    "close": (
        ("dispatcher", at("/"), ""),
        ("dispatcher", case_page(ways.concluded), ""),
        ("clerk", case_page(ways.closed), ""),
        ("dispatcher", case_page(ways.followed_up), ""),
    ),
}


def names_on(page: Page, act: str) -> set[str]:
    """What is called how on a page, and in the dialog of an act over it."""
    if act:
        page.evaluate(f"htmx.ajax('GET', location.pathname + 'acts/{act}/', '#sheet')")
        page.locator("#sheet h2").wait_for()
        menu = page.locator("#sheet .texts-menu summary")
        if menu.count():
            menu.first.click()
            page.locator("#sheet .texts-menu form, #sheet .texts-menu button").first.wait_for()
    return set(page.evaluate(NAMES))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_chapter_names_stands_on_its_pages_under_that_name(chapter: str, sign_in: Login, town: Ground) -> None:
    ways.registered(town)
    reader = sign_in(town.clerk, "/")
    steps = read(reader, chapter)
    rest = step_of(reader.locator(f"#{chapter} .card-body"))
    wanted = {name for step in (*steps, rest) for name in step.names}
    found: set[str] = set()
    for who, address, act in STAGES[chapter]:
        page = sign_in(town.people[who or "clerk"], "/help/")
        if not who:
            page.context.clear_cookies()
        page.goto(address(town))
        found |= names_on(page, act)
        page.context.close()
    assert len(wanted) >= 2
    assert wanted - found == set()


def listed(page: Page, list_name: str, title: str) -> None:
    """Home, the list of this name above it, the case in it."""
    page.goto("/")
    page.get_by_role("navigation", name="待办件数").get_by_role("link", name=list_name).click()
    page.get_by_role("link", name=title).first.click()
    page.locator(".dossier-head").wait_for()


def do(page: Page, name: str, **fields: str) -> None:
    """Press what is called so, on the page or behind 更多; fill in by label; press the button of that name."""
    button = page.locator(".dossier-acts").get_by_role("button", name=name, exact=True)
    if not button.first.is_visible():
        page.locator(".dossier-acts").get_by_text("更多").click()
    button.first.click()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("heading", name=name)).to_be_visible()
    for label, text in fields.items():
        sheet.get_by_label(label, exact=False).first.fill(text)
    shot(page, f"handbook-{name}")


def send(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("#sheet .sheet-foot").get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#notes .note").first).to_be_visible()


def test_a_new_clerk_registers_by_the_steps_of_the_handbook(sign_in: Login, town: Ground) -> None:
    page = sign_in(town.clerk, "/")
    steps = read(page, "register")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=steps[0].called("登记")).click()
    page.locator("[name=parties-0-paper_number]").fill("152327196503152419")
    page.keyboard.press("Enter")
    expect(page.get_by_text("男 · 1965-03-15")).to_be_visible()  # as step 1 says
    page.locator("[name=parties-0-name]").fill("岳某某")
    page.get_by_label(steps[1].called("事情经过")).fill("自家土地少了3垄，怀疑邻地农户多种。")
    page.get_by_label(steps[1].called("诉求")).fill("重新丈量，归还土地。")
    pick(page, "发生地", "wjz")
    pick(page, "纠纷类别", "土地")
    page.keyboard.press(steps[2].key("Alt+N"))
    page.locator("[data-party]").last.get_by_label("姓名或名称").fill("付某")
    page.keyboard.press(steps[3].key("Ctrl+Enter"))
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    page.wait_for_load_state()  # keys work from then on
    with page.expect_popup() as paper:
        page.keyboard.press(steps[3].key("P"))
    expect(paper.value.get_by_text("查询码").first).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile(steps[4].called("我登记、接手的")))).to_be_visible()
    case = Case.objects.get()
    assert (case.status, case.parties.count()) == ("registered", 2)


def test_new_people_take_a_case_to_its_end_by_the_steps_of_the_handbook(sign_in: Login, town: Ground) -> None:
    case = ways.registered(town, title="土地少三垄")
    sorter = sign_in(town.dispatcher, "/")
    steps = read(sorter, "triage")
    listed(sorter, steps[0].called("待研判"), case.title)
    do(sorter, steps[0].called("受理"))
    expect(sorter.locator("#sheet").get_by_text("办后的时限")).to_be_visible()  # as step 1 says
    send(sorter, "受理")
    do(sorter, steps[1].called("交办"), 交办要求="请实地丈量")
    send(sorter, "交办")  # to whom step 2 says that the system proposes it

    handler = sign_in(town.town_handler, "/")
    steps = read(handler, "handle")
    handler.goto("/")
    handler.get_by_role("link", name=case.title).first.click()
    do(handler, steps[0].called("签收"))
    send(handler, "签收")
    do(handler, steps[1].called("写办理记录"), 记录="已电话联系双方，约定周五丈量。")
    handler.locator("#sheet").get_by_label(steps[1].called("告知当事人")).fill("工作人员将在周五到现场丈量。")
    send(handler, "写办理记录")
    do(handler, steps[3].called("反馈办理结果"), 办理情况="双方重新丈量，各自归还，握手言和。")
    handler.locator("#sheet [name=outcome]").select_option("peoples_mediation")
    send(handler, "反馈办理结果")

    steps = read(sorter, "close")
    listed(sorter, steps[0].called("待审核"), case.title)
    do(sorter, steps[0].called("审核办结"))
    send(sorter, "审核办结")
    do(sorter, steps[1].called("回访"))
    for answer in ("很满意", "已全部履行"):
        sorter.locator("#sheet").get_by_label(answer, exact=True).check()
    send(sorter, "回访")
    do(sorter, steps[2].called("归档"))
    send(sorter, "归档")
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("archived", "peoples_mediation")
