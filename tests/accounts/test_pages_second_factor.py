"""Signing in in two steps, what must be set up first, and the page 安全."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import Role
from intake.actions import reveal_party
from tests.accounts.known import PASSWORD, STEP, age_session, set_up_authenticator
from tests.intake import ways
from tests.people import Ground
from zhongzhi.accounts.actions import require_second_factor
from zhongzhi.accounts.models import Authenticator, Passkey, SecurityEvent, User, UserSession
from zhongzhi.accounts.one_time_codes import code_at
from zhongzhi.accounts.queries import second_factors_of

pytestmark = pytest.mark.django_db
STEP_TWO = "/login/second-factor/"
PAGE = "/account/security/"


def first_step(user: User, **extra) -> tuple[Client, str]:
    browser = Client()
    answer = browser.post("/login/", {"username": user.username, "password": PASSWORD, **extra})
    return browser, answer["Location"]


def next_code(secret: str) -> str:
    return code_at(secret, timezone.now() + STEP)


def test_the_password_alone_opens_no_session(clerk: User) -> None:
    set_up_authenticator(clerk)
    browser, where = first_step(clerk, next="/cases/")
    assert where == f"{STEP_TWO}?next=%2Fcases%2F"
    assert not UserSession.objects.filter(user=clerk).exists()
    assert browser.get("/cases/")["Location"].startswith("/login/")


def test_the_code_opens_it_and_leads_on(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    browser, _ = first_step(clerk)
    answer = browser.post(STEP_TWO, {"code": next_code(secret), "next": "/cases/"})
    assert answer["Location"] == "/cases/"
    assert browser.get(PAGE).status_code == 200
    assert SecurityEvent.objects.get(kind="logged_in").detail == "密码和动态码"


def test_a_wrong_code_is_refused_noted_and_leaves_one_outside(clerk: User) -> None:
    set_up_authenticator(clerk)
    browser, _ = first_step(clerk)
    answer = browser.post(STEP_TWO, {"code": "12 34"})
    assert answer.status_code == 400 and "动态码不正确" in answer.content.decode()
    assert browser.get(PAGE).status_code == 302
    assert SecurityEvent.objects.filter(kind="factor_failed", user=clerk).count() == 1


def test_the_same_code_does_not_open_a_second_session(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    code = next_code(secret)
    browser, _ = first_step(clerk)
    assert browser.post(STEP_TWO, {"code": code}).status_code == 302
    other, _ = first_step(clerk)
    assert other.post(STEP_TWO, {"code": code}).status_code == 400


def test_a_recovery_code_opens_it_once(clerk: User) -> None:
    _, codes = set_up_authenticator(clerk)
    browser, _ = first_step(clerk)
    assert browser.post(STEP_TWO, {"code": codes[3]}).status_code == 302
    other, _ = first_step(clerk)
    assert other.post(STEP_TWO, {"code": codes[3]}).status_code == 400


def test_after_five_wrong_codes_even_the_right_one_has_to_wait(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    browser, _ = first_step(clerk)
    assert [browser.post(STEP_TWO, {"code": "000"}).status_code for _ in range(5)] == [400] * 5
    answer = browser.post(STEP_TWO, {"code": next_code(secret)})
    assert answer.status_code == 429 and "秒后再试" in answer.content.decode()


def test_whoever_waits_longer_than_five_minutes_begins_anew(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    browser, _ = first_step(clerk)
    session = browser.session
    session["_second_factor"]["at"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    assert browser.post(STEP_TWO, {"code": next_code(secret)})["Location"] == "/login/"
    assert browser.get(PAGE).status_code == 302


def test_without_the_first_step_there_is_no_second(client: Client, clerk: User) -> None:
    set_up_authenticator(clerk)
    assert client.get(STEP_TWO)["Location"] == "/login/"


def test_somebody_put_out_of_service_meanwhile_does_not_get_in(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    browser, _ = first_step(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert browser.post(STEP_TWO, {"code": next_code(secret)})["Location"] == "/login/"


@pytest.fixture
def bound_manager(ground: Ground) -> User:
    """A manager whose role must have a second factor from today on."""
    require_second_factor([Role.MANAGER], starts_on=timezone.localdate())
    ground.manager.set_password(PASSWORD)
    ground.manager.save()
    return ground.manager


def test_who_must_have_one_sets_it_up_before_anything_else(bound_manager: User) -> None:
    browser, where = first_step(bound_manager)
    assert where == "/"
    assert browser.get("/cases/")["Location"] == PAGE
    refused = browser.get("/api/v1/cases/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    assert "须启用二次验证" in browser.get(PAGE).content.decode()
    page = browser.get(f"{PAGE}authenticator/").content.decode()
    secret = page.split("data-secret>")[1].split("<")[0].replace(" ", "")
    shown = browser.post(f"{PAGE}authenticator/", {"code": code_at(secret, timezone.now())})
    codes = browser.get(shown["Location"]).content.decode()
    assert codes.count("<li><code>") == 10
    assert browser.get("/cases/").status_code == 200


def test_who_gives_the_only_one_up_has_to_set_up_another(bound_manager: User) -> None:
    secret, _ = set_up_authenticator(bound_manager)
    browser, _ = first_step(bound_manager)
    browser.post(STEP_TWO, {"code": next_code(secret)})
    browser.post(f"{PAGE}authenticator/remove/")
    assert browser.get("/cases/")["Location"] == PAGE


def test_until_the_day_of_the_rule_the_page_only_asks(ground: Ground) -> None:
    require_second_factor([Role.MANAGER], starts_on=timezone.localdate() + timedelta(days=3))
    ground.manager.set_password(PASSWORD)
    ground.manager.save()
    browser, _ = first_step(ground.manager)
    assert browser.get("/cases/").status_code == 200
    assert "起须二次验证" in browser.get(PAGE).content.decode()


def test_recovery_codes_are_shown_once_and_never_lie_in_the_session(clerk: User, log_in) -> None:
    browser = log_in(clerk)
    set_up_authenticator(clerk)
    where = browser.post(f"{PAGE}recovery-codes/")["Location"]
    kept = json.dumps(dict(browser.session))
    codes = [part.split("<")[0] for part in browser.get(where).content.decode().split("<li><code>")[1:]]
    assert len(codes) == 10 and not any(code in kept for code in codes)
    assert browser.get(where)["Location"] == PAGE


def test_new_recovery_codes_need_a_second_factor(clerk: User, log_in) -> None:
    assert log_in(clerk).post(f"{PAGE}recovery-codes/").status_code == 409


@pytest.mark.parametrize("part", ["authenticator/remove/", "recovery-codes/", "passkeys/", "passkeys/options/"])
def test_changes_of_the_second_factor_are_asked_for_again(clerk: User, log_in, part: str) -> None:
    browser = log_in(clerk)
    set_up_authenticator(clerk)
    age_session(browser, since=timedelta(minutes=11))
    assert browser.post(PAGE + part).status_code == 403
    assert Authenticator.objects.filter(user=clerk).exists()


def test_the_page_shows_sign_ins_failures_and_own_looks(ground: Ground) -> None:
    case = ways.accepted(ground)
    ground.clerk.set_password(PASSWORD)
    ground.clerk.save()
    Client().post("/login/", {"username": "clerk", "password": "Wrong-1"}, REMOTE_ADDR="10.6.6.6")
    reveal_party(
        case, case.parties.order_by("pk")[0].uid, actor=ground.clerk, purpose="contact", reason="电话联系当事人到场"
    )
    browser, _ = first_step(ground.clerk)
    page = browser.get(PAGE).content.decode()
    for text in ("登录失败", "10.6.6.6", "登录（密码）", "查看完整信息", "电话联系当事人到场", "未启用"):
        assert text in page


def test_looks_of_others_are_not_shown(ground: Ground) -> None:
    case = ways.accepted(ground)
    reveal_party(
        case, case.parties.order_by("pk")[0].uid, actor=ground.dispatcher, purpose="contact", reason="核对住址"
    )
    browser = Client()
    browser.force_login(ground.clerk)
    assert "核对住址" not in browser.get(PAGE).content.decode()


def test_another_persons_passkey_is_out_of_sight(clerk: User, ground: Ground, log_in) -> None:
    key = Passkey.objects.create(user=ground.manager, credential_id=b"1", public_key=b"2", name="办公电脑")
    assert log_in(clerk).post(f"{PAGE}passkeys/{key.pk}/remove/").status_code == 404
    assert second_factors_of(ground.manager).passkeys == 1


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", '{"credential": 1}', '{"credential": {"rawId": "%%"}}', '{"credential": {}}']
)
def test_an_answer_that_is_no_passkey_is_refused(client: Client, db: None, body: str) -> None:
    client.post("/login/passkey/options/")
    answer = client.post(
        "/login/passkey/", body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 400
    assert not UserSession.objects.exclude(user=None).exists()
