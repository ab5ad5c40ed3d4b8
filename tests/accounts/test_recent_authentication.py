"""Asked again who sits there: pages, dialogs, programs; with a password, a code, or not at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.known import PASSWORD, age_session, set_up_authenticator
from tests.grids.field import a_worker
from tests.people import Ground
from zhongzhi.accounts.models import SecurityEvent, User
from zhongzhi.accounts.one_time_codes import code_at

pytestmark = pytest.mark.django_db
PAGE = "/grids/roster/export/full/"
REASON = {"reason": "旗平安建设考核"}
A_WHILE = timedelta(minutes=11)


@pytest.fixture
def manager(ground: Ground) -> User:
    ground.manager.set_password(PASSWORD)
    ground.manager.save()
    a_worker(ground)
    return ground.manager


@pytest.fixture
def at_desk(manager: User) -> Client:
    """The manager's browser, signed in eleven minutes ago."""
    browser = Client()
    browser.force_login(manager)
    browser.get("/account/sessions/")
    age_session(browser, since=A_WHILE)
    return browser


def test_who_signed_in_lately_is_not_asked(manager: User) -> None:
    browser = Client()
    browser.force_login(manager)
    assert browser.post(PAGE, REASON).headers["Content-Type"].startswith("application/vnd")


def test_later_the_page_asks_and_the_right_password_leads_on(at_desk: Client) -> None:
    asked = at_desk.get(f"{PAGE}?kind=full_time")
    assert asked["Location"] == "/account/confirm/?next=%2Fgrids%2Froster%2Fexport%2Ffull%2F%3Fkind%3Dfull_time"
    assert "密码" in at_desk.get(asked["Location"]).content.decode()
    answer = at_desk.post("/account/confirm/", {"identity_secret": PASSWORD, "next": f"{PAGE}?kind=full_time"})
    assert answer["Location"] == f"{PAGE}?kind=full_time"
    assert at_desk.get(PAGE).status_code == 200
    assert SecurityEvent.objects.filter(kind="identity_confirmed").count() == 1


def test_a_form_that_was_sent_is_kept_and_sent_on_with_the_password(at_desk: Client) -> None:
    asked = at_desk.post(PAGE, REASON)
    assert asked.status_code == 403
    assert REASON["reason"] in asked.content.decode()
    wrong = at_desk.post(PAGE, {**REASON, "identity_secret": "Wrong-1"})
    assert "密码不正确" in wrong.content.decode() and REASON["reason"] in wrong.content.decode()
    done = at_desk.post(PAGE, {**REASON, "identity_secret": PASSWORD})
    assert done.headers["Content-Type"].startswith("application/vnd")


def test_with_a_second_factor_the_password_does_not_do(at_desk: Client, manager: User) -> None:
    secret, _ = set_up_authenticator(manager)
    assert at_desk.post("/account/confirm/", {"identity_secret": PASSWORD}).status_code == 400
    assert at_desk.get(PAGE).status_code == 302
    code = code_at(secret, timezone.now() + timedelta(seconds=30))
    assert at_desk.post("/account/confirm/", {"identity_secret": code}).status_code == 302
    assert at_desk.get(PAGE).status_code == 200


def test_a_dialog_is_told_where_to_ask_and_asks_in_place(at_desk: Client) -> None:
    answer = at_desk.post(PAGE, REASON, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Confirm-Identity"]) == (403, "/account/confirm/")
    part = at_desk.get("/account/confirm/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'name="identity_secret"' in part
    done = at_desk.post("/account/confirm/", {"identity_secret": PASSWORD}, headers={"HX-Request": "true"})
    assert done.status_code == 204


def test_a_program_with_the_browsers_session_is_refused_all_the_same(at_desk: Client) -> None:
    answer = at_desk.post(PAGE, REASON, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "recent_authentication_required")


def test_after_five_wrong_ones_even_the_right_one_has_to_wait(at_desk: Client) -> None:
    wrong = [at_desk.post("/account/confirm/", {"identity_secret": "x"}).status_code for _ in range(5)]
    assert wrong == [400] * 5
    answer = at_desk.post("/account/confirm/", {"identity_secret": PASSWORD})
    assert answer.status_code == 429
    assert SecurityEvent.objects.filter(kind="factor_failed").count() == 5


def test_it_leads_on_only_to_addresses_of_ours(at_desk: Client) -> None:
    answer = at_desk.post("/account/confirm/", {"identity_secret": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_visitor_is_sent_to_the_login_page(client: Client) -> None:
    assert client.get("/account/confirm/")["Location"].startswith("/login/")
