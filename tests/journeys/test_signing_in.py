"""Signing in as people do it: password and code, recovery code, passkey; being asked again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from oidc_provider_mock import User as Vouched
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Page, expect

from grids.models import Hazard
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


def test_a_post_asks_again_over_its_dialog_and_is_given_then(visit: Visit, town: Ground) -> None:
    manager = give_password(town.manager)
    page = visit(f"/grids/staff/{town.clerk.pk}/")
    type_password(page, manager)
    expect(page.get_by_role("button", name="任职")).to_be_visible()
    page.wait_for_load_state("networkidle")  # a button that was pressed before its script came does nothing
    page.get_by_role("button", name="任职").click()
    page.locator("#sheet").get_by_label("机构").fill("旗综治中心")
    page.locator("#sheet").get_by_label("岗位", exact=True).select_option(label="部门经办人")
    shift_sign_in(manager, since=timedelta(minutes=11))
    page.get_by_role("button", name="确定").click()
    again = page.locator("dialog.identity")
    again.get_by_label("密码").fill(PASSWORD)
    shot(page, "post-asks-again")
    again.get_by_role("button", name="继续").click()
    expect(page.get_by_text("的任职已登记。")).to_be_visible()
    expect(page.get_by_text("部门经办人")).to_be_visible()


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


def test_a_recovery_code_lets_in_once_and_is_counted(visit: Visit, town: Ground) -> None:
    manager = give_password(town.manager)
    _, codes = set_up_authenticator(manager)
    page = visit("/account/security/")
    type_password(page, manager)
    type_code(page, codes[3])
    expect(page.get_by_text("还剩 9 个")).to_be_visible()
    assert latest_sign_in(manager) == "密码和恢复码"
    again = visit("/account/security/")
    type_password(again, manager)
    type_code(again, codes[3])
    expect(again.get_by_role("alert").filter(has_text="动态码不正确")).to_be_visible()


@pytest.fixture
def provider(settings: Any) -> Iterator[None]:
    """The county's single sign-on, which vouches for a clerk and for somebody without an account here."""
    people = [Vouched(sub=f"id-{name}", claims={"preferred_username": name}) for name in ("clerk", "nobody")]
    with run_server_in_thread(user_claims=people) as server:
        settings.OIDC_ISSUER = f"http://localhost:{server.server_port}"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "zhongzhi", "secret"
        yield


def vouch(page: Page, sub: str) -> None:
    """Sign in at the provider, as its own page asks for it."""
    page.get_by_role("link", name="统一身份认证登录").click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_single_sign_on_leads_back_to_where_the_person_was_going(visit: Visit, provider: None, town: Ground) -> None:
    page = visit("/cases/")
    shot(page, "login-single-sign-on")
    vouch(page, "id-clerk")
    page.wait_for_url("**/cases/")
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    assert latest_sign_in(town.clerk) == "统一认证"


def test_single_sign_on_refuses_whom_nobody_gave_an_account_and_leads_back(
    visit: Visit, provider: None, town: Ground
) -> None:
    page = visit("/login/")
    vouch(page, "id-nobody")
    expect(page.get_by_text("没有您的账号")).to_be_visible()
    shot(page, "single-sign-on-refused")
    assert check(page) == NOTHING
    page.get_by_role("link", name="返回登录").click()
    expect(page.get_by_label("密码")).to_be_visible()


def test_the_note_after_signing_in_covers_no_menu(visit: Visit, town: Ground) -> None:
    clerk = give_password(town.clerk)
    page = visit("/")
    type_password(page, clerk)
    sign_out(page, clerk)
    page.goto("/")
    type_password(page, clerk)
    expect(page.get_by_text("上次登录：")).to_be_visible()
    shot(page, "last-sign-in-1366")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    shot(page, "last-sign-in-360")
    sign_out(page, clerk)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_on_the_phone_a_session_that_ended_is_renewed_over_the_page_and_the_report_is_sent(
    visit: Visit, town: Ground
) -> None:
    worker = give_password(town.grid_worker)
    page = visit("/field/report/", NARROW)
    type_password(page, worker)
    page.get_by_label("发现了什么").fill("墙体开裂，住着老人")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    shift_sign_in(worker, seen=timedelta(minutes=31))
    page.get_by_role("button", name="提交").click()
    again = page.get_by_role("dialog", name="请重新登录")
    again.get_by_label("密码").fill(PASSWORD)
    shot(page, "field-sign-in-again-360")
    again.get_by_role("button", name="登录").click()
    expect(again).to_have_count(0)
    expect(page.get_by_text("上报已送达")).to_be_visible()
    assert Hazard.objects.get().narrative == "墙体开裂，住着老人"
