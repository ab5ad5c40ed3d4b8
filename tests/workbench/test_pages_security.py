"""The desk of the security administrator, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.known import set_up_authenticator
from tests.people import Ground
from zhongzhi.accounts import actions
from zhongzhi.accounts.models import SecurityEvent, User, UserSession
from zhongzhi.accounts.security_rules import RuleName, networks_of, number_of
from zhongzhi.web.written_days import short_day

pytestmark = pytest.mark.django_db
PAGES = ["accounts", "locks", "sessions", "events", "dormant", "rules", "clients"]


@pytest.fixture
def desk(ground: Ground, client: Client) -> Client:
    client.force_login(ground.security_admin)
    return client


def lock(name: str) -> None:
    for _ in range(5):
        Client().post("/login/", {"username": name, "password": "wrong"})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_for_few_and_many(
    page: str, ground: Ground, desk: Client, django_assert_max_num_queries: Any
) -> None:
    for person in ground.people.values():
        User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - timedelta(days=200))
    with django_assert_max_num_queries(14):
        assert desk.get(f"/security/{page}/").status_code == 200


def test_the_home_page_says_what_waits(ground: Ground, desk: Client) -> None:
    lock("clerk")
    shown = desk.get("/").content.decode()
    assert "<b>1</b>锁定中" in shown
    assert "/security/locks/" in shown


def test_a_one_time_password_is_shown_once(ground: Ground, desk: Client) -> None:
    answer = desk.post(f"/security/accounts/{ground.clerk.pk}/password/", {"reason": "忘记密码，已当面核对"})
    password = answer.content.decode().split('id="one-time-password">')[1].split("<")[0]
    browser = Client()
    browser.post("/login/", {"username": "clerk", "password": password})
    assert browser.get("/")["Location"] == "/account/password/"
    assert all(password not in desk.get(f"/security/{page}/").content.decode() for page in PAGES)


def test_a_dialog_without_a_reason_says_so(ground: Ground, desk: Client) -> None:
    answer = desk.post(f"/security/accounts/{ground.clerk.pk}/password/", {"reason": ""})
    assert answer.status_code == 422
    assert not SecurityEvent.objects.filter(kind="password_reset").exists()


def test_who_sits_there_for_long_is_asked_again(ground: Ground, desk: Client, settings: Any) -> None:
    settings.RECENT_AUTHENTICATION = timedelta(0)
    answer = desk.post(f"/security/accounts/{ground.clerk.pk}/password/", {"reason": "忘记密码"})
    assert not SecurityEvent.objects.filter(kind="password_reset").exists()
    assert "identity_secret" in answer.content.decode()


def test_a_locked_name_is_unlocked_on_the_page(ground: Ground, desk: Client) -> None:
    lock("clerk")
    assert "clerk" in desk.get("/security/locks/").content.decode()
    desk.post("/security/locks/unlock/?name=clerk", {"reason": "本人电话核对"})
    assert "现在没有锁定的用户名" in desk.get("/security/locks/").content.decode()


def test_second_factors_are_seen_and_reset(ground: Ground, desk: Client) -> None:
    set_up_authenticator(ground.clerk)
    assert "动态码" in desk.get("/security/accounts/?q=clerk").content.decode()
    desk.post(f"/security/accounts/{ground.clerk.pk}/factor/", {"reason": "手机遗失"})
    assert "动态码" not in desk.get("/security/accounts/?q=clerk").content.decode()


def test_a_session_is_ended_on_the_page(ground: Ground, desk: Client) -> None:
    other = Client()
    other.force_login(ground.clerk)
    other.get("/account/sessions/")
    session = UserSession.objects.get(user=ground.clerk)
    desk.post(f"/security/sessions/{session.public_id}/end/", {"reason": "电脑借给他人"})
    assert other.get("/account/sessions/").status_code == 302


def test_the_log_is_filtered_by_kind_person_and_day(ground: Ground, desk: Client) -> None:
    lock("clerk")
    page = desk.get("/security/events/?kind=login_failed&q=cler").content.decode()
    assert page.count("登录失败</td>") == 4
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "没有符合条件的记录" in desk.get(f"/security/events/?since={tomorrow}").content.decode()


def test_a_rule_is_changed_on_the_page_with_its_history(ground: Ground, desk: Client) -> None:
    desk.post("/security/rules/idle_minutes/", {"number": 15, "reason": "检查组要求"})
    assert number_of(RuleName.IDLE_END) == 15
    assert "检查组要求" in desk.get("/security/rules/").content.decode()
    assert desk.post("/security/rules/idle_minutes/", {"number": 1, "reason": "试"}).status_code == 422


def test_addresses_without_ones_own_are_refused_on_the_page(ground: Ground, desk: Client) -> None:
    refused = desk.post("/security/rules/networks/", {"networks": "10.15.0.0/16", "reason": "政务网"})
    assert refused.status_code == 422
    assert "127.0.0.1" in refused.content.decode()
    desk.post("/security/rules/networks/", {"networks": "10.15.0.0/16\n127.0.0.1", "reason": "政务网"})
    assert networks_of() == ("10.15.0.0/16", "127.0.0.1/32")


def test_roles_that_must_show_a_second_factor_are_chosen(ground: Ground, desk: Client) -> None:
    day = timezone.localdate() + timedelta(days=7)
    desk.post("/security/rules/factors/", {"roles": ["leader", "manager"], "starts_on": str(day)})
    assert f"领导（{short_day(day)} 起）" in desk.get("/security/rules/").content.decode()


def test_a_dormant_account_is_closed_on_the_page(ground: Ground, desk: Client) -> None:
    User.objects.filter(pk=ground.clerk.pk).update(date_joined=timezone.now() - timedelta(days=91))
    assert "包萨仁" in desk.get("/security/dormant/").content.decode()
    desk.post(f"/security/dormant/{ground.clerk.pk}/", {"decision": "close", "reason": "已调走"})
    assert not User.objects.get(pk=ground.clerk.pk).is_active


def test_the_addresses_of_an_outside_system_are_set_on_the_page(ground: Ground, desk: Client) -> None:
    client = actions.register_client("12345热线", ["stats:read"])
    desk.post(f"/security/clients/{client.pk}/", {"networks": "10.15.3.8", "reason": "热线机房"})
    assert "10.15.3.8/32" in desk.get("/security/clients/").content.decode()


def test_ones_own_account_offers_no_act(ground: Ground, desk: Client) -> None:
    assert "本人，由他人办理" in desk.get("/security/accounts/?q=security_admin").content.decode()
    assert desk.post(f"/security/accounts/{ground.security_admin.pk}/password/", {"reason": "忘记"}).status_code == 422
