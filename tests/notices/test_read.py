"""Reading notices."""

import pytest
from django.utils import timezone

from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.notices.actions import deliver_due, mark_read, open_notice, post
from zhongzhi.notices.models import Notice
from zhongzhi.notices.queries import notices_of, unread_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def notices(officer: User) -> list[Notice]:
    """Three unread notices, the oldest first."""
    for n in range(3):
        post([officer], "kind", title=f"第 {n} 条", key=f"k{n}")
    deliver_due(timezone.now())
    return list(Notice.objects.order_by("id"))


@pytest.fixture
def stranger(db: None) -> User:
    return create_user(username="xing.lei", name="邢磊")


def test_unread_ones_come_first_then_the_newest(officer: User, notices: list[Notice]) -> None:
    assert mark_read(officer, [notices[2].pk]) == 1
    assert list(notices_of(officer)) == [notices[1], notices[0], notices[2]]
    assert unread_count(officer) == 2


def test_reading_twice_keeps_the_first_time(officer: User, notices: list[Notice]) -> None:
    mark_read(officer, [notices[0].pk])
    first = Notice.objects.get(pk=notices[0].pk).read_at
    assert mark_read(officer, [notices[0].pk]) == 0
    assert Notice.objects.get(pk=notices[0].pk).read_at == first


def test_all_are_read_at_once(officer: User, notices: list[Notice]) -> None:
    assert mark_read(officer, Notice.objects.values_list("pk", flat=True)) == 3
    assert unread_count(officer) == 0


def test_notices_of_others_are_neither_seen_nor_read(officer: User, stranger: User, notices: list[Notice]) -> None:
    assert mark_read(stranger, [notice.pk for notice in notices]) == 0
    assert mark_read(stranger, Notice.objects.values_list("pk", flat=True)) == 0
    assert not notices_of(stranger).exists()
    with pytest.raises(NotFound):
        open_notice(stranger, notices[0].pk)
    assert unread_count(officer) == 3


def test_opening_one_reads_it(officer: User, notices: list[Notice]) -> None:
    assert open_notice(officer, notices[1].pk) == notices[1]
    assert unread_count(officer) == 2
