"""Five wrong passwords lock a name at an address for a quarter of an hour."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client

from tests.accounts.known import PASSWORD
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import SecurityEvent, UserSession

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


def try_password(username: str, password: str, ip: str = HERE, **extra):
    return Client().post("/login/", {"username": username, "password": password}, REMOTE_ADDR=ip, **extra)


def fail(times: int, username: str = "wang.fang", **extra) -> list[int]:
    return [try_password(username, "Wrong-1", **extra).status_code for _ in range(times)]


def test_the_fifth_wrong_password_locks_and_says_for_how_long(clerk):
    assert fail(4) == [200] * 4
    answer = try_password("wang.fang", "Wrong-1")
    assert answer.status_code == 429
    assert 890 <= int(answer["Retry-After"]) <= 900
    assert "15 分钟后再试" in answer.content.decode()


def test_while_locked_even_the_right_password_is_turned_away(clerk):
    fail(5)
    assert try_password("wang.fang", PASSWORD).status_code == 429
    assert not UserSession.objects.filter(user=clerk).exists()


def test_another_address_is_not_locked(clerk):
    fail(5)
    assert try_password("wang.fang", PASSWORD, ip=ELSEWHERE).status_code == 302


def test_another_person_at_the_same_address_is_not_locked(clerk):
    create_user(username="li.gang", name="李刚", password=PASSWORD)
    fail(5)
    assert try_password("li.gang", PASSWORD).status_code == 302


def test_capitals_in_the_name_do_not_give_more_tries(clerk):
    assert fail(4, "Wang.Fang") == [200] * 4
    assert fail(1, "WANG.FANG") == [429]


def test_other_browsers_at_the_same_address_do_not_give_more_tries(clerk):
    answers = [try_password("wang.fang", "x", HTTP_USER_AGENT=f"Browser {n}").status_code for n in range(5)]
    assert answers == [200] * 4 + [429]


def test_a_made_up_forwarded_address_does_not_give_more_tries(clerk):
    answers = [try_password("wang.fang", "x", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}").status_code for n in range(5)]
    assert answers == [200] * 4 + [429]


def test_behind_the_proxy_the_address_it_appended_counts(clerk, settings):
    settings.BEHIND_PROXY = True
    forged = [f"6.6.6.{n}, 10.0.0.9" for n in range(5)]
    answers = [try_password("wang.fang", "x", HTTP_X_FORWARDED_FOR=f).status_code for f in forged]
    assert answers == [200] * 4 + [429]
    assert try_password("wang.fang", PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.10").status_code == 302


def test_the_lock_is_lifted_after_fifteen_minutes_and_tries_meanwhile_do_not_prolong_it(clerk):
    fail(5)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=14))
    answer = try_password("wang.fang", PASSWORD)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 60
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=1))
    assert try_password("wang.fang", PASSWORD).status_code == 302


def test_the_right_password_forgives_earlier_wrong_ones(clerk):
    fail(4)
    assert try_password("wang.fang", PASSWORD).status_code == 302
    assert fail(4) == [200] * 4


def test_a_program_gets_the_lock_as_a_problem_document(clerk):
    fail(5)
    answer = try_password("wang.fang", "x", HTTP_ACCEPT="application/json")
    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "locked_out"
    assert answer["Retry-After"]


def test_every_try_leaves_exactly_one_line_in_the_security_log(clerk):
    fail(6)
    assert SecurityEvent.objects.filter(kind="login_failed").count() == 4
    assert SecurityEvent.objects.filter(kind="locked_out", ip=HERE, username="wang.fang").count() == 2


def test_twelve_names_from_one_address_meet_a_growing_wait(clerk):
    answers = [try_password(f"name{n}", "Wrong-1").status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert try_password("wang.fang", PASSWORD).status_code == 429
    assert try_password("wang.fang", PASSWORD, ip=ELSEWHERE).status_code == 302


def test_names_that_got_in_afterwards_do_not_count_at_their_address(clerk):
    for n in range(9):
        try_password(f"name{n}", "Wrong-1")
    try_password("wang.fang", "Wrong-1")
    assert try_password("wang.fang", PASSWORD).status_code == 429, "ten names failed"
    SecurityEvent.objects.create(kind="logged_in", user=clerk, username="wang.fang", ip=HERE)
    assert try_password("wang.fang", PASSWORD).status_code == 302


def test_one_name_tried_from_everywhere_meets_a_growing_wait_but_not_where_the_person_works(clerk):
    assert try_password("wang.fang", PASSWORD).status_code == 302
    answers = [try_password("wang.fang", "x", ip=f"10.1.0.{n}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]
    turned_away = try_password("wang.fang", PASSWORD, ip="10.1.9.9")
    assert (turned_away.status_code, int(turned_away["Retry-After"]) <= 30) == (429, True)
    assert try_password("wang.fang", PASSWORD).status_code == 302


def test_after_signing_in_one_is_shown_the_sign_in_before_and_what_failed_since(clerk, client):
    try_password("wang.fang", PASSWORD)
    fail(2)
    client.post("/login/", {"username": "wang.fang", "password": PASSWORD}, REMOTE_ADDR=ELSEWHERE)
    page = client.get("/account/sessions/", REMOTE_ADDR=ELSEWHERE).content.decode()
    assert "上次登录" in page and HERE in page and "2 次失败" in page


def test_the_login_page_shows_the_notice_before_use_with_its_version(client, db):
    page = client.get("/login/").content.decode()
    assert "使用须知》第 1 版" in page and "个人信息保护法" in page
