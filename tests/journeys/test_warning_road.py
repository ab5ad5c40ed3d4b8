"""Three police calls between two neighbours, from the table of the police to an agreement: the warning, the visit of
the grid worker that answers it, the case, and who saw it."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from early_warning.models import RuleKind, Warning
from early_warning.tasks import sweep_warnings
from grids.models import Visit
from intake import actions as cases
from intake.models import Case
from mediation import actions as mediations
from mediation.actions import AgreementDraft, ObligationDraft
from mediation.models import Agreement
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.journeys.test_three_senders import checked, handed_in
from tests.mediation import ways
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = ("为界墙争吵，已劝开。", "又为界墙争吵，互相辱骂。", "为界墙推搡，没有受伤。")


def calls(folder: Path) -> Path:
    """A table of the police: whoever called, the other neighbour is named beside it, once typed by ear."""
    book = openpyxl.Workbook()
    book.active.append(["接警单号", "报警时间", "报警人", "联系电话", "发生地", "内容", "对方姓名"])
    sides = (("岳长顺", "付海波"), ("付海波", "岳常顺"), ("岳长顺", "付海波"))
    for at, (text, (one, other)) in enumerate(zip(CALLS, sides, strict=True), start=1):
        day = timezone.localdate() - timedelta(days=40 - 12 * at)
        phone = "13947512345" if one == "岳长顺" else "13947512346"
        book.active.append([f"JJ9{at:03d}", f"{day}", one, phone, "巨日合镇五家子村", text, other])
    book.save(folder / "警情.xlsx")
    return folder / "警情.xlsx"


def test_from_three_calls_to_a_visit_a_case_and_an_agreement(sign_in: Login, town: Ground, tmp_path: Path) -> None:
    sweep_warnings()  # as it runs all day: what comes from now on is looked at
    page = sign_in(town.dispatcher, "/")
    handed_in(page, "110非警务警情", calls(tmp_path))
    page.get_by_role("button", name="全部导入 3 件").click()
    checked(page)
    assert Case.objects.filter(channel="06").count() == 3
    sweep_warnings()
    dispatcher_looks(page)
    town_manager_sends(sign_in(town.town_manager, "/warnings/"))
    grid_worker_visits(sign_in(town.grid_worker, "/field/visits/", NARROW))
    agree(town, Case.objects.filter(channel="06").order_by("pk")[2])
    what_became_of_it(page)


def dispatcher_looks(page: Page) -> None:
    page.goto("/warnings/")
    page.get_by_role("link", name="同一双方 180 天内第 3 次（警情 3）").first.click()
    expect(page.get_by_role("heading", name="谁看过")).to_be_visible()
    assert check(page) == NOTHING
    page.set_viewport_size(WIDE)
    shot(page, "warning-readers")


def town_manager_sends(page: Page) -> None:
    page.get_by_role("link", name="同一双方 180 天内第 3 次").first.click()
    page.locator("summary", has_text="安排走访").click()
    page.get_by_label("走访对象").fill("岳家、付家")
    page.get_by_role("button", name="安排走访").click()
    expect(page.get_by_text("还没有走访")).to_be_visible()


def grid_worker_visits(page: Page) -> None:
    page.get_by_text("岳家、付家").click()
    page.get_by_label("情况").first.fill("界墙各让半尺，愿意坐下来谈。")
    page.get_by_role("button", name="走访过了").click()
    expect(page.get_by_text("走访已送达")).to_be_visible()
    assert Visit.objects.get().note == "界墙各让半尺，愿意坐下来谈。"


def agree(town: Ground, case: Case) -> None:
    """The last call is accepted and handed to the town, mediated there and agreed upon."""
    house = ways.a_house(town)
    case = cases.accept_case(case, actor=town.dispatcher, category="0202", complexity="ordinary", risk="yellow")
    case = cases.hand_down_case(case, actor=town.dispatcher, centre=town.juri_centre, reason="请就近调解")
    mediation = ways.running(town, house, case)
    ways.held(town, mediation, house)
    yue, fu = [str(party.uid) for party in case.parties.order_by("ordinal", "pk")[:2]]
    today = timezone.localdate()
    part = ObligationDraft(debtor=fu, creditor=yue, kind="act", what="界墙退让半尺", parts=[(today, None)])
    draft = AgreementDraft(
        facts="双方为界墙争执。", terms="界墙各退让半尺，不再争执。", manner="当面指界",
        reached_on=today, obligations=[part],
    )  # fmt: skip
    agreement = mediations.draft_agreement(mediation, draft, actor=town.town_dispatcher)
    mediations.sign_agreement(agreement, ways.all_signatures(agreement), actor=town.people["town_mediator"])


def what_became_of_it(page: Page) -> None:
    page.reload()
    warning = Warning.objects.get(kind=RuleKind.SAME_SIDES)
    assert (warning.status, Agreement.objects.get().status) == ("confirmed", "in_force")
    expect(page.get_by_text("走访过：界墙各让半尺")).to_be_visible()
    readers = page.get_by_role("region", name="谁看过")
    expect(readers.get_by_role("row", name="孙海涛")).to_be_visible()
    shot(page, "warning-road")
    page.set_viewport_size(NARROW)
    shot(page, "warning-road-narrow")
    page.set_viewport_size(WIDE)
    case = Case.objects.filter(channel="06").order_by("pk")[2]
    page.get_by_role("link", name=str(case.code)).first.click()
    expect(page.get_by_role("heading", name="预警")).to_be_visible()
