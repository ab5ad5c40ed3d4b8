"""Finding what was done to the trail behind the program's back, by someone who may switch its triggers off."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from zhongzhi.audit.actions import record, seal_heads
from zhongzhi.audit.models import ChainHead, SealedHead, TrailEntry, TrailSeal
from zhongzhi.audit.verify import Counts, verify

pytestmark = pytest.mark.django_db
TABLES = [model._meta.db_table for model in (TrailEntry, TrailSeal, SealedHead, ChainHead)]


@contextmanager
def triggers_off() -> Iterator[None]:
    """As the owner of the tables could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(statement: str, *values: object) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount, "the tampering must hit something"


def faults(chain: str | None = None) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in verify(Counts(), chain)]


@pytest.fixture(autouse=True)
def trail() -> None:
    """Five entries of one case, two of another, sealed but for the last of the first."""
    for number in range(4):
        record(None, "v", "case:1", number=number)
    record(None, "v", "case:10")
    record(None, "w", "case:10")
    seal_heads()
    record(None, "late", "case:1")


def test_a_sound_trail_has_no_faults() -> None:
    counts = Counts()
    assert list(verify(counts)) == []
    assert (counts.chains, counts.entries, counts.seals) == (2, 7, 1)


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'x'",
        "facts = '{\"number\": 9}'",
        "facts = '{\"number\": 1e400}'",
        "at = at + interval '1 microsecond'",
        "mac = decode(repeat('00', 32), 'hex')",
        "prev = decode(repeat('00', 32), 'hex')",
    ],
)
def test_a_changed_entry_is_named(change: str) -> None:
    tamper(f"UPDATE audit_trailentry SET {change} WHERE chain = 'case:1' AND seq = 2")
    assert ("entry_altered", "case:1#2") in faults()


def test_a_changed_entry_does_not_put_the_blame_on_its_neighbours() -> None:
    tamper("UPDATE audit_trailentry SET verb = 'x' WHERE chain = 'case:1' AND seq = 2")
    assert faults() == [("entry_altered", "case:1#2")]


def test_a_changed_actor_is_named(officer: object) -> None:
    tamper("UPDATE audit_trailentry SET actor_id = %s WHERE chain = 'case:10' AND seq = 1", officer.pk)  # type: ignore[attr-defined]
    assert faults() == [("entry_altered", "case:10#1")]


def test_a_removed_entry_is_named() -> None:
    tamper("DELETE FROM audit_trailentry WHERE chain = 'case:1' AND seq IN (2, 3)")
    assert faults() == [("entry_missing", "case:1#2")]
    assert "第 2 至 3 条不见了" in next(verify(Counts())).what


def test_a_removed_last_entry_is_named() -> None:
    tamper("DELETE FROM audit_trailentry WHERE chain = 'case:1' AND seq = 5")
    assert faults() == [("entry_missing", "case:1#5")]


def test_an_end_cut_off_proved_by_its_head_is_shown_by_the_seal() -> None:
    tamper("DELETE FROM audit_trailentry WHERE chain = 'case:1' AND seq > 3")
    third = TrailEntry.objects.get(chain="case:1", seq=3)
    tamper("UPDATE audit_chainhead SET seq = 3, mac = %s WHERE chain = 'case:1'", bytes(third.mac))
    assert faults() == [("entry_missing", "case:1#4"), ("head_altered", "case:1#3")]


def test_a_chain_removed_whole_is_shown_by_the_seal() -> None:
    tamper("DELETE FROM audit_trailentry WHERE chain = 'case:10'")
    tamper("DELETE FROM audit_chainhead WHERE chain = 'case:10'")
    assert faults() == [("entry_missing", "case:10#1"), ("head_missing", "case:10#0")]


def test_an_entry_put_between_is_named() -> None:
    tamper("UPDATE audit_trailentry SET seq = seq + 1 WHERE chain = 'case:1' AND seq = 5")
    tamper(
        "INSERT INTO audit_trailentry (chain, seq, verb, facts, at, prev, mac)"
        " SELECT chain, 5, 'forged', facts, at, mac, mac FROM audit_trailentry WHERE chain = 'case:1' AND seq = 4"
    )
    tamper("UPDATE audit_chainhead SET seq = 6 WHERE chain = 'case:1'")
    assert faults() == [("entry_altered", "case:1#5"), ("entry_altered", "case:1#6")]


def test_an_entry_put_at_the_end_is_named() -> None:
    tamper(
        "INSERT INTO audit_trailentry (chain, seq, verb, facts, at, prev, mac)"
        " SELECT chain, 3, 'forged', facts, at, mac, mac FROM audit_trailentry WHERE chain = 'case:10' AND seq = 2"
    )
    assert faults() == [("entry_altered", "case:10#3"), ("head_altered", "case:10#2")]


def test_an_entry_of_a_past_that_was_undone_does_not_fit_in() -> None:
    """A genuine entry written over another past, as after a restore from two backups."""
    with transaction.atomic():
        point = transaction.savepoint()
        genuine = record(None, "other past", "case:10")
        record(None, "on it", "case:10")
        on_it = TrailEntry.objects.get(chain="case:10", seq=4)
        transaction.savepoint_rollback(point)
    record(None, "this past", "case:10")
    on_it.pk = None
    on_it.save(force_insert=True)
    tamper("UPDATE audit_chainhead SET seq = 4, mac = %s WHERE chain = 'case:10'", bytes(on_it.mac))
    assert genuine.seq == 3
    assert faults() == [("entry_unlinked", "case:10#4")]


def test_a_changed_head_is_named() -> None:
    tamper("UPDATE audit_chainhead SET mac = decode(repeat('00', 32), 'hex') WHERE chain = 'case:1'")
    assert faults() == [("head_altered", "case:1#5")]


def test_a_removed_head_is_named() -> None:
    tamper("DELETE FROM audit_chainhead WHERE chain = 'case:1'")
    assert faults() == [("head_missing", "case:1#5")]


@pytest.mark.parametrize("change", ["heads = 3", "digest = repeat('0', 64)", "at = at - interval '1 day'"])
def test_a_changed_seal_is_named(change: str) -> None:
    tamper(f"UPDATE audit_trailseal SET {change} WHERE seq = 1")
    assert ("seal_altered", "seal#1") in faults()


def test_what_a_seal_lists_cannot_be_changed_unseen() -> None:
    tamper("UPDATE audit_sealedhead SET mac = decode(repeat('00', 32), 'hex') WHERE chain = 'case:1'")
    assert faults() == [("entry_not_as_sealed", "case:1#4"), ("seal_heads_altered", "seal#1")]


def test_a_removed_seal_is_named() -> None:
    seal_heads()
    tamper("DELETE FROM audit_sealedhead WHERE seal_id = (SELECT id FROM audit_trailseal WHERE seq = 1)")
    tamper("DELETE FROM audit_trailseal WHERE seq = 1")
    assert ("seal_missing", "seal#1") in faults()


def test_a_removed_last_seal_is_shown_by_the_heads_it_sealed() -> None:
    seal_heads()
    tamper("DELETE FROM audit_sealedhead WHERE seal_id = (SELECT id FROM audit_trailseal WHERE seq = 2)")
    tamper("DELETE FROM audit_trailseal WHERE seq = 2")
    assert faults() == [("seal_missing", "case:1#5")]


def test_one_chain_is_checked_alone() -> None:
    tamper("UPDATE audit_trailentry SET verb = 'x' WHERE chain = 'case:1' AND seq = 2")
    assert faults("case:10") == []
    assert faults("case:1") == [("entry_altered", "case:1#2")]


def test_the_command_names_each_fault_and_fails() -> None:
    tamper("UPDATE audit_trailentry SET verb = 'x' WHERE chain = 'case:1' AND seq = 2")
    out = StringIO()
    with pytest.raises(CommandError, match="发现 1 处") as raised:
        call_command("verify_trail", stdout=out)
    assert raised.value.returncode == 1
    assert out.getvalue().startswith("case:1#2\tentry_altered\t第 2 条与校验码不符")
    assert len(out.getvalue().splitlines()) == 1


def test_the_command_says_how_much_it_found_sound() -> None:
    out = StringIO()
    call_command("verify_trail", stdout=out)
    assert out.getvalue() == "留痕完好：已核对链 2 条，留痕 7 条，封存 1 号。\n"
