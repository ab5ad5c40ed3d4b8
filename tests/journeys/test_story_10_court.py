"""Story 10: a medical dispute that a court entrusted (委派) on 13 January 2027. Its limit runs over Spring Festival;
holidays are announced late and move it; both sides extend it. No agreement: the facts not in dispute are written
down, the result goes back to the court, and the file into the archive when the court has decided."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids.actions import post_person
from grids.models import Organisation, OrganisationKind, Role
from intake.deadlines.models import Clock
from intake.models import Case
from mediation import actions
from mediation.actions import BodyEntry, MediatorEntry
from mediation.documents import papers_of
from mediation.models import BodyKind, Mediation
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import act, archive, confirm, follow_up, local, pick, sent, sheet
from tests.journeys.test_every_page import NOTHING, check
from tests.mediation import ways
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENTRUSTED, EXTENDED, ENDED, RULED = date(2027, 1, 13), date(2027, 2, 10), date(2027, 3, 5), date(2027, 5, 20)
HOLIDAYS = """2027-01-01 2027-01-03 休 元旦
2027-02-05 2027-02-12 休 春节
2027-02-13 班
2027-04-05 休 清明节
2027-05-01 2027-05-03 休 劳动节"""
"""Invented: the year was not announced when this was written; its last day off is the last day of the limit."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(ways.at(ENTRUSTED, 9), tick=True) as traveller:
        yield traveller


class MedicalGround:
    """The county's court, and the committee for medical disputes with its mediator."""

    def __init__(self, town: Ground) -> None:
        """At the county."""
        county = town.places["150526"]

        def organisation(name: str, kind: OrganisationKind) -> Organisation:
            return Organisation.objects.create(
                name=name, short_name=name, kind=kind, territory=county, starts_on=STARTS
            )  # fmt: skip

        self.court = organisation("扎鲁特旗人民法院", OrganisationKind.COURT)
        committee = organisation("医疗纠纷人民调解委员会", OrganisationKind.MEDIATION_COMMITTEE)
        entry = BodyEntry(BodyKind.INDUSTRY, seal="扎鲁特旗医疗纠纷人民调解委员会", doc_mark="扎医调")
        body = actions.set_up_body(committee, entry, actor=town.manager, starts_on=STARTS)
        self.user: User = create_user(username="doctor", name="斯琴")
        post_person(self.user, committee, Role.MEDIATOR, starts_on=STARTS)
        self.mediator = actions.appoint_mediator(
            body, MediatorEntry("斯琴", username="doctor"), actor=town.manager, starts_on=STARTS
        )


def register(page: Page) -> Case:
    """The court's papers come in at the window."""
    first, second = page.locator("[data-party]").all()
    first.get_by_label("证件号码").fill("152327196503152419")
    first.get_by_label("姓名或名称").fill("王某")
    first.get_by_label("联系电话").fill("13847500031")
    second.locator("summary").click()
    second.get_by_label("类型", exact=True).select_option("organisation")
    second.get_by_label("姓名或名称").fill("某医院")
    second.get_by_label("证件号码").fill("91150526MA0N123455")
    page.get_by_label("事情经过").fill("王某认为术后感染系医院过错所致，起诉前由法院委派调解。")
    pick(page, "发生地", "鲁北")
    pick(page, "纠纷类别", "0502")
    page.locator("[data-more] summary").click()
    page.get_by_label("来源渠道").select_option("07")
    page.get_by_label("来源系统").fill("法院")
    page.get_by_label("来源编号").fill("（2027）内0526诉前调12号")
    page.get_by_label("难易程度").select_option("complex")
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    return Case.objects.get()


def entrusted(page: Page, ground: MedicalGround) -> Mediation:
    """Accepted, and mediated by entrustment of the court: 30 natural days, the day itself not counted."""
    act(page, "受理")
    confirm(page)
    sheet(page, "转入调解")
    page.get_by_label("调解员", exact=True).select_option(str(ground.mediator.pk))
    page.get_by_label("来源", exact=True).select_option("court")
    page.get_by_label("委派（移交）单位").select_option(label="扎鲁特旗人民法院")
    shot(page, "court-entrusted-1366")
    sent(page, "转入调解")
    return Mediation.objects.get()


def due_on() -> date:
    due = Clock.objects.get(kind="med_court").due_at
    assert due is not None
    return timezone.localdate(due)


def announced(page: Page) -> None:
    """The administrator brings the announcement in; limits that run are computed again."""
    page.goto("/system/calendar/import/")
    page.get_by_label("年份").fill("2027")
    page.get_by_label("文号").fill("国办发明电〔2026〕9号")
    page.get_by_label("放假和调休上班的日子").fill(HOLIDAYS)
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_text("确认导入")).to_be_visible()
    shot(page, "court-announced-1366")
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url("**/calendar/?year=2027")


def talked(page: Page) -> None:
    """Told of their rights, both agree to be mediated; they meet, and their shares of blame stay far apart."""
    sheet(page, "记录各方意愿")
    for name in ("王某", "某医院"):
        page.locator("fieldset", has_text=name).get_by_label("同意", exact=True).check()
    sent(page, "记录各方意愿")
    sheet(page, "安排调解")
    page.get_by_label("开始时间").fill(local(timezone.now()))
    page.get_by_label("其他地点").fill("旗医调委")
    sent(page, "安排调解")
    page.get_by_role("link", name="调解会").click()
    for name in ("王某", "某医院"):
        page.locator(".attendee", has_text=name).click()
    page.get_by_label("调解笔录").fill("双方就住院、手术经过没有争议，对过错责任比例分歧较大。")
    page.get_by_label("未达成一致", exact=True).check()
    page.get_by_role("button", name="记为已举行").click()
    page.get_by_text("笔录已存入卷宗").wait_for()


def extended(page: Page) -> None:
    sheet(page, "延长期限")
    page.get_by_label("说明").fill("双方同意，等待鉴定意见。")
    sent(page, "延长期限")


def ended_and_handed_back(page: Page, mediation: Mediation) -> None:
    """The facts not in dispute with the consent of both, the end, the result with the court."""
    sheet(page, "记载无争议事实")
    page.get_by_label("各方没有争议的事实").fill(
        "一、王某于2026年3月5日入院。\n二、3月8日由该院手术。\n三、术后发生感染。"
    )
    for name in ("王某", "某医院"):
        page.locator("#sheet").get_by_label(name).check()
    shot(page, "court-facts-1366")
    sent(page, "记载无争议事实")
    sheet(page, "终结（未达成协议）")
    page.get_by_label("未达成协议的原因").select_option("apart")
    page.get_by_label("情况说明").fill("对过错责任比例分歧过大。")
    page.get_by_label("诉讼", exact=True).check()
    page.get_by_label("当事人采取的途径").select_option("litigation")
    sent(page, "终结（未达成协议）")
    expect(page.get_by_text("调解结果移送函")).to_be_visible()
    assert check(page) == NOTHING
    shot(page, "court-ended-1366")
    page.goto("/mediation/")
    expect(page.get_by_text("结果待交回法院")).to_be_visible()
    shot(page, "court-workspace-1366")
    page.goto(f"/mediation/{mediation.uid}/")
    sheet(page, "结果交回法院")
    page.get_by_label("法院接收人").fill("立案庭 白法官")
    page.locator("#sheet").get_by_label("说明").fill("起诉状、证据一并交回。")
    shot(page, "court-return-1366")
    sent(page, "结果交回法院")
    expect(page.get_by_text("已把结果交回扎鲁特旗人民法院")).to_be_visible()
    page.set_viewport_size(NARROW)
    shot(page, "court-returned-360")
    assert check(page) == NOTHING


def closed(page: Page, case: Case) -> None:
    page.goto(f"/cases/{case.code}/")
    act(page, "审核办结")
    confirm(page)


def heard_and_archived(page: Page, case: Case) -> None:
    """The court decided: the road has its result, the applicant is asked, the file is put away."""
    page.goto(f"/cases/{case.code}/")
    act(page, "登记途径结果")
    page.locator("#sheet").get_by_label("文号、案号").fill("（2027）内0526民初88号")
    page.locator("#sheet [name=result]").fill("判决医院承担百分之四十责任，无争议事实未再举证。")
    confirm(page)
    follow_up(page, "一般", "无履行内容")
    archive(page)


def left_open(page: Page) -> None:
    """A page that is left open would ask for notices after its session has ended."""
    assert page.context.browser is not None
    for context in page.context.browser.contexts:
        for other in context.pages:
            other.goto("about:blank")


def move_on(clock: time_machine.Traveller, day: date) -> None:
    """Weeks later; who signs in has renewed the password meanwhile."""
    clock.move_to(ways.at(day, 10))
    User.objects.update(password_changed_at=timezone.now())


def test_story_10_entrusted_by_the_court_over_spring_festival(
    sign_in: Login, town: Ground, clock: time_machine.Traveller
) -> None:
    ground = MedicalGround(town)
    window = sign_in(town.clerk, "/cases/new/")
    case = register(window)
    county = sign_in(town.dispatcher, f"/cases/{case.code}/")
    mediation = entrusted(county, ground)
    assert due_on() == date(2027, 2, 12)
    announced(sign_in(town.system_admin))
    assert due_on() == date(2027, 2, 13), "the last day is a holiday: the next working day, which is made up for it"
    talked(sign_in(ground.user, f"/mediation/{mediation.uid}/"))

    left_open(window)
    move_on(clock, EXTENDED)
    extended(sign_in(ground.user, f"/mediation/{mediation.uid}/"))
    assert due_on() > date(2027, 3, 12)
    left_open(window)
    move_on(clock, ENDED)
    ended_and_handed_back(sign_in(ground.user, f"/mediation/{mediation.uid}/"), mediation)
    mediation.refresh_from_db()
    papers = {paper.key: " ".join(paper.texts()) for paper in papers_of(mediation)}
    assert "3月8日由该院手术" in papers["undisputed"]
    assert "各方于2027年2月10日同意延长调解期限" in papers["court_return"]
    case.refresh_from_db()
    assert (case.status, case.outcome, case.road, case.in_time) == ("concluded", "unresolved", "litigation", True)
    closed(sign_in(town.manager), case)
    left_open(window)
    move_on(clock, RULED)
    heard_and_archived(sign_in(town.manager), case)
    case.refresh_from_db()
    assert case.status == "archived"
    verbs = {entry.verb for entry in trail_of(case)}
    assert {"mediation_extended", "undisputed_facts_recorded", "mediation_returned_to_court", "case_archived"} <= verbs
    leader = sign_in(town.leader, "/figures/?from=2027-01-01&to=2027-12-31")
    expect(leader.get_by_text("调解成功率").first).to_be_visible()
    shot(leader, "court-figures-1366")
    answer = leader.request.get("/api/v1/statistics/?from=2027-01-01&to=2027-12-31").json()
    figures = {figure["name"]: (figure["part"], figure["whole"]) for figure in answer["figures"]}
    assert (figures["unresolved"][0], figures["mediation_success"]) == (1, (0, 1))
    assert list(verify(Counts())) == []
