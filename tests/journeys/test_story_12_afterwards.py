"""Story 12, what comes to light afterwards: a wrong name and number found in the archive; a case taken up again after
its village was merged; one person at two windows in one minute."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids.actions import merge_villages, post_person
from grids.models import Organisation, OrganisationKind, Role
from intake import actions
from intake.lifecycle import State
from intake.models import Case
from intake.queries.at_rest import broken_rests
from tests.grids.field import OTHER_VILLAGE, VILLAGE
from tests.intake import ways
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import act, archive, confirm, follow_up, pick
from tests.journeys.test_every_page import NOTHING, check
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.notices.actions import deliver_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RIGHT = "152326197001012414"


def state(page: Page) -> str:
    return page.locator(".dossier-head .mark").first.inner_text()


def test_a_wrong_name_and_number_found_in_the_archive_are_mended_without_a_new_case(
    sign_in: Login, town: Ground, complaints: list[str]
) -> None:
    case = ways.in_state(town, State.ARCHIVED)
    page = sign_in(town.clerk, f"/cases/{case.code}/")
    page.locator(".dossier-acts summary").click()
    page.get_by_role("link", name="更正登记内容").click()
    first = page.locator("[data-party]").first
    first.get_by_label("姓名或名称").fill("岳某甲")
    first.get_by_label("证件号码").fill(RIGHT)
    page.get_by_role("button", name="保存更正 Ctrl+Enter").click()
    expect(page.get_by_text("更正已登记的内容，请填写更正理由").first).to_be_visible()
    assert all("422" in text for text in complaints)
    complaints.clear()  # nothing without a reason: a refused form is what was asked for
    page.get_by_label("更正理由").fill("当事人出示身份证，姓名、号码录错")
    shot(page, "archived-correction-1366")
    with page.expect_navigation():
        page.get_by_role("button", name="保存更正 Ctrl+Enter").click()
    assert state(page) == "已归档"
    expect(page.get_by_text("岳某甲").first).to_be_visible()
    expect(page.get_by_text("当事人出示身份证，姓名、号码录错").first).to_be_visible()
    page.get_by_role("button", name="查看更正前后").click()
    page.locator("#sheet").get_by_label("用途").select_option("identity")
    page.locator("#sheet").get_by_label("理由").fill("核对更正前后")
    page.locator("#sheet .btn-primary").click()
    expect(page.locator("#sheet del").first).to_be_visible()
    shot(page, "archived-correction-opened-1366")
    page.goto("/cases/?q=岳某甲")
    expect(page.get_by_role("link", name=case.title).first).to_be_visible()
    page.goto(f"/cases/?q={RIGHT}")
    expect(page.get_by_role("link", name=case.title).first).to_be_visible()

    assert Case.objects.count() == 1
    party = Case.objects.get().parties.get(role="principal", side="applicant")
    assert (party.name, party.paper_number) == ("岳某甲", RIGHT)
    facts = trail_of(case).filter(verb="case_amended").get().facts
    assert facts["party_fields"] == ["name", "paper_number"]
    assert RIGHT not in str(facts)
    assert list(verify(Counts())) == []


def test_a_case_is_taken_up_again_after_its_village_was_merged_and_archived_by_the_other(
    sign_in: Login, town: Ground
) -> None:
    case = actions.register_case(an_entry(), actor=town.village_manager)
    actions.accept_case(case, actor=town.village_manager)
    actions.take_up_case(case, actor=town.village_manager)
    actions.report_outcome(case, ways.REPORT, actor=town.village_manager)
    actions.close_case(case, actor=town.village_manager)
    centre = Organisation.objects.create(
        name="五道河子村综治中心", short_name="五道河子村综治中心", kind=OrganisationKind.CENTRE,
        territory=town.places[OTHER_VILLAGE], starts_on=STARTS,
    )  # fmt: skip
    head = create_user(username="other_head", name="孟根")
    post_person(head, centre, Role.MANAGER, starts_on=STARTS)
    merge_villages([town.places[VILLAGE]], town.places[OTHER_VILLAGE], actor=town.manager, basis="扎政发〔2026〕12号")

    page = sign_in(head, f"/cases/?territory={VILLAGE}")
    page.get_by_role("link", name=case.title).first.click()
    assert state(page) == "已办结"
    act(page, "重办")
    page.locator("#sheet").get_by_label("理由").fill("协议未履行，群众再次反映")
    confirm(page)
    assert state(page) == "办理中"
    shot(page, "reopened-after-merger-1366")
    act(page, "反馈办理结果")
    page.get_by_label("办理结果", exact=True).select_option("peoples_mediation")
    page.locator("#sheet").get_by_label("办理情况").fill("已重新丈量并归还。")
    confirm(page)
    before = sign_in(town.village_manager, f"/cases/{case.code}/")  # his post went along; nobody reviews the own report
    act(before, "审核办结")
    confirm(before)
    page.reload()
    follow_up(page)
    archive(page)
    page.set_viewport_size(NARROW)
    shot(page, "reopened-archived-360")
    assert check(page) == NOTHING
    case = Case.objects.select_related("territory").get(pk=case.pk)
    assert (case.status, case.territory.code if case.territory else "") == ("archived", VILLAGE), "history stays"
    assert list(broken_rests()) == []
    assert list(verify(Counts())) == []


def filled(page: Page) -> Page:
    first = page.locator("[data-party]").first
    first.get_by_label("姓名或名称").fill("岳某某")
    first.get_by_label("证件号码").fill("152327196503152419")
    page.get_by_label("事情经过").fill("自家土地少了3垄，怀疑邻地农户多种。")
    pick(page, "发生地", "五家子")
    pick(page, "纠纷类别", "0901")
    return page


def test_one_person_at_two_windows_in_one_minute_is_one_case_in_the_end(sign_in: Login, town: Ground) -> None:
    county, juri = (filled(sign_in(who, "/cases/new/")) for who in (town.clerk, town.town_clerk))
    for page in (juri, county):
        page.get_by_role("button", name="登记 Ctrl+Enter").click()
        expect(page.get_by_text("已登记，编号")).to_be_visible()
    first, second = Case.objects.order_by("pk")
    expect(county.get_by_text(str(first.code)).first).to_be_visible()
    shot(county, "two-windows-1366")
    assert check(county) == NOTHING
    deliver_due(timezone.now())
    told = sign_in(town.town_dispatcher, "/notices/")
    expect(told.get_by_text("同一当事人或同一事项今天又在旗综治中心登记").first).to_be_visible()

    act(county, "并案")
    pick(county, "并入哪件案件", str(first.code))
    county.locator("#sheet").get_by_label("理由").fill("同一人同一事")
    confirm(county)
    assert state(county) == "已并案"
    told.goto(f"/cases/{first.code}/")
    expect(told.get_by_text(str(second.code)).first).to_be_visible()
    act(told, "受理")
    confirm(told)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.merged_into) == ("accepted", "merged", first)
    assert first.parties.count() == 1
    assert list(broken_rests()) == []
