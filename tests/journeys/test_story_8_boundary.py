"""Story 8: a boundary dispute across two towns. Both see it; one answers as the county decided, the other has a slip
and a to-do; survey, agreement, performance, archive; figures count it once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from intake.models import Case
from mediation.documents import papers_of
from mediation.models import Agreement, Mediation, Mediator
from referrals.models import Document
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import (
    accepted,
    act,
    archive,
    closed,
    confirm,
    consented,
    follow_up,
    mediation_opened,
    meeting,
    person,
    pick,
    sent,
    sheet,
)
from tests.journeys.test_every_page import NOTHING, check
from tests.journeys.test_mediation_stories import FORGIVEN, agreement, survey
from tests.journeys.test_story_3_joint_handling import choose
from tests.mediation import ways
from tests.mediation.ways import House, a_house
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.notices.actions import deliver_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LUBEI = "150526100"


@pytest.fixture
def house(town: Ground) -> House:
    return a_house(town)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tomorrow morning at nine."""
    with time_machine.travel(ways.at(timezone.localdate() + timedelta(days=1), 9), tick=True) as traveller:
        yield traveller


def register(page: Page) -> Case:
    """At the county's window: three people, where it happened and where else it lies."""
    page.locator("[data-add-party=respondent]").click()
    for at, party in enumerate(ways.LAND):
        person(page, at, party)
    page.get_by_label("事情经过").fill("两镇交界处的耕地界桩被移动，岳某某少了3垄。")
    pick(page, "发生地", "五家子")
    pick(page, "纠纷类别", "0901")
    page.locator("[data-more] summary").click()
    pick(page, "涉及的其他地方", "南环")
    page.get_by_label("难易程度").select_option("ordinary")
    shot(page, "boundary-entry-1366")
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    return Case.objects.get()


def decided_by_the_county(page: Page, case: Case) -> None:
    """The county takes it on and decides which of the two towns answers."""
    expect(page.get_by_text("鲁北镇南环社区")).to_be_visible()
    accepted(page)
    act(page, "交由下级办理")
    options = page.locator("#sheet").get_by_label("交由哪个中心").locator("option").all_inner_texts()
    assert {"巨日合镇综治中心", "鲁北镇综治中心"} <= set(options)
    page.locator("#sheet").get_by_label("交由哪个中心").select_option(label="巨日合镇综治中心")
    page.locator("#sheet").get_by_label("办理要求").fill("两镇交界，由巨日合镇牵头，鲁北镇配合。")
    shot(page, "boundary-decision-1366")
    confirm(page)
    case.refresh_from_db()
    assert case.centre is not None
    assert case.centre.name == "巨日合镇综治中心"


def both_see_it(sign_in: Login, town: Ground, case: Case) -> None:
    """鲁北 was told who leads, finds it in its own town, reads it with names masked and has nothing to do yet."""
    deliver_due(timezone.now())
    other = sign_in(town.stranger, "/notices/")
    expect(other.get_by_text("涉及鲁北镇南环社区，由旗综治中心受理").first).to_be_visible()
    for page in (other, sign_in(town.town_dispatcher)):
        page.goto(f"/cases/?territory={LUBEI}")
        expect(page.get_by_role("link", name=case.title).first).to_be_visible()
    other.goto(f"/cases/{case.code}/")
    expect(other.locator("main")).not_to_contain_text("岳某某")
    expect(other.get_by_text("巨日合镇五家子村").first).to_be_visible()
    assert check(other) == NOTHING
    shot(other, "boundary-other-town-1366")
    other.set_viewport_size(NARROW)
    shot(other, "boundary-other-town-360")
    assert check(other) == NOTHING
    page.context.close()
    other.context.close()


def mediated_with_a_slip_for_the_other(sign_in: Login, town: Ground, case: Case) -> Mediation:
    """巨日合 lets its committee mediate, and gives 鲁北 a slip of its own; 鲁北 signs it from its to-do."""
    page = sign_in(town.town_manager, f"/cases/{case.code}/")
    mediation_opened(page, Mediator.objects.get(name="乌云"))
    page.goto(f"/cases/{case.code}/")
    act(page, "增加协办")
    fold = page.locator("#sheet summary", has_text="协办单位")
    if fold.count() and not page.locator("#sheet").get_by_label("协办单位 1", exact=True).is_visible():
        fold.click()
    choose(page, "协办单位 1", "鲁北镇综治")
    page.locator("#sheet").get_by_label("协办要求 1").fill("通知南环社区到场，一并丈量。")
    confirm(page)
    slip = Document.objects.get(case=case, addressee=town.lubei_centre)
    assert slip.number
    deliver_due(timezone.now())
    other = sign_in(town.stranger, "/")
    expect(other.locator("#due-next tr", has_text="待签收").first).to_be_visible()
    shot(other, "boundary-other-home-1366")
    other.goto("/documents/mine/")
    expect(other.get_by_text(slip.number)).to_be_visible()
    other.goto(f"/cases/{case.code}/")
    expect(other.get_by_text("岳某某").first).to_be_visible()
    act(other, "签收协办")
    confirm(other)
    other.goto("/")
    expect(other.get_by_role("link", name=case.title).first).to_be_visible()
    page.context.close()
    other.context.close()
    return Mediation.objects.get()


def the_other_reports(sign_in: Login, town: Ground, case: Case) -> None:
    other = sign_in(town.stranger, f"/cases/{case.code}/")
    act(other, "反馈协办情况")
    other.locator("#sheet").get_by_label("协办情况").fill("南环社区已到场，界址无异议。")
    confirm(other)
    other.context.close()


def surveyed_and_agreed(page: Page, photo: str, clock: time_machine.Traveller) -> None:
    consented(page, "岳某某", "付某", "徐某")
    survey(page, photo)
    clock.shift(timedelta(minutes=20))
    page.reload()  # an idle session ends after half an hour
    clock.shift(timedelta(minutes=15))
    meeting(page, "岳某某", "付某", "徐某", record=FORGIVEN)
    agreement(page)
    sheet(page, "记录签署")
    sent(page, "记录签署")
    expect(page.get_by_text("已生效")).to_be_visible()
    for _ in range(2):
        sheet(page, "记录履行")
        page.get_by_label("履行凭证").set_input_files(photo)
        sent(page, "记录履行")


def reported(page: Page) -> None:
    """The town reports: the county, which handed the case down, supports it still."""
    expect(page.get_by_text("属地配合").first).to_be_visible()
    act(page, "反馈办理结果")
    page.get_by_label("办理结果", exact=True).select_option("peoples_mediation")
    page.locator("#sheet").get_by_label("办理情况").fill("两镇共同丈量，付某归还1垄，徐某归还2垄。")
    confirm(page)


def closed_and_archived(page: Page, case: Case) -> None:
    page.goto(f"/cases/{case.code}/")
    closed(page)
    follow_up(page)
    archive(page)


def figures_count_it_once(sign_in: Login, town: Ground, case: Case) -> None:
    """Accepted and resolved at 巨日合 alone; 鲁北 shows it as concerned, and opens it."""
    page = sign_in(town.leader, "/figures/")
    rows = page.locator("table.compare tbody tr")
    own, other = rows.filter(has_text="巨日合镇"), rows.filter(has_text="鲁北镇")
    expect(own.locator("[data-label=化解]")).to_have_text("1")
    expect(own.locator("[data-label=涉及]")).to_have_text("0")
    expect(other.locator("[data-label=化解]")).to_have_text("0")
    expect(other.locator("[data-label=涉及]")).to_have_text("1")
    shot(page, "boundary-figures-1366")
    other.locator("[data-label=涉及] a").click()
    expect(page.get_by_text("由巨日合镇五家子村牵头")).to_be_visible()
    expect(page.get_by_text(str(case.code))).to_be_visible()


def test_story_8_a_boundary_across_two_towns(
    sign_in: Login, town: Ground, house: House, clock: time_machine.Traveller, photo: str
) -> None:
    window = sign_in(town.clerk, "/cases/new/")
    case = register(window)
    county = sign_in(town.dispatcher, f"/cases/{case.code}/")
    decided_by_the_county(county, case)
    window.context.close()  # a page left open would ask for notices after its session has ended
    county.context.close()
    both_see_it(sign_in, town, case)
    mediation = mediated_with_a_slip_for_the_other(sign_in, town, case)
    the_other_reports(sign_in, town, case)
    page = sign_in(town.town_mediator, f"/mediation/{mediation.uid}/")
    surveyed_and_agreed(page, photo, clock)
    assert page.request.get(f"/mediation/{mediation.uid}/file/agreement/").status == 200
    mediation.refresh_from_db()
    paper = next(paper for paper in papers_of(mediation) if paper.key == "agreement")
    assert any("归还土地2垄" in text for text in paper.texts())
    page.context.close()
    reported(sign_in(town.town_dispatcher, f"/cases/{case.code}/"))
    case.refresh_from_db()
    assert case.status == "concluded"
    closed_and_archived(sign_in(town.town_manager), case)
    case.refresh_from_db()
    assert (case.status, case.solved_tier, Agreement.objects.get().status) == ("archived", "town", "performed")
    figures_count_it_once(sign_in, town, case)
    slips = Document.objects.filter(case=case, kind__purpose="dispatch").order_by("pk")
    assert [(slip.addressee_name, slip.status) for slip in slips][-1] == ("鲁北镇综治中心", "done")
    assert {"case_handed_down", "co_handler_added", "part_reported", "case_archived"} <= {
        entry.verb for entry in trail_of(case)
    }
    assert list(verify(Counts())) == []
