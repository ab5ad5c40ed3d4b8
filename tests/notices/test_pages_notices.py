"""The list of notices, the bell, and reading through the pages."""

import pytest
from django.test import Client
from django.utils import timezone

from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import deliver_due, mark_read, post
from zhongzhi.notices.models import Notice
from zhongzhi.notices.queries import unread_count

pytestmark = pytest.mark.django_db


def tell(user: User, number: int, link: str = "/notices/") -> list[Notice]:
    for n in range(number):
        post([user], "kind", title=f"第 {n} 件", body="<b>正文</b>", link=link, key=f"k{n}")
    deliver_due(timezone.now(), limit=number)
    return list(Notice.objects.filter(user=user).order_by("id"))


@pytest.fixture
def browser(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_the_list_shows_unread_notices_first_and_escapes_them(browser: Client, officer: User) -> None:
    notices = tell(officer, 2)
    mark_read(officer, [notices[1].pk])
    page = browser.get("/notices/").content.decode()
    assert page.index("第 0 件") < page.index("第 1 件")
    assert "1 条未读" in page
    assert "&lt;b&gt;正文" in page
    assert "<b>正文" not in page


def test_an_empty_list_says_what_will_stand_here(browser: Client) -> None:
    assert "没有消息" in browser.get("/notices/").content.decode()


def test_each_notice_stands_on_one_page_only_across_the_border_of_read_and_unread(
    browser: Client, officer: User
) -> None:
    notices = tell(officer, 120)
    mark_read(officer, [notice.pk for notice in notices[60:]])
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = browser.get("/notices/", {"cursor": cursor} if cursor else {}).context["page"]
        seen += [notice.pk for notice in page.items]
        cursor = page.next_cursor
    assert seen == [notice.pk for notice in reversed(notices[:60])] + [n.pk for n in reversed(notices[60:])]


def test_a_broken_cursor_is_no_error_of_ours(browser: Client) -> None:
    assert browser.get("/notices/", {"cursor": "x"}).status_code in (200, 422)


def test_the_number_of_queries_does_not_grow_with_the_list(
    browser: Client, officer: User, django_assert_max_num_queries: object
) -> None:
    tell(officer, 2)
    browser.get("/notices/")
    with django_assert_max_num_queries(10) as few:  # type: ignore[operator]
        browser.get("/notices/")
    for n in range(40):
        post([officer], "kind", title="t", key=f"more{n}")
    deliver_due(timezone.now())
    with django_assert_max_num_queries(10) as many:  # type: ignore[operator]
        browser.get("/notices/")
    assert len(few) == len(many)


def test_the_bell_counts_what_is_unread(browser: Client, officer: User) -> None:
    tell(officer, 2)
    answer = browser.get("/notices/bell/")
    assert "2 条未读" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_the_bell_says_99_plus(browser: Client, officer: User) -> None:
    tell(officer, 100)
    assert "99+" in browser.get("/notices/bell/").content.decode()


def test_the_bell_of_an_ended_session_stops_asking() -> None:
    answer = Client().get("/notices/bell/")
    assert (answer.status_code, answer.content) == (286, b"")


def test_opening_a_notice_reads_it_and_leads_to_its_page(browser: Client, officer: User) -> None:
    (notice,) = tell(officer, 1, link="/cases/ZJ1/")
    answer = browser.post(f"/notices/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/cases/ZJ1/")
    assert unread_count(officer) == 0


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", ""])
def test_opening_never_leads_away_from_here(link: str, browser: Client, officer: User) -> None:
    (notice,) = tell(officer, 1)
    Notice.objects.update(link=link)
    assert browser.post(f"/notices/{notice.pk}/open/")["Location"] == "/notices/"


def test_one_is_marked_as_read_or_all_that_stood_on_the_page(browser: Client, officer: User) -> None:
    notices = tell(officer, 3)
    assert browser.post(f"/notices/{notices[0].pk}/read/")["Location"] == "/notices/"
    assert unread_count(officer) == 2
    assert browser.post("/notices/read-all/", {"seen": [notices[1].pk, "x"]})["Location"] == "/notices/"
    assert unread_count(officer) == 1


def test_a_notice_of_another_is_not_there(browser: Client, officer: User) -> None:
    (notice,) = tell(create_user(username="wang.fang", name="王芳"), 1)
    assert "第 0 件" not in browser.get("/notices/").content.decode()
    for act in ("open", "read"):
        assert browser.post(f"/notices/{notice.pk}/{act}/").status_code == 404
    assert Notice.objects.get().is_unread


@pytest.mark.parametrize("address", ["/notices/read-all/", "/notices/1/open/", "/notices/1/read/"])
def test_looking_changes_nothing(address: str, browser: Client) -> None:
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("address", ["/notices/", "/notices/read-all/", "/notices/1/open/", "/notices/1/read/"])
def test_a_visitor_is_led_to_the_login(address: str) -> None:
    answer = Client().get(address) if address == "/notices/" else Client().post(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
