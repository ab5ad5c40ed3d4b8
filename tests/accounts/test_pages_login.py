"""The login page: who gets in, who does not, and what it tells them."""

import pytest
from django.test import Client

from tests.accounts.known import PASSWORD
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import SecurityEvent, User, UserKind, UserSession

pytestmark = pytest.mark.django_db


def try_password(browser: Client, username: str, password: str, **extra):
    return browser.post("/login/", {"username": username, "password": password}, **extra)


def test_the_login_page_asks_in_chinese_for_name_and_password(client):
    page = client.get("/login/")
    assert page.status_code == 200
    for text in ("登录", "用户名", "密码", 'autocomplete="current-password"'):
        assert text in page.content.decode()


def test_the_right_password_opens_a_session_with_its_origin(client, clerk):
    answer = try_password(client, "wang.fang", PASSWORD, REMOTE_ADDR="10.9.8.7", HTTP_USER_AGENT="Firefox/140")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    row = UserSession.objects.get()
    assert (row.user, row.ip, row.user_agent) == (clerk, "10.9.8.7", "Firefox/140")
    line = SecurityEvent.objects.get(kind="logged_in")
    assert (line.user, line.ip) == (clerk, "10.9.8.7")


def test_the_user_name_may_be_typed_in_capitals(client, clerk):
    assert try_password(client, "WANG.Fang", PASSWORD).status_code == 302


def test_a_wrong_password_is_refused_and_logged_without_the_password(client, clerk):
    page = try_password(client, "wang.fang", "Geheim-Wrong-1")
    assert page.status_code == 200
    assert "用户名或密码不正确" in page.content.decode()
    line = SecurityEvent.objects.get(kind="login_failed")
    assert (line.username, line.user) == ("wang.fang", None)
    assert "Geheim" not in str(SecurityEvent.objects.values().get(pk=line.pk))


def test_unknown_and_known_names_get_the_same_refusal(client, clerk):
    known = try_password(client, "wang.fang", "x").content.decode()
    unknown = try_password(client, "nobody", "x").content.decode()
    alert = '<div class="alert alert-danger" role="alert">'
    assert known.split(alert)[1].split("</form>")[0].count("用户名或密码不正确") == 1
    assert unknown.split(alert)[1].split("</div>")[0] == known.split(alert)[1].split("</div>")[0]


def test_a_nul_in_the_user_name_is_a_refusal_not_a_crash(client, clerk):
    assert try_password(client, "wang\0fang", PASSWORD).status_code in (200, 400)
    assert not UserSession.objects.filter(user=clerk).exists()


def test_someone_out_of_service_does_not_get_in(client, clerk):
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert try_password(client, "wang.fang", PASSWORD).status_code == 200
    assert not UserSession.objects.exists()


def test_a_service_user_does_not_get_in_even_with_a_password(client):
    create_user(username="svc", name="外部系统", password=PASSWORD, kind=UserKind.SERVICE)
    page = try_password(client, "svc", PASSWORD)
    assert "属于外部系统" in page.content.decode()
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/cases/?state=open", "/cases/?state=open"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_login_leads_on_only_to_addresses_of_ours(client, clerk, asked, given):
    answer = client.post("/login/", {"username": "wang.fang", "password": PASSWORD, "next": asked})
    assert answer["Location"] == given


def test_login_without_a_csrf_token_is_refused(clerk):
    browser = Client(enforce_csrf_checks=True)
    assert try_password(browser, "wang.fang", PASSWORD).status_code == 403
    assert not UserSession.objects.filter(user=clerk).exists()


def test_a_second_tab_of_who_is_signed_in_goes_on_instead_of_being_refused(clerk):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/login/").context["csrf_token"]
    typed = {"username": "wang.fang", "password": PASSWORD, "next": "/cases/", "csrfmiddlewaretoken": str(token)}
    assert browser.post("/login/", typed)["Location"] == "/cases/"
    assert browser.get("/login/")["Location"] == "/", "the page itself leads on too"
    late = browser.post("/login/", typed)
    assert (late.status_code, late["Location"]) == (302, "/login/?next=%2Fcases%2F")
    assert browser.get(late["Location"])["Location"] == "/cases/"
    assert UserSession.objects.filter(user=clerk).count() == 1


def test_a_second_tab_leads_nowhere_else(clerk):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/login/").context["csrf_token"]
    typed = {"username": "wang.fang", "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    browser.post("/login/", typed)
    late = browser.post("/login/", typed | {"next": "https://elsewhere.example/"})
    assert browser.get(late["Location"])["Location"] == "/"


def test_login_changes_the_key_of_a_session_that_was_there_before(client, clerk):
    session = client.session
    session["basket"] = "x"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    try_password(client, "wang.fang", PASSWORD)
    assert client.cookies["sessionid"].value != before
    assert not UserSession.objects.filter(session_key=before).exists()


def test_logout_closes_the_session_and_only_by_post(clerk, log_in):
    browser = log_in(clerk)
    assert browser.get("/logout/").status_code == 405
    answer = browser.post("/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/")
    assert not UserSession.objects.filter(user=clerk).exists()
    assert SecurityEvent.objects.filter(kind="logged_out", user=clerk).count() == 1
