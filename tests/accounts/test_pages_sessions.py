"""The list of one's sessions, and their end."""

import pytest
from django.contrib.sessions.backends.base import UpdateError

from tests.accounts.known import PASSWORD
from zhongzhi.accounts.actions import create_user, end_session
from zhongzhi.accounts.models import SecurityEvent, UserSession
from zhongzhi.core.errors import PermissionDenied

pytestmark = pytest.mark.django_db

PAGE = "/account/sessions/"
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140"
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/140 Mobile Safari/537 MicroMessenger/8"


def row_of(browser) -> UserSession:
    return UserSession.objects.get(session_key=browser.cookies["sessionid"].value)


def test_the_list_shows_from_where_and_marks_the_session_in_use(clerk, log_in):
    here = log_in(clerk, HTTP_USER_AGENT=EDGE, REMOTE_ADDR="10.0.0.1")
    log_in(clerk, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="10.0.0.2")
    page = here.get(PAGE).content.decode()
    for text in ("Edge · Windows", "微信 · Android", "10.0.0.1", "10.0.0.2"):
        assert text in page
    assert page.count(">当前<") == 1


def test_the_list_never_shows_a_session_key(clerk, log_in):
    here = log_in(clerk)
    assert here.cookies["sessionid"].value not in here.get(PAGE).content.decode()


def test_other_peoples_sessions_are_not_listed(clerk, log_in):
    other = create_user(username="li.gang", name="李刚", password=PASSWORD)
    log_in(other, REMOTE_ADDR="10.7.7.7")
    assert "10.7.7.7" not in log_in(clerk).get(PAGE).content.decode()


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_ten(clerk, log_in, django_assert_max_num_queries):
    here = log_in(clerk)
    here.get(PAGE)
    with django_assert_max_num_queries(20) as one:
        here.get(PAGE)
    count = len(one)
    for _ in range(9):
        log_in(clerk)
    with django_assert_max_num_queries(count):
        here.get(PAGE)


def test_one_session_is_ended_from_another(clerk, log_in):
    here, lost = log_in(clerk), log_in(clerk)
    answer = here.post(f"{PAGE}{row_of(lost).public_id}/end/")
    assert answer["Location"] == PAGE
    assert lost.get(PAGE)["Location"].startswith("/login/")
    assert here.get(PAGE).status_code == 200
    assert SecurityEvent.objects.filter(kind="session_ended", user=clerk).count() == 1


def test_ending_the_session_in_use_leads_to_the_login_page(clerk, log_in):
    here = log_in(clerk)
    assert here.post(f"{PAGE}{row_of(here).public_id}/end/")["Location"] == "/login/"
    assert not UserSession.objects.filter(user=clerk).exists()


def test_another_persons_session_is_out_of_sight(clerk, log_in):
    other = create_user(username="li.gang", name="李刚", password=PASSWORD)
    target = log_in(other)
    assert log_in(clerk).post(f"{PAGE}{row_of(target).public_id}/end/").status_code == 404
    assert target.get(PAGE).status_code == 200


def test_the_action_itself_refuses_another_persons_session(clerk, log_in):
    other = create_user(username="li.gang", name="李刚", password=PASSWORD)
    session = row_of(log_in(other))
    with pytest.raises(PermissionDenied):
        end_session(session, actor=clerk)
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_all_others_end_at_once(clerk, log_in):
    here, first, second = log_in(clerk), log_in(clerk), log_in(clerk)
    assert here.post(f"{PAGE}end-others/")["Location"] == PAGE
    assert [browser.get(PAGE).status_code for browser in (here, first, second)] == [200, 302, 302]


def test_a_session_ended_meanwhile_cannot_write_itself_back(clerk, log_in):
    here = log_in(clerk)
    session = here.session
    session["x"] = 1
    UserSession.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not UserSession.objects.exists()


def test_a_visitor_is_led_to_the_login_page(client, db):
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"
    assert client.post(f"{PAGE}end-others/")["Location"].startswith("/login/")


def test_saving_a_session_keeps_its_name_and_its_beginning(clerk, log_in):
    here = log_in(clerk)
    before = row_of(here)
    session = here.session
    session["x"] = 1
    session.save()
    after = row_of(here)
    assert (after.public_id, after.created_at, after.ip) == (before.public_id, before.created_at, before.ip)
