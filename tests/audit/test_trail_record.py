"""Writing the trail."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, close_old_connections, connection, transaction
from django.db.models import TextChoices
from django.db.transaction import TransactionManagementError

from tests.audit.emptying import refuse_emptying
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record, record_first_all, seal_heads
from zhongzhi.audit.models import ChainHead, SealedHead, TrailEntry, TrailSeal
from zhongzhi.audit.queries import trail_of
from zhongzhi.audit.verify import Counts, at_one_moment, verify


class Verb(TextChoices):
    """A vocabulary as apps have it."""

    ACCEPTED = "case_accepted", "受理"


def in_thread(work: Callable[[int], object]) -> Callable[[int], object]:
    """Work with a connection of its own, given back at its end."""

    def run(number: int) -> object:
        try:
            return work(number)
        finally:
            connection.close()

    return run


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_row(officer: User) -> None:
    entry = record(officer, Verb.ACCEPTED, officer, organisation=7)
    entry = TrailEntry.objects.get(chain=entry.chain, seq=entry.seq)
    assert (entry.chain, entry.seq, entry.verb) == (f"user:{officer.pk}", 1, "case_accepted")
    assert (entry.actor, entry.facts, bytes(entry.prev)) == (officer, {"organisation": 7}, b"")


@pytest.mark.django_db
def test_the_clock_acts_without_a_person() -> None:
    assert record(None, "clock_breached", "case:1").actor_id is None


@pytest.mark.django_db
def test_entries_of_one_subject_are_numbered_and_linked() -> None:
    first, second = record(None, "a", "case:1"), record(None, "b", "case:1")
    other = record(None, "a", "case:2")
    assert (first.seq, second.seq, other.seq) == (1, 2, 1)
    assert bytes(second.prev) == bytes(first.mac)
    assert [entry.verb for entry in trail_of("case:1")] == ["a", "b"]


@pytest.mark.django_db
def test_first_entries_of_many_subjects_are_what_one_by_one_would_be(officer: User) -> None:
    chains = ["case:12", "case:3", "case:7"]
    record_first_all([AuditEvent(officer, Verb.ACCEPTED, chain, {"at": place}) for place, chain in enumerate(chains)])
    written = TrailEntry.objects.filter(chain__in=chains).order_by("pk")
    assert [(e.chain, e.seq, e.facts, bytes(e.prev)) for e in written] == [
        (chain, 1, {"at": place}, b"") for place, chain in enumerate(chains)
    ]
    following = record(None, "b", "case:3")
    assert (following.seq, bytes(following.prev)) == (2, bytes(written[1].mac))
    assert list(verify(Counts())) == []


@pytest.mark.django_db
def test_a_subject_with_a_trail_has_no_first_entry_again() -> None:
    record(None, "a", "case:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        record_first_all([AuditEvent(None, Verb.ACCEPTED, chain, {}) for chain in ("case:2", "case:1")])
    assert not trail_of("case:2")


@pytest.mark.django_db
def test_facts_are_kept_as_json_and_verify_after_reading_back() -> None:
    entry = record(
        None,
        "v",
        "case:1",
        at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        day=date(2026, 11, 23),
        hour=time(8, 30),
        amount=Decimal("12.50"),
        share=0.1,
        huge=10**30,
        file=UUID(int=1),
        state=Verb.ACCEPTED,
        fields=("风险", "𠮷"),
        nested={"b": None, "a": True},
    )
    entry = TrailEntry.objects.get(chain=entry.chain, seq=entry.seq)
    assert entry.facts["amount"] == "12.50"
    assert entry.facts["share"] == "0.1"
    assert entry.facts["state"] == "case_accepted"
    assert entry.facts["at"] == "2026-11-23T09:00:00+00:00"
    assert entry.facts["fields"] == ["风险", "𠮷"]
    assert list(verify(Counts(), "case:1")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", [object(), b"x", {1, 2}, float("nan"), float("inf"), "a\0b", {1: 2}, "\ud800"])
def test_what_is_no_json_is_refused_and_leaves_nothing(value: object) -> None:
    with pytest.raises(ValueError):
        record(None, "v", "case:1", fact=value)
    assert not TrailEntry.objects.exists()
    assert not ChainHead.objects.exists()


@pytest.mark.django_db
def test_a_row_is_no_fact(officer: User) -> None:
    with pytest.raises(ValueError, match="User is no fact"):
        record(officer, "v", "case:1", who=officer)


@pytest.mark.django_db
@pytest.mark.parametrize("chain", ["", "x" * 101, "case:\n1"])
def test_a_chain_has_a_decent_name(chain: str) -> None:
    with pytest.raises(ValueError):
        record(None, "v", chain)


@pytest.mark.django_db
def test_an_unsaved_row_or_person_leaves_no_trail() -> None:
    with pytest.raises(ValueError, match="saved"):
        record(None, "v", User(username="new"))
    with pytest.raises(ValueError, match="visitor"):
        record(User(username="new"), "v", "case:1")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        record(None, "v", "case:1")
    assert not ChainHead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_undone_act_leaves_no_trail_and_no_gap() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(None, "undone", "case:1")
        raise RuntimeError
    with transaction.atomic():
        assert record(None, "done", "case:1").seq == 1


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_trailentry", "audit_trailseal", "audit_sealedhead"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET seq = seq + 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(table: str, statement: str) -> None:
    record(None, "v", "case:1")
    assert seal_heads() is not None
    with pytest.raises(ProgrammingError, match=rf"append-only.*{table}"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["DELETE FROM audit_chainhead", "UPDATE audit_chainhead SET seq = 0"])
def test_a_head_is_neither_deleted_nor_turned_back(statement: str) -> None:
    record(None, "v", "case:1")
    with pytest.raises(ProgrammingError, match=r"append-only|only moves on"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [TrailEntry, TrailSeal, SealedHead, ChainHead])
def test_the_trail_cannot_be_emptied(model: type) -> None:
    refuse_emptying()
    with pytest.raises((ProgrammingError, InternalError), match="append-only: TRUNCATE"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_one_chain_number_it_without_gaps() -> None:
    start = threading.Barrier(8)

    @in_thread
    def write(number: int) -> None:
        start.wait()
        for turn in range(15):
            with transaction.atomic():
                record(None, "v", "case:1", writer=number, turn=turn)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert list(trail_of("case:1").values_list("seq", flat=True)) == list(range(1, 121))
    with at_one_moment():
        assert list(verify(counts := Counts())) == []
    assert counts.entries == 120


@pytest.mark.django_db(transaction=True)
def test_a_writer_waits_for_its_own_chain_only() -> None:
    @in_thread
    def write(case: int) -> int:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
            return record(None, "v", f"case:{case}").seq

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        record(None, "v", "case:1")
        assert pool.submit(write, 2).result(10) == 1
        with pytest.raises(Exception, match="lock timeout"):
            pool.submit(write, 1).result(10)
    close_old_connections()
    assert write(1) == 2
