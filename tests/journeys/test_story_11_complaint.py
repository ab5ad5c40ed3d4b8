"""Story 11: complaints of a village head and of a police station at the county's window. From registration to the end
whom it is about and who serves there see nothing of it: in no list, search, count, notice, board and feed, on no
page by its address."""

import json
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids.actions import post_person
from grids.models import Organisation, Role
from intake.models import Case
from tests.journeys.conftest import Login, shot
from tests.journeys.steps import act, archive, confirm, follow_up, pick
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import deliver_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OF_ALL = ("/", "/cases/", "/notices/")
PAGES = ("/", "/cases/", "/notices/", "/figures/", "/documents/board/", "/tiers/", "/mediation/", "/meetings/")
FOUND = ("岳某某", "克扣低保", "反映")
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?|截至.*")


class Village:
    """Somebody of the village, and what their pages said before there was a complaint."""

    def __init__(self, page: Page, pages: tuple[str, ...]) -> None:
        """Reads the pages once."""
        self.page = page
        self.before = {path: self._read(path) for path in pages}

    def sees_nothing_of(self, code: str) -> None:
        """All counts, lists and boards are what they were; what is asked for is not there."""
        deliver_due(timezone.now())
        for path, before in self.before.items():
            assert self._read(path) == before, path
        for words in (code, *FOUND):
            self.page.goto(f"/cases/?q={words}")
            expect(self.page.locator("main")).not_to_contain_text("付德柱克扣")
            assert self.page.locator(f'a[href*="/cases/{code}"]').count() == 0
        feed = json.loads(self.page.request.get("/api/v1/changes/").text())
        assert feed["results"] == []
        for path in (f"/cases/{code}/", f"/cases/{code}/acts/accept/", f"/api/v1/cases/{code}/"):
            assert self.page.request.get(path).status == 404, path

    def _read(self, path: str) -> str:
        self.page.goto(path)
        return CLOCK.sub("", self.page.locator("main").inner_text())


def the_unit(town: Ground) -> User:
    """The county's unit for complaints, with one who handles there."""
    unit = Organisation.objects.create(
        name="旗纪委监委", short_name="纪委监委", kind="department", territory=town.places["150526"], starts_on=STARTS,
        answers_complaints=True,
    )  # fmt: skip
    inspector = create_user(username="inspector", name="严明")
    post_person(inspector, unit, Role.HANDLER, starts_on=STARTS)
    return inspector


def register(page: Page) -> str:
    """At the window: who complains, whom it is about and where they serve, what happened."""
    first = page.locator("[data-party]").nth(0)
    first.get_by_label("姓名或名称").fill("岳某某")
    first.get_by_label("联系电话").fill("13847500001")
    accused = page.locator("[data-party]").nth(1)
    accused.get_by_label("姓名或名称").fill("付德柱")
    accused.locator("summary").click()
    accused.get_by_label("身份").select_option("accused")
    accused.get_by_label("被反映人所在单位").fill("五家子村综治中心")
    page.get_by_label("事情经过").fill("付德柱克扣低保金，要求查清退还。")
    pick(page, "发生地", "五家子村")
    pick(page, "纠纷类别", "1502")
    shot(page, "register-complaint-1366")
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    return str(Case.objects.get().code)


def to_the_unit(sorter: Page, why: str) -> None:
    """Accepted, given to the county's unit by decision, and handed to it."""
    act(sorter, "受理")
    confirm(sorter)
    act(sorter, "决定由谁办理")
    sorter.locator("#sheet").get_by_label("由谁办理").select_option("designated")
    sorter.locator("#sheet").get_by_label("理由").fill(why)
    confirm(sorter)
    act(sorter, "交办")
    pick(sorter, "承办单位", "纪委监委")
    confirm(sorter)


def answered(unit: Page, said: str) -> None:
    """The unit signs for it and says what it found."""
    act(unit, "签收")
    confirm(unit)
    act(unit, "反馈办理结果")
    unit.get_by_label("办理结果", exact=True).select_option(index=1)
    unit.locator("#sheet").get_by_label("办理情况").fill(said)
    confirm(unit)


def test_a_complaint_against_a_village_head_to_its_end(sign_in: Login, town: Ground, complaints: list[str]) -> None:
    inspector = the_unit(town)
    head, worker = Village(sign_in(town.village_manager), PAGES), Village(sign_in(town.grid_worker), OF_ALL)

    def nobody_of_the_village_sees_it() -> None:
        head.sees_nothing_of(code)
        worker.sees_nothing_of(code)
        assert code in sorter.request.get("/api/v1/changes/").text()

    window = sign_in(town.clerk, "/cases/new/")
    code = register(window)
    address = f"/cases/{code}/"
    sorter = sign_in(town.dispatcher, address)
    nobody_of_the_village_sees_it()

    to_the_unit(sorter, "涉及村主要负责人")
    nobody_of_the_village_sees_it()

    answered(sign_in(inspector, address), "已查清，退还低保金。")
    nobody_of_the_village_sees_it()

    sorter.goto(address)
    act(sorter, "审核办结")
    confirm(sorter)
    assert Case.objects.get().status == "closed"
    nobody_of_the_village_sees_it()

    applicant = Case.objects.get().parties.get(role="principal")
    token = window.locator("[name=csrfmiddlewaretoken]").first.input_value()
    paper = window.request.post(f"{address}receipt/{applicant.uid}/", form={"csrfmiddlewaretoken": token})
    said = paper.text()
    assert "岳某某" in said
    assert not [word for word in ("付德柱", "五家子", "纪委") if word in said]

    follow_up(sorter, "一般", "无履行内容")
    archive(sorter)
    assert Case.objects.get().status == "archived"
    nobody_of_the_village_sees_it()


def test_a_complaint_against_a_police_station_is_seen_by_nobody_who_serves_there(
    sign_in: Login, town: Ground, complaints: list[str]
) -> None:
    inspector = the_unit(town)
    officer = create_user(username="officer", name="包警官")
    post_person(officer, town.juri_police, Role.HANDLER, starts_on=STARTS)
    station = Village(sign_in(officer), OF_ALL)

    window = sign_in(town.clerk, "/cases/new/")
    first = window.locator("[data-party]").nth(0)
    first.get_by_label("姓名或名称").fill("岳某某")
    first.get_by_label("联系电话").fill("13847500001")
    accused = window.locator("[data-party]").nth(1)
    accused.locator("summary").click()
    accused.get_by_label("类型", exact=True).select_option("organisation")
    accused.get_by_label("姓名或名称").fill("巨日合镇派出所")
    accused.get_by_label("身份").select_option("accused")
    accused.get_by_label("被反映人所在单位").fill("巨日合镇派出所")
    window.get_by_label("事情经过").fill("反映派出所出警不及时、克扣低保证明。")
    pick(window, "发生地", "五家子村")
    pick(window, "纠纷类别", "1502")
    window.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(window.get_by_text("已登记，编号")).to_be_visible()
    code = str(Case.objects.get().code)
    station.sees_nothing_of(code)

    sorter = sign_in(town.dispatcher, f"/cases/{code}/")
    to_the_unit(sorter, "反映派出所，由指定单位办理")
    answered(sign_in(inspector, f"/cases/{code}/"), "已查清，责令整改。")
    sorter.goto(f"/cases/{code}/")
    act(sorter, "审核办结")
    confirm(sorter)
    follow_up(sorter, "一般", "无履行内容")
    archive(sorter)
    assert Case.objects.get().status == "archived"
    station.sees_nothing_of(code)
