"""Story 12: what lives on. A red case merged into a blue one and split off again; a village merged, its old name found,
its cases handed on; a leader, a mediator and a signatory who leave; one clerk at two centres."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids.actions import people, post_person
from grids.models import Organisation, OrganisationKind, Posting, Role, Territory
from intake import actions
from intake.models import Case, Merger
from intake.queries.at_rest import broken_rests
from mediation.models import Mediation, Mediator
from referrals.models import Document
from tests.grids.field import GRID, OTHER_VILLAGE, VILLAGE
from tests.intake import ways
from tests.journeys.conftest import NARROW, WIDE, Login, shot
from tests.journeys.steps import act, confirm, pick
from tests.journeys.test_every_page import NOTHING, check
from tests.mediation import ways as talks
from tests.people import STARTS, Ground, an_entry
from tests.referrals import ways as papers
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.notices.actions import deliver_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def risk(page: Page) -> str:
    return page.locator(".dossier-head .risk").inner_text()


def state(page: Page) -> str:
    return page.locator(".dossier-head .mark").first.inner_text()


def leaders(page: Page) -> Page:
    return page.locator("section", has=page.get_by_role("heading", name="领导包案", exact=True))  # type: ignore[return-value]


def test_a_red_case_is_merged_into_a_blue_one_and_split_off_again(sign_in: Login, town: Ground) -> None:
    blue = ways.handling(town)
    red = ways.registered(town, title="扬言点火", risk="red")
    assert (blue.risk, red.leaders_in_charge.get(until=None).leader) == ("blue", town.leader)

    page = sign_in(town.dispatcher, f"/cases/{red.code}/")
    act(page, "并案")
    pick(page, "并入哪件案件", str(blue.code))
    page.locator("#sheet").get_by_label("理由").fill("同一块地")
    confirm(page)
    expect(page.locator(".dossier-head .mark").first).to_have_text("已并案")
    shot(page, "living-merged-1366")
    page.goto(f"/cases/{blue.code}/")
    assert (risk(page), state(page)) == ("红色风险", "办理中")
    expect(leaders(page)).to_contain_text("陈志强")  # type: ignore[arg-type]
    expect(page.get_by_text("已并入本案")).to_be_visible()
    shot(page, "living-merged-into-1366")
    assert check(page) == NOTHING

    # who handles the blue case hears of it, sees that it is red now, and reads what was merged in
    deliver_due(timezone.now())
    handler = sign_in(town.handler, "/notices/")
    expect(handler.get_by_text(f"并入案件 {red.code}").first).to_be_visible()
    handler.goto(f"/cases/{blue.code}/")
    assert risk(handler) == "红色风险"
    handler.locator("section", has=handler.get_by_role("heading", name="相关案件")).get_by_role("link").first.click()
    expect(handler.locator(".dossier-head .code")).to_contain_text(str(red.code))
    expect(handler.locator(".dossier-head .mark").first).to_have_text("已并案")

    merger = Merger.objects.get()
    assert (merger.case_id, merger.target_id, merger.undone_at) == (red.pk, blue.pk, None)
    assert not red.leaders_in_charge.filter(until=None).exists()
    assert Case.objects.get(pk=blue.pk).leaders_in_charge.get(until=None).leader == town.leader
    assert list(broken_rests()) == []

    # it was another matter after all
    page.goto(f"/cases/{red.code}/")
    act(page, "撤销并案")
    page.locator("#sheet").get_by_label("理由").fill("是另一块地")
    confirm(page)
    assert (risk(page), state(page)) == ("红色风险", "已登记")
    expect(leaders(page)).to_contain_text("现任")  # type: ignore[arg-type]
    page.goto(f"/cases/{blue.code}/")
    expect(page.get_by_text("曾并入，已撤销")).to_be_visible()
    expect(page.get_by_text("是另一块地").first).to_be_visible()
    page.set_viewport_size(NARROW)
    shot(page, "living-split-360")
    assert check(page) == NOTHING
    deliver_due(timezone.now())
    handler.goto("/notices/")
    expect(handler.get_by_text(str(red.code)).first).to_be_visible()

    merger.refresh_from_db()
    red = Case.objects.get(pk=red.pk)
    assert (merger.undone_by, merger.undo_reason) == (town.dispatcher, "是另一块地")
    assert (red.status, red.risk, red.merged_into) == ("registered", "red", None)
    assert red.leaders_in_charge.get(until=None).leader == town.leader
    assert red.clocks.filter(stopped_at=None, paused_at=None).exists()
    assert {"case_merged", "case_split"} <= {entry.verb for entry in trail_of(red)}
    assert list(broken_rests()) == []


def test_a_village_is_merged_its_old_name_is_found_and_its_cases_are_handed_on(sign_in: Login, town: Ground) -> None:
    centre = Organisation.objects.create(
        name="五道河子村综治中心",
        short_name="五道河子村综治中心",
        kind=OrganisationKind.CENTRE,
        territory=town.places[OTHER_VILLAGE],
        starts_on=STARTS,
    )
    head = create_user(username="other_head", name="孟根")
    post_person(head, centre, Role.MANAGER, starts_on=STARTS)
    old = actions.register_case(an_entry(territory=GRID), actor=town.village_manager)
    assert old.centre == town.village_centre

    # the county's manager is told what is open there, and merges
    page = sign_in(town.manager, "/grids/merge/?town=150526103")
    row = page.locator("label", has_text=VILLAGE)
    expect(row).to_contain_text("在办案件 1 件")
    assert check(page) == NOTHING
    shot(page, "living-merge-1366")
    row.get_by_role("checkbox").check()
    page.get_by_label("并入", exact=True).select_option(OTHER_VILLAGE)
    page.get_by_label("批准依据（文号）").fill("扎政发〔2026〕12号")
    page.get_by_label("已核对批准文件").check()
    page.get_by_role("button", name="今天起撤并").click()
    expect(page.get_by_text("五家子村已并入巨日合镇五道河子村").or_(page.get_by_text("已并入")).first).to_be_visible()
    village = Territory.objects.get(code=VILLAGE)
    assert (village.current_code, village.ends_on) == (OTHER_VILLAGE, timezone.localdate())

    # who goes on with it hears how much there is, and takes it up
    deliver_due(timezone.now())
    next_one = sign_in(head, "/notices/")
    notice = next_one.get_by_text("请接续办理").first
    expect(notice).to_be_visible()
    expect(next_one.get_by_text("在办案件 1 件").first).to_be_visible()
    shot(next_one, "living-merge-told-1366")
    next_one.goto(f"/cases/?territory={VILLAGE}")
    next_one.get_by_role("link", name="土地少三垄").first.click()
    act(next_one, "受理")
    confirm(next_one)
    assert state(next_one) == "已受理"

    # at the window the old name still leads to the place, and the person is known from before the merger
    clerk = sign_in(town.town_clerk, "/cases/new/")
    clerk.locator("[data-party]").first.get_by_label("姓名或名称").fill("岳某某")
    clerk.get_by_label("发生地", exact=False).first.click()
    clerk.keyboard.type("五家子村")
    line = clerk.locator(".picker-list:not([hidden]) [role=option]", has_text="原巨日合镇五家子村").first
    expect(line).to_contain_text("巨日合镇五道河子村")
    shot(clerk, "living-old-name-1366")
    line.click()
    first = clerk.locator("[data-party]").first
    expect(first.get_by_role("list", name="此前的案件")).to_contain_text(str(old.code))
    shot(clerk, "living-known-before-1366")
    assert check(clerk) == NOTHING

    old = Case.objects.get(pk=old.pk)
    assert (old.status, old.territory.code if old.territory else "") == ("accepted", GRID), "history is not rewritten"
    assert [entry.actor.username for entry in trail_of(old) if entry.actor][-1] == "other_head"
    assert Posting.objects.get(user=town.village_manager, ends_on=None).organisation == centre


def leaves(user: User, town: Ground) -> None:
    """The system administrator ends the post as of today."""
    post = Posting.objects.get(user=user, ends_on=None)
    people.end_post(post, ends_on=timezone.localdate(), actor=town.system_admin)


def test_a_leader_a_mediator_and_a_signatory_leave_and_each_is_replaced(sign_in: Login, town: Ground) -> None:
    red = ways.registered(town, title="扬言点火", risk="red")
    letter = papers.draft(town)
    house = talks.a_house(town)
    mediation = talks.opened(town, house)
    page = sign_in(town.dispatcher, "/")
    expect(page.get_by_text("离任待补")).to_be_hidden()
    for gone in (town.leader, town.manager, town.town_mediator):
        leaves(gone, town)

    # the county's dispatcher is told what waits
    page.goto("/")
    expect(page.get_by_role("link", name="2 离任待补")).to_be_visible()
    shot(page, "living-home-1366")
    page.get_by_role("link", name="2 离任待补").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="包案领导")).to_contain_text("陈志强")
    expect(rows.filter(has_text="签发人")).to_contain_text("李建国")
    assert check(page) == NOTHING
    shot(page, "living-vacancies-1366")
    page.set_viewport_size(NARROW)
    shot(page, "living-vacancies-360")
    assert check(page) == NOTHING
    page.set_viewport_size(WIDE)

    # another leader is named
    leader = create_user(username="leader_2", name="白领导")
    post_person(leader, town.politics_and_law, Role.LEADER, starts_on=STARTS)
    rows.filter(has_text="包案领导").get_by_role("link", name="另行指定包案领导").click()
    act(page, "指定包案领导")
    page.locator("#sheet").get_by_label("包案领导").select_option(label="白领导")
    page.locator("#sheet").get_by_label("说明").fill("原包案领导调离")
    confirm(page)
    expect(leaders(page)).to_contain_text("白领导")  # type: ignore[arg-type]
    page.goto("/vacancies/")
    expect(rows).to_have_count(1)

    # a new head signs what waited
    manager = create_user(username="manager_2", name="王主任")
    post_person(manager, town.county_centre, Role.MANAGER, starts_on=timezone.localdate())
    page.goto("/vacancies/")
    expect(page.get_by_text("没有等待接替的岗位")).to_be_visible()
    signer = sign_in(manager, f"/documents/{letter.uid}/")
    expect(signer.get_by_role("button", name="签发").first.or_(signer.get_by_text("送审").first)).to_be_visible()

    # the town's dispatcher finds another mediator
    sorter = sign_in(town.town_dispatcher, "/vacancies/")
    line = sorter.locator("tbody tr", has_text="调解员")
    expect(line).to_contain_text("乌云")
    line.get_by_role("link", name="更换调解员").click()
    sorter.locator(".dossier-acts").get_by_text("更多").click()
    sorter.get_by_role("button", name="更换调解员").click()
    sheet = sorter.locator("#sheet")
    sheet.get_by_label("更换哪位").select_option(label="乌云")
    sheet.get_by_label("接替的调解员").select_option(str(Mediator.objects.get(name="付德柱").pk))
    sheet.get_by_label("原因").fill("原调解员调离")
    shot(sorter, "living-mediator-1366")
    sheet.locator(".sheet-foot .btn-primary").click()
    expect(sorter.locator("dl.facts")).to_contain_text("付德柱")
    sorter.goto("/vacancies/")
    expect(sorter.get_by_text("没有等待接替的岗位")).to_be_visible()

    assert [(r.leader, r.until is None) for r in red.leaders_in_charge.order_by("since")] == [
        (town.leader, False),
        (leader, True),
    ]
    assert list(Mediation.objects.get(pk=mediation.pk).mediators.values_list("name", flat=True)) == ["付德柱"]
    assert trail_of(mediation.case).filter(verb="mediator_exchanged").count() == 1
    assert Document.objects.get(pk=letter.pk).issuer == town.county_centre


def register(page: Page, text: str) -> None:
    """A walk-in, typed."""
    page.locator("[data-party]").first.get_by_label("姓名或名称").fill("岳某某")
    page.get_by_label("事情经过").fill(text)
    pick(page, "发生地", "五家子")
    pick(page, "纠纷类别", "0901")


def test_one_clerk_at_two_centres_chooses_and_reviews_nothing_of_her_own(sign_in: Login, town: Ground) -> None:
    clerk = town.clerk
    post_person(clerk, town.juri_centre, Role.CLERK, starts_on=STARTS)
    post_person(clerk, town.juri_centre, Role.DISPATCHER, starts_on=STARTS)
    page = sign_in(User.objects.get(pk=clerk.pk), "/")
    expect(page.get_by_text("巨日合镇综治中心").first).to_be_visible()
    page.get_by_role("link", name="登记案件").first.click()
    choice = page.get_by_label("在哪个中心登记")
    expect(choice).to_have_value("")
    shot(page, "living-two-centres-1366")
    assert check(page) == NOTHING
    register(page, "自家土地少了3垄，怀疑邻地农户多种。")
    choice.select_option(label="巨日合镇综治中心")
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    case = Case.objects.get()
    assert (case.centre, case.tier, case.created_by) == (town.juri_centre, "town", clerk)

    # the next one starts where the last was registered; she is at the county this time
    page.goto("/cases/new/")
    expect(page.get_by_label("在哪个中心登记")).to_have_value(str(town.juri_centre.pk))
    register(page, "邻居的羊啃了苗。")
    page.get_by_label("在哪个中心登记").select_option(label="旗综治中心")
    page.set_viewport_size(NARROW)
    shot(page, "living-two-centres-360")
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    county = Case.objects.exclude(pk=case.pk).get()
    assert (county.centre, county.tier) == (town.county_centre, "county")

    # at the town she sorts, handles and reports; what she reported is reviewed by somebody else
    page.goto(f"/cases/{case.code}/")
    act(page, "受理")
    confirm(page)
    act(page, "中心自办")
    confirm(page)
    act(page, "反馈办理结果")
    page.get_by_label("办理结果", exact=True).select_option("peoples_mediation")
    page.locator("#sheet").get_by_label("办理情况").fill("双方重新丈量，握手言和。")
    confirm(page)
    expect(page.get_by_role("button", name="审核办结")).to_have_count(0)
    shot(page, "living-own-report-1366")
    page.goto("/")
    expect(page.locator("#due-next").get_by_text("待审核")).to_have_count(0)
    other = sign_in(town.town_dispatcher, "/")
    other.locator("#due-next tr", has_text="待审核").get_by_role("link").first.click()
    act(other, "审核办结")
    confirm(other)
    assert state(other) == "已办结"
    closed = trail_of(case).filter(verb="case_closed").get()
    assert (closed.actor, "own_report" in closed.facts) == (town.town_dispatcher, False)
    assert timezone.now() - Case.objects.get(pk=case.pk).closed_at < timedelta(days=1)  # type: ignore[operator]
