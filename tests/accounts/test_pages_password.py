"""Changing one's password: rules, forced changes, and what happens to other sessions."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from tests.accounts.known import PASSWORD
from zhongzhi.accounts.models import PasswordHistory, SecurityEvent, User, UserSession

pytestmark = pytest.mark.django_db

PAGE = "/account/password/"
NEW = "Xin-Mima-20261"


def change(browser, old=PASSWORD, new=NEW, again=None):
    form = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return browser.post(PAGE, form)


def password_is(user: User, password: str) -> bool:
    user.refresh_from_db()
    return user.check_password(password)


def test_the_page_shows_the_rules(clerk, log_in):
    page = log_in(clerk).get(PAGE).content.decode()
    for rule in ("10", "四类中至少要有三类", "不能与最近 3 次"):
        assert rule in page


def test_a_good_new_password_is_taken_and_the_session_goes_on(clerk, log_in):
    browser = log_in(clerk)
    assert change(browser).status_code == 302
    assert password_is(clerk, NEW)
    assert browser.get(PAGE).status_code == 200
    assert timezone.now() - clerk.password_changed_at < timedelta(minutes=1)
    assert SecurityEvent.objects.filter(kind="password_changed", user=clerk).count() == 1


def test_the_other_sessions_end(clerk, log_in):
    here, elsewhere = log_in(clerk), log_in(clerk)
    change(here)
    assert UserSession.objects.filter(user=clerk).count() == 1
    assert elsewhere.get(PAGE)["Location"].startswith("/login/")


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("Kurz-1", "10"),
        ("alllowercase2026", "至少要有三类"),
        ("Wang.fang.2026", "相似"),
        ("Password123", "太常见"),
        (PASSWORD, "最近用过"),
    ],
)
def test_a_password_against_the_rules_is_refused_beside_its_field(clerk, log_in, new, message):
    answer = change(log_in(clerk), new=new)
    assert answer.status_code == 422
    assert message in answer.content.decode().split('<div id="id_new_password1_error"')[1].split("</div>\n  </div>")[0]
    assert password_is(clerk, PASSWORD)
    assert not PasswordHistory.objects.exists()


def test_none_of_the_last_three_passwords_comes_back_but_the_fourth_last_may(clerk, log_in):
    browser = log_in(clerk)
    line = [PASSWORD, "Di-Er-Ge-0002", "Di-San-Ge-0003", "Di-Si-Ge-0004"]
    for old, new in pairwise(line):
        assert change(browser, old=old, new=new).status_code == 302
    for recent in line[1:]:
        assert change(browser, old=line[-1], new=recent).status_code == 422
    assert change(browser, old=line[-1], new=PASSWORD).status_code == 302
    assert PasswordHistory.objects.filter(user=clerk).count() == 2


def test_the_old_password_must_be_right(clerk, log_in):
    answer = change(log_in(clerk), old="Wrong-Old-1")
    assert "当前密码不正确" in answer.content.decode()
    assert password_is(clerk, PASSWORD)


def test_both_new_passwords_must_be_the_same(clerk, log_in):
    answer = change(log_in(clerk), again="Anders-20261")
    assert "不一致" in answer.content.decode()
    assert password_is(clerk, PASSWORD)


@pytest.mark.parametrize(
    "why",
    [
        {"must_change_password": True},
        {"password_changed_at": timezone.now() - timedelta(days=91)},
    ],
)
def test_a_due_password_comes_before_anything_else(clerk, log_in, why):
    User.objects.filter(pk=clerk.pk).update(**why)
    browser = log_in(clerk)
    assert browser.get("/account/sessions/")["Location"] == PAGE
    assert "须先修改" in browser.get(PAGE).content.decode()
    part = browser.get("/account/sessions/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (401, PAGE)
    program = browser.get("/api/v1/anything/")
    assert (program.status_code, program.json()["code"]) == (403, "password_change_required")
    assert change(browser).status_code == 302
    assert browser.get("/account/sessions/").status_code == 200


def test_a_due_password_does_not_keep_one_from_leaving(clerk, log_in):
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    assert log_in(clerk).post("/logout/")["Location"] == "/login/"


def test_authentication_backends_agree_with_the_page(clerk, log_in, rf):
    change(log_in(clerk))
    request = rf.post("/login/")
    assert authenticate(request, username="wang.fang", password=NEW) == clerk
    assert authenticate(request, username="wang.fang", password=PASSWORD) is None
