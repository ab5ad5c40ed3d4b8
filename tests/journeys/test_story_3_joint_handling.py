"""Story 3: 王某 of 五家子村 breaks a neighbour's scooter three times. Police to the town centre, joint handling by four
organisations, the guardian's consent, transfer to hospital, the special-care mark: all by pages."""

import pytest
from playwright.sync_api import Page, expect

from grids.actions import post_person
from grids.models import Organisation, OrganisationKind, Role
from intake import actions as cases
from intake.models import Case
from referrals.models import CareRecord, Document
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import act, confirm
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def more_people(town: Ground) -> dict[str, User]:
    """The village doctor's clinic, civil affairs and an officer of the police station."""
    found = {}
    for key, name, kind, person in (
        ("clinic", "五家子村卫生室", OrganisationKind.DEPARTMENT, "包村医"),
        ("civil", "民政局", OrganisationKind.DEPARTMENT, "白干事"),
        ("officer", "", OrganisationKind.POLICE_STATION, "巴警官"),
    ):
        place = town.places["150526103200" if key == "clinic" else "150526"]
        organisation = town.juri_police if key == "officer" else Organisation.objects.create(
            name=name, short_name=name, kind=kind, territory=place, starts_on=STARTS
        )  # fmt: skip
        found[key] = create_user(username=key, name=person)
        post_person(found[key], organisation, Role.HANDLER, starts_on=STARTS)
    return found


def choose(page: Page, label: str, text: str) -> None:
    """Type into a picker of the dialog and take its first line."""
    page.locator("#sheet").get_by_label(label, exact=True).click()
    page.keyboard.type(text)
    page.locator("#sheet .picker-list:not([hidden]) [role=option]").first.click()


def report_part(page: Page, address: str, said: str) -> None:
    page.goto(address)
    act(page, "反馈协办情况")
    page.locator("#sheet").get_by_label("协办情况").fill(said)
    confirm(page)


def test_four_organisations_consent_and_transfer(sign_in: Login, town: Ground, complaints: list[str]) -> None:
    people = more_people(town)
    entry = an_entry(title="王某三次砸坏邻居电动车", narrative="王某第三次砸坏邻居电动车，情绪异常。", category="0201")
    case = cases.register_case(entry, actor=town.town_clerk)
    cases.accept_case(case, actor=town.town_dispatcher)
    address = f"/cases/{case.code}/"

    manager = sign_in(town.town_manager, address)
    act(manager, "交办")
    choose(manager, "承办单位（主办） 必填", "派出所")
    manager.get_by_label("交办要求").fill("请牵头联动处置，防止再次伤人毁物。")
    manager.get_by_text("协办单位（多部门联动）").click()
    for at, name in ((1, "卫生室"), (2, "民政"), (3, "五家子村综治")):
        choose(manager, f"协办单位 {at}", name)
    shot(manager, "dialog-joint-dispatch-1366")
    confirm(manager)
    assert Document.objects.filter(case=case, number__isnull=False).count() == 4
    shot(manager, "dossier-joint-1366")

    officer = sign_in(people["officer"], "/documents/mine/", NARROW)
    shot(officer, "my-slips-360")
    officer.get_by_role("link", name="关于办理").click()
    shot(officer, "document-slip-360")
    officer.locator(".dossier-acts").get_by_role("button", name="签收", exact=True).click()
    confirm(officer)
    for who in (people["clinic"], people["civil"], town.village_manager):
        page = sign_in(who, address)
        act(page, "签收协办")
        confirm(page)
        page.context.close()

    manager.goto(address)
    act(manager, "登记特殊关爱")
    manager.locator("#sheet").get_by_label("危险性评估").select_option("3")
    manager.locator("#sheet").get_by_text("巨日合镇派出所").click()
    confirm(manager)
    act(manager, "记录联席会议")
    sheet = manager.locator("#sheet")
    sheet.get_by_label("会议时间").fill("2026-11-20T09:00")
    sheet.get_by_label("地点").fill("镇综治中心会议室")
    sheet.get_by_label("议定事项").fill("送医诊治；落实救助；每周走访。")
    for at, (label, what) in enumerate((("派出所", "护送就医"), ("民政局", "落实临时救助"), ("卫生室", "每周走访")), 1):
        options = sheet.get_by_label(f"承担单位 {at}")
        options.select_option(value=options.locator("option", has_text=label).get_attribute("value"))
        sheet.get_by_label(f"任务 {at}", exact=True).fill(what)
    shot(manager, "dialog-meeting-1366")
    confirm(manager)
    act(manager, "下达联动任务")
    options = sheet.get_by_label("由哪个单位完成")
    options.select_option(value=options.locator("option", has_text="派出所").get_attribute("value"))
    sheet.get_by_label("任务", exact=False).first.fill("转送旗精神卫生中心")
    sheet.get_by_label("类别").select_option("transfer")
    confirm(manager)

    officer.goto(address)
    expect(officer.get_by_role("button", name="完成：护送就医")).to_be_visible()
    expect(officer.get_by_role("button", name="完成：转送旗精神卫生中心")).to_have_count(0)
    expect(officer.get_by_text("待监护人同意")).to_be_visible()
    officer.goto(f"{address}care/")
    officer.get_by_label("查看理由").fill("护送就医前登记监护人同意")
    officer.get_by_role("button", name="查看").click()
    officer.get_by_label("监护人姓名").fill("王某兄")
    officer.get_by_label("与本人关系").fill("兄")
    shot(officer, "care-360")
    officer.get_by_role("button", name="登记同意").click()
    expect(officer.get_by_text("已登记。")).to_be_visible()
    officer.goto(address)
    for what, said in (("转送旗精神卫生中心", "已送旗精神卫生中心住院"), ("护送就医", "已护送")):
        officer.get_by_role("button", name=f"完成：{what}").click()
        officer.locator("#sheet textarea").fill(said)
        officer.locator("#sheet .btn-primary").click()
        expect(officer.get_by_text("已完成任务")).to_be_visible()
    for who, what, said in (
        (people["civil"], "落实临时救助", "已发放救助金"),
        (people["clinic"], "每周走访", "已排班"),
    ):
        page = sign_in(who, address)
        page.get_by_role("button", name=f"完成：{what}").click()
        page.locator("#sheet textarea").fill(said)
        page.locator("#sheet .btn-primary").click()
        expect(page.get_by_text("已完成任务")).to_be_visible()
        report_part(page, address, said)
        page.context.close()

    officer.goto(address)
    expect(officer.get_by_text("协办单位还没有反馈：五家子村综治中心")).to_be_visible()
    village = sign_in(town.village_manager, address)
    report_part(village, address, "邻里已安抚")
    officer.goto(address)
    act(officer, "反馈办理结果")
    officer.get_by_label("办理结果", exact=True).select_option("settlement")
    officer.locator("#sheet").get_by_label("办理情况").fill("已赔偿并送医，家属陪护。")
    confirm(officer)
    manager.goto(address)
    act(manager, "审核办结")
    confirm(manager)
    shot(manager, "dossier-joint-closed-1366")

    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.solved_tier) == ("closed", "town")
    assert CareRecord.objects.get(case=case).consents.count() == 1
    verbs = [entry.verb for entry in trail_of(case)]
    assert verbs.count("care_record_opened") == 1
    assert verbs.count("task_done") == 4
    assert verbs.count("part_reported") == 3
    assert list(verify(Counts())) == []
    assert all("422" in text for text in complaints)
    complaints.clear()  # refused forms are what was asked for
