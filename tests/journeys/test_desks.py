"""A morning of the security administrator, and one of the auditor."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from intake.verbs import Verb as Cases
from tests.intake import ways
from tests.journeys.conftest import Login, shot
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground
from workbench.auditing.sweep import sweep_alerts
from zhongzhi.audit.actions import record
from zhongzhi.audit.verify import work_on_checks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_security_administrator_unlocks_and_gives_a_one_time_password(sign_in: Login, town: Ground) -> None:
    for _ in range(5):
        Client().post("/login/", {"username": "clerk", "password": "wrong"})
    page = sign_in(town.security_admin, "/")
    shot(page, "desk-security-home")
    page.get_by_role("link", name="锁定中").click()
    page.get_by_role("button", name="解除锁定").click()
    page.get_by_label("理由").fill("本人来电，已核对身份")
    page.keyboard.press("Enter")
    expect(page.get_by_text("现在没有锁定的用户名")).to_be_visible()
    page.get_by_role("link", name="账号", exact=True).click()
    shot(page, "desk-security-accounts")
    row = page.get_by_role("row").filter(has_text="包萨仁")
    row.get_by_role("button", name="一次性密码").click()
    page.get_by_label("理由").fill("忘记密码，已当面核对")
    page.keyboard.press("Enter")
    given = page.locator("#one-time-password").inner_text()
    page.get_by_role("button", name="已交给本人").click()
    browser = Client()
    browser.post("/login/", {"username": "clerk", "password": given})
    assert browser.get("/")["Location"] == "/account/password/"


@pytest.mark.parametrize("name", ["accounts", "locks", "sessions", "events", "dormant", "rules", "clients"])
def test_pages_of_the_security_administrator(name: str, sign_in: Login, town: Ground) -> None:
    page = sign_in(town.security_admin, f"/security/{name}/")
    shot(page, f"desk-security-{name}")
    assert check(page) == NOTHING


def test_the_auditor_follows_an_alert_to_the_trail_and_notes_what_it_came_to(sign_in: Login, town: Ground) -> None:
    case = ways.handling(town)
    with transaction.atomic():
        for _ in range(31):
            record(town.clerk, Cases.REVEALED, case, party=1, reason="回访")
    sweep_alerts(timezone.now())
    work_on_checks()
    page = sign_in(town.auditor, "/")
    shot(page, "desk-auditor-home")
    page.get_by_role("link", name="未阅预警").click()
    shot(page, "desk-auditor-alerts")
    row = page.get_by_role("row").filter(has_text="一小时内查看过多")
    row.get_by_role("button", name="说明").click()
    page.get_by_role("textbox", name="核实情况").fill("当天集中回访，负责人已核实")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("当天集中回访")).to_be_visible()
    page.get_by_role("row").filter(has_text="一小时内查看过多").get_by_role("link", name="包萨仁").click()
    expect(page.get_by_role("cell", name="查看完整信息").first).to_be_visible()
    for name in ("trail", "looks", "alerts", "checks"):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"/auditing/{name}/")
        shot(page, f"desk-auditor-{name}")
        assert check(page) == NOTHING, name
