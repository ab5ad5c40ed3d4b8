"""Story 2: 岳某's land is short by three ridges. Window, dispatcher, 巨日合镇司法所, review, closed: all by pages."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from intake.models import Case
from tests.intake.ways import concluded
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import act, confirm, pick
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_window_to_the_closed_file(sign_in: Login, town: Ground, tmp_path: Path) -> None:
    photo = tmp_path / "丈量.png"
    Image.new("RGB", (64, 48), "green").save(photo)

    clerk = sign_in(town.clerk, "/cases/new/")
    first, second = clerk.locator("[data-party]").all()
    first.get_by_label("证件号码").fill("152327196503152419")
    first.get_by_label("姓名或名称").fill("岳某某")
    second.get_by_label("姓名或名称").fill("付某")
    clerk.locator("[data-add-party=respondent]").click()
    third = clerk.locator("[data-party]").nth(2)
    third.get_by_label("姓名或名称").fill("徐某")
    clerk.get_by_label("事情经过").fill("自家土地少了3垄，怀疑邻地农户多种。")
    pick(clerk, "发生地", "五家子")
    pick(clerk, "纠纷类别", "0901")
    clerk.get_by_role("button", name="登记 Ctrl+Enter").click()
    expect(clerk.get_by_text("已登记，编号")).to_be_visible()
    case = Case.objects.get()
    address = f"/cases/{case.code}/"
    clerk.set_input_files("#file", str(photo))
    clerk.get_by_role("button", name="上传", exact=True).click()
    expect(clerk.get_by_role("link", name="丈量.png", exact=True)).to_be_visible()

    dispatcher = sign_in(town.dispatcher)
    shot(dispatcher, "home-dispatcher-1366")
    dispatcher.get_by_role("link", name=re.compile("岳.*纠纷")).click()
    shot(dispatcher, "dossier-registered-1366")
    act(dispatcher, "受理")
    shot(dispatcher, "dialog-accept-1366")
    confirm(dispatcher)
    act(dispatcher, "交办")
    pick(dispatcher, "承办单位", "司法所")
    dispatcher.get_by_label("交办要求").fill("请会同村委会按台账重新丈量。")
    shot(dispatcher, "dialog-dispatch-1366")
    confirm(dispatcher)

    handler = sign_in(town.town_handler, "/", NARROW)
    shot(handler, "home-handler-360")
    handler.get_by_role("link", name=re.compile("岳.*纠纷")).click()
    act(handler, "签收")
    confirm(handler)
    act(handler, "反馈办理结果")
    handler.get_by_label("办理结果", exact=True).select_option("peoples_mediation")
    handler.locator("#sheet").get_by_label("办理情况").fill("付某退回1垄，徐某退回2垄，当场签字。")
    shot(handler, "dialog-outcome-360")
    confirm(handler)
    shot(handler, "dossier-handler-360")

    dispatcher.goto(address)
    act(dispatcher, "审核办结")
    confirm(dispatcher)
    expect(dispatcher.locator(".dossier-head .mark").first).to_have_text("已办结")
    shot(dispatcher, "dossier-closed-2-1366")

    case.refresh_from_db()
    assert (case.status, case.solved_tier) == ("closed", "county")
    verbs = [entry.verb for entry in trail_of(case)]
    assert [v for v in verbs if v != "file_attached"] == [
        "case_registered",
        "case_accepted",
        "case_dispatched",
        "case_signed_for",
        "outcome_reported",
        "case_closed",
    ]
    assert "file_attached" in verbs
    assert list(verify(Counts())) == []
    assert case.parties.count() == 3


def test_two_who_act_at_once_the_second_is_told_and_loses_no_text(
    sign_in: Login, town: Ground, complaints: list[str]
) -> None:
    case = concluded(town)
    one, two = sign_in(town.dispatcher, f"/cases/{case.code}/"), sign_in(town.manager, f"/cases/{case.code}/")
    act(two, "审核退回")
    two.get_by_label("理由").fill("缺少丈量照片。")
    act(one, "审核办结")
    confirm(one)
    with two.expect_response(lambda r: r.status in (409, 412, 422)):
        two.locator("#sheet .sheet-foot .btn-primary").click()
    expect(two.get_by_text("已有人更新过")).to_be_visible()
    expect(two.get_by_label("理由")).to_have_value("缺少丈量照片。")
    assert all("422" in text for text in complaints)
    complaints.clear()  # a refused form is what was asked for
