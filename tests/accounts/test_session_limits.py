"""Idle and absolute ends of a session, for pages, parts of pages and programs."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from zhongzhi.accounts.login_sessions import SIGN_IN
from zhongzhi.accounts.models import SecurityEvent, UserSession

pytestmark = pytest.mark.django_db

PAGE = "/account/sessions/"


def age(browser, **shifts: timedelta) -> None:
    """Let the session have begun (`since`) or been used (`seen`) that much earlier."""
    session = browser.session
    for name, shift in shifts.items():
        moment = datetime.fromisoformat(session[SIGN_IN][name]) - shift
        session[SIGN_IN][name] = moment.isoformat()
    session.modified = True
    session.save()


def test_a_session_in_use_goes_on(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=29), since=timedelta(hours=11))
    assert browser.get(PAGE).status_code == 200


def test_the_bell_of_an_open_page_does_not_keep_a_session_alive(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=29))
    assert browser.get("/notices/bell/", headers={"HX-Request": "true", "X-Background": "1"}).status_code == 200
    age(browser, seen=timedelta(minutes=2))
    assert "ended=idle" in browser.get(PAGE)["Location"]


def test_an_idle_session_ends_and_leads_back_with_the_address_kept(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=31))
    answer = browser.get(f"{PAGE}?page=2")
    assert answer["Location"] == "/login/?ended=idle&next=%2Faccount%2Fsessions%2F%3Fpage%3D2"
    assert "草稿还在" in browser.get(answer["Location"]).content.decode()
    assert not UserSession.objects.filter(user=clerk).exists()
    assert SecurityEvent.objects.get(kind="session_expired").detail == "idle"


def test_a_session_ends_after_twelve_hours_however_busy(clerk, log_in):
    browser = log_in(clerk)
    age(browser, since=timedelta(hours=12, minutes=1))
    assert "ended=absolute" in browser.get(PAGE)["Location"]


def test_after_a_form_was_sent_the_login_page_does_not_lead_to_the_forms_address(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=31))
    assert browser.post(f"{PAGE}end-others/")["Location"] == "/login/?ended=idle&next=%2F"


def test_a_part_of_a_page_takes_the_whole_page_to_login(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=31))
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/?q=x"}
    answer = browser.get(PAGE, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login/?ended=idle&next=%2Fcases%2F%3Fq%3Dx")


def test_a_part_of_a_page_of_a_visitor_takes_the_whole_page_to_login(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/"}
    answer = client.get(PAGE, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login/?next=%2Fcases%2F")


def test_a_program_is_told_401(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=31))
    answer = browser.get("/api/v1/anything/")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_expired")
    assert answer["Content-Type"] == "application/problem+json"


def test_an_expired_session_may_open_the_login_page_at_once(clerk, log_in):
    browser = log_in(clerk)
    age(browser, seen=timedelta(minutes=31))
    assert browser.get("/login/").status_code == 200


def test_last_seen_is_written_at_most_once_a_minute(clerk, log_in):
    browser = log_in(clerk)
    first = UserSession.objects.get().last_seen_at
    browser.get(PAGE)
    assert UserSession.objects.get().last_seen_at == first
    age(browser, seen=timedelta(seconds=61))
    browser.get(PAGE, REMOTE_ADDR="10.5.5.5")
    row = UserSession.objects.get()
    assert timezone.now() - row.last_seen_at < timedelta(seconds=30)
    assert row.ip == "10.5.5.5"


def test_a_session_that_never_said_when_it_began_begins_now(client, clerk):
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 200
    assert UserSession.objects.get(user=clerk).ip == "127.0.0.1"
