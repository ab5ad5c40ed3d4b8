"""Delivery: nothing lost, nothing twice."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import deliver_due, post
from zhongzhi.notices.models import Notice, OutboxMessage
from zhongzhi.notices.tasks import deliver_outbox

pytestmark = pytest.mark.django_db(transaction=True)


def post_many(officer: User, number: int) -> None:
    for n in range(number):
        post([officer], "kind", title=f"第 {n} 条", key=f"k{n}")


def an_unknown_message(**changes: object) -> OutboxMessage:
    values: dict[str, object] = {"key": "u", "topic": "pigeon", "payload": {"phone": "13847500001"}}
    return OutboxMessage.objects.create(**values | changes)


def test_no_more_than_asked_for_go_out_at_once_the_longest_due_first(officer: User) -> None:
    post_many(officer, 3)
    assert deliver_due(timezone.now(), limit=2) == 2
    assert list(Notice.objects.order_by("id").values_list("title", flat=True)) == ["第 0 条", "第 1 条"]
    assert deliver_due(timezone.now(), limit=2) == 1


def test_delivering_twice_changes_nothing(officer: User) -> None:
    post_many(officer, 1)
    deliver_due(timezone.now())
    OutboxMessage.objects.update(delivered_at=None)
    assert deliver_due(timezone.now()) == 1
    assert Notice.objects.count() == 1


def test_four_deliverers_at_once_deliver_each_message_once(officer: User) -> None:
    post_many(officer, 60)
    start = threading.Barrier(4)

    def deliverer(_: int) -> int:
        try:
            start.wait()
            return deliver_due(timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        delivered = list(pool.map(deliverer, range(4)))
    assert sum(delivered) == 60
    assert Notice.objects.count() == 60
    assert sum(share > 0 for share in delivered) > 1, "they worked side by side"


def test_the_task_goes_on_until_nothing_is_due(officer: User) -> None:
    post_many(officer, 120)
    assert deliver_outbox() == 120
    assert deliver_outbox() == 0


def test_a_message_without_a_channel_waits_longer_each_time_and_is_kept() -> None:
    message, now = an_unknown_message(), timezone.now()
    waits = []
    for _ in range(11):
        assert deliver_due(now) == 0
        message.refresh_from_db()
        waits.append(int((message.next_attempt_at - now) / timedelta(minutes=1)))
        now = message.next_attempt_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert (message.attempts, message.delivered_at) == (11, None)


def test_a_message_that_fails_does_not_hold_up_the_others(officer: User) -> None:
    an_unknown_message()
    post_many(officer, 2)
    assert deliver_due(timezone.now()) == 2


def test_a_reader_who_is_gone_fails_that_message_only(officer: User) -> None:
    """The key to the reader is checked by the database at the end of a transaction; it must not end the delivery."""
    an_unknown_message(topic="notice", payload={"user": 0, "kind": "k", "title": "t", "body": "", "link": ""})
    post_many(officer, 1)
    assert deliver_due(timezone.now()) == 1
    lost = OutboxMessage.objects.get(key="u")
    assert (lost.attempts, lost.last_error, lost.delivered_at) == (1, "IntegrityError", None)


def test_neither_row_nor_log_of_a_failure_holds_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    message = an_unknown_message(topic="notice")
    with caplog.at_level(logging.WARNING):
        deliver_due(timezone.now())
    message.refresh_from_db()
    assert message.last_error == "KeyError"
    assert caplog.records
    assert all("13847500001" not in str(vars(record)) for record in caplog.records)


def test_a_success_after_failures_clears_the_error(officer: User) -> None:
    post_many(officer, 1)
    OutboxMessage.objects.update(attempts=3, last_error="TimeoutError")
    deliver_due(timezone.now())
    message = OutboxMessage.objects.get()
    assert message.last_error == ""
    assert message.delivered_at is not None
