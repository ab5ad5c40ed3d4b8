"""Signing in as people do it: password and code, recovery code, passkey; being asked again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.accounts.known import STEP, set_up_authenticator
from tests.grids.field import a_worker
from tests.intake import ways
from tests.journeys.conftest import NARROW, Visit, shot
from tests.journeys.signing import give_password, shift_sign_in, sign_out, type_code, type_password, with_device
from tests.journeys.test_every_page import NOTHING, check
from tests.people import PASSWORD, Ground
from zhongzhi.accounts.models import User, UserSession
from zhongzhi.accounts.one_time_codes import code_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def latest_sign_in(user: User) -> str:
    """What the security log says was shown."""
    return user.security_events.filter(kind="logged_in").latest("id").detail


def test_an_authenticator_is_set_up_and_its_code_asked_for_at_the_next_sign_in(visit: Visit, town: Ground) -> None:
    manager = give_password(town.manager)
    page = visit("/account/security/")
    type_password(page, manager)
    shot(page, "security")
    assert check(page) == NOTHING
    page.get_by_role("link", name="启用动态码").click()
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    shot(page, "authenticator")
    assert check(page) == NOTHING
    page.get_by_label("2. 输入验证器上显示的").fill(code_at(secret, timezone.now() - STEP))
    page.get_by_role("button", name="启用").click()
    codes = page.get_by_role("list", name="恢复码").get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    assert check(page) == NOTHING
    page.get_by_role("link", name="我已保存好").click()
    expect(page.get_by_text("已启用：登录时输入")).to_be_visible()

    page = visit("/cases/", NARROW)
    type_password(page, manager)
    shot(page, "second-factor")
    assert check(page) == NOTHING
    type_code(page, "123")
    expect(page.get_by_role("alert").filter(has_text="动态码不正确")).to_be_visible()
    type_code(page, code_at(secret, timezone.now()))
    page.wait_for_url("**/cases/")
    assert latest_sign_in(manager) == "密码和动态码"

    page = visit("/account/security/")
    type_password(page, manager)
    type_code(page, codes[0].upper())
    expect(page.get_by_text("还剩 9 个")).to_be_visible()


def test_a_passkey_is_registered_and_signs_in_without_a_password(visit: Visit, town: Ground) -> None:
    manager = give_password(town.manager)
    page = visit("/account/security/")
    with_device(page)
    type_password(page, manager)
    page.get_by_role("button", name="登记通行密钥").click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    page.get_by_role("link", name="我已保存好").click()
    expect(page.get_by_role("button", name="移除")).to_be_visible()
    shot(page, "security-with-passkey")
    sign_out(page, manager)

    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    assert latest_sign_in(manager) == "通行密钥"

    sign_out(page, manager)
    type_password(page, manager)
    page.get_by_role("button", name="用通行密钥验证").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()


def test_a_device_without_a_passkey_of_ours_is_told_so(visit: Visit, town: Ground) -> None:
    page = visit("/login/")
    shot(page, "login")
    with_device(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert").filter(has_text="没有完成")).to_be_visible()
    assert page.url.endswith("/login/")


def test_an_export_in_the_clear_asks_again_and_keeps_what_was_typed(visit: Visit, town: Ground) -> None:
    manager = give_password(town.manager)
    a_worker(town)
    secret, _ = set_up_authenticator(manager)
    page = visit("/grids/roster/export/full/")
    type_password(page, manager)
    type_code(page, code_at(secret, timezone.now()))
    page.get_by_label("导出理由").fill("旗平安建设考核")
    shift_sign_in(manager, since=timedelta(minutes=11))
    page.get_by_role("button", name="导出完整号码").click()
    page.get_by_label("动态码或恢复码").wait_for()
    shot(page, "confirm")
    assert check(page) == NOTHING
    page.get_by_label("动态码或恢复码").fill(code_at(secret, timezone.now() + STEP))
    with page.expect_download() as download:
        page.get_by_role("button", name="继续").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_session_that_ended_is_renewed_over_the_page_and_nothing_typed_is_lost(visit: Visit, town: Ground) -> None:
    dispatcher, case = give_password(town.dispatcher), ways.accepted(town)
    page = visit(f"/cases/{case.code}/")
    type_password(page, dispatcher)
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate(f"htmx.ajax('GET', '/cases/{case.code}/acts/withdraw/', '#sheet')")
    typed = page.locator("#sheet textarea, #sheet input[type=text]").first
    typed.fill("当事人电话申请撤回")
    shift_sign_in(dispatcher, seen=timedelta(minutes=31))
    page.locator("#sheet button[type=submit]").first.click()
    again = page.get_by_role("dialog", name="请重新登录")
    again.get_by_label("密码").fill("wrong")
    again.get_by_role("button", name="登录").click()
    expect(again.get_by_role("alert")).to_have_text("密码不正确，请检查后再试。")
    shot(page, "sign-in-again")
    again.get_by_label("密码").fill(PASSWORD)
    again.get_by_role("button", name="登录").click()
    expect(again).to_have_count(0)
    expect(page.get_by_text("案件已撤回。")).to_be_visible()
    expect(page.get_by_text("当事人电话申请撤回")).to_be_visible()
    assert UserSession.objects.filter(user=dispatcher).count() == 1
