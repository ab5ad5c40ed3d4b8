"""Posting: what is written with an act, and once only."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import deliver_due, post
from zhongzhi.notices.models import Notice, OutboxMessage
from zhongzhi.notices.queries import due_messages, oldest_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db: None) -> User:
    return create_user(username="wang.fang", name="王芳")


def test_each_person_gets_a_message_of_their_own(officer: User, colleague: User) -> None:
    post([officer, colleague, officer], "case_dispatched", title="新交办", body="土地", link="/cases/1/", key="k")
    assert deliver_due(timezone.now()) == 2
    notices = Notice.objects.order_by("user_id")
    assert [notice.user for notice in notices] == [officer, colleague]
    first = notices[0]
    assert (first.kind, first.title, first.body, first.link) == ("case_dispatched", "新交办", "土地", "/cases/1/")
    assert first.is_unread


def test_the_same_occasion_is_told_once(officer: User) -> None:
    for title in ("一", "二"):
        post([officer], "kind", title=title, key="case:1:breach")
    assert [row.payload["title"] for row in OutboxMessage.objects.all()] == ["一"]
    deliver_due(timezone.now())
    post([officer], "kind", title="三", key="case:1:breach")
    assert deliver_due(timezone.now()) == 0


def test_a_colleague_added_later_is_still_told(officer: User, colleague: User) -> None:
    post([officer], "kind", title="t", key="k")
    post([officer, colleague], "kind", title="t", key="k")
    assert OutboxMessage.objects.count() == 2


def test_any_number_of_people_takes_one_statement(
    officer: User, colleague: User, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        post([officer, colleague], "kind", title="t", key="k")


def test_nobody_to_tell_is_fine() -> None:
    post([], "kind", title="t", key="k")
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_undone_act_tells_nobody(officer: User) -> None:
    with transaction.atomic():
        post([officer], "kind", title="t", key="k")
        transaction.set_rollback(True)
    assert deliver_due(timezone.now()) == 0


def test_a_message_waits_for_its_hour(officer: User) -> None:
    morning = timezone.now() + timedelta(hours=9)
    post([officer], "kind", title="t", key="k", not_before=morning)
    assert deliver_due(timezone.now()) == 0
    assert not due_messages(timezone.now()).exists()
    assert deliver_due(morning) == 1


def test_since_when_the_oldest_waits_is_known(officer: User) -> None:
    assert oldest_due(timezone.now()) is None
    morning = timezone.now() - timedelta(hours=9)
    post([officer], "kind", title="t", key="k", not_before=morning)
    assert oldest_due(timezone.now()) == morning


def test_a_long_title_is_cut_with_a_sign(officer: User) -> None:
    post([officer], "kind", title="长" * 500, key="k")
    deliver_due(timezone.now())
    assert Notice.objects.get().title == "长" * 199 + "…"


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_a_link_elsewhere_is_refused(link: str, officer: User) -> None:
    with pytest.raises(ValueError, match="pages of ours"):
        post([officer], "kind", title="t", link=link, key="k")


@pytest.mark.parametrize("key", ["", "k" * 200])
def test_a_key_that_does_not_fit_is_refused(key: str, officer: User) -> None:
    with pytest.raises(ValueError, match="a key has"):
        post([officer], "kind", title="t", key=key)
