"""Seals over the ends of the chains."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from zhongzhi.audit.actions import record, seal_heads
from zhongzhi.audit.models import SealedHead, TrailSeal
from zhongzhi.audit.tasks import seal_trail
from zhongzhi.audit.verify import Counts, at_one_moment, verify

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def act_on(*cases: int) -> None:
    for case in cases:
        record(None, "v", f"case:{case}")


def assert_sound() -> None:
    with at_one_moment():
        assert list(verify(Counts())) == []


def test_a_seal_covers_what_grew_since_the_one_before() -> None:
    act_on(1, 2)
    first = seal_heads()
    act_on(2, 3)
    second = seal_heads()
    assert first is not None
    assert second is not None
    assert list(second.sealed.values_list("chain", "seq")) == [("case:2", 2), ("case:3", 1)]
    assert bytes(second.prev) == bytes(first.mac)
    assert_sound()


def test_nothing_new_makes_no_seal() -> None:
    act_on(1)
    assert seal_heads() is not None
    assert seal_heads() is None


def test_many_chains_are_sealed_in_several_seals() -> None:
    act_on(*range(5))
    assert [seal.heads for seal in iter(lambda: seal_heads(limit=2), None)] == [2, 2, 1]
    assert_sound()


def test_the_task_seals_everything_and_twice_does_no_harm() -> None:
    act_on(1, 2, 3)
    assert seal_trail() == 3
    assert seal_trail() == 0


def test_two_beats_at_once_seal_once() -> None:
    act_on(*range(20))
    start = threading.Barrier(4)

    def beat(_: int) -> None:
        try:
            start.wait()
            seal_trail()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(beat, range(4)))
    seal_trail()
    assert SealedHead.objects.count() == 20
    assert TrailSeal.objects.count() == 1
    assert_sound()


def test_a_chain_in_the_middle_of_an_act_waits_for_the_next_seal() -> None:
    act_on(1, 2)

    def beat() -> int:
        try:
            return seal_trail()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        record(None, "v", "case:1")
        assert pool.submit(beat).result(10) == 1
    assert seal_trail() == 1
    assert_sound()


def test_the_check_holds_while_others_write() -> None:
    """What is committed during the check neither shows as a fault nor is counted."""
    act_on(1)
    act_on(2)

    def writer() -> None:
        try:
            act_on(1, 2)
        finally:
            connection.close()

    counts = Counts()
    tampered = "UPDATE audit_chainhead SET mac = '' WHERE chain = 'case:1'"
    with connection.cursor() as cursor:
        cursor.execute(tampered)
    with at_one_moment():
        checking = verify(counts)
        assert next(checking).where == "case:1#1"
        with ThreadPoolExecutor(1) as pool:
            pool.submit(writer).result(10)
        assert list(checking) == []
    assert counts.entries == 2


def test_the_command_needs_no_transaction_of_its_caller() -> None:
    act_on(1)
    out = StringIO()
    call_command("verify_trail", "--chain", "case:1", stdout=out)
    assert "链 1 条，留痕 1 条" in out.getvalue()
