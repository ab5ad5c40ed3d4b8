"""What the seals said outside of the database stands against a database that was rolled back."""

import json
import socket
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from tests.audit.ways import codes, triggers_off
from zhongzhi.audit.actions import anchor_seals, note_restored_trail, record, seal_heads
from zhongzhi.audit.models import SealedHead, TrailEntry, TrailSeal
from zhongzhi.audit.tasks import seal_trail

pytestmark = pytest.mark.django_db
TRAIL = [model._meta.db_table for model in (SealedHead, TrailSeal, TrailEntry)]


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    """Where seals are told."""
    settings.ANCHOR_FILE = str(tmp_path / "outside" / "seals.jsonl")
    return Path(settings.ANCHOR_FILE)


@transaction.atomic
def sealed(*chains: str) -> None:
    for chain in chains:
        record(None, "v", chain)
        seal_heads()


def forget_last_seal() -> None:
    last = TrailSeal.objects.latest("seq")
    chains = list(last.sealed.values_list("chain", flat=True))
    with triggers_off("audit_sealedhead", "audit_trailseal"):
        last.sealed.all().delete()
        last.delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_chainhead SET unsealed = true WHERE chain = ANY(%s)", [chains])


def test_each_seal_is_told_once_in_a_file_for_its_owner_only(file: Path) -> None:
    sealed("case:1", "case:2")
    assert anchor_seals() == 2
    sealed("case:3")
    assert [anchor_seals(), anchor_seals()] == [1, 0]
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["seal"] for line in lines] == [1, 2, 3]
    assert file.stat().st_mode & 0o777 == 0o600
    assert codes(file) == set()


def test_the_hourly_task_gathers_seals_and_tells(file: Path) -> None:
    with transaction.atomic():
        record(None, "v", "case:1")
    seal_trail()
    assert len(file.read_text().splitlines()) == TrailSeal.objects.count() == 1


def test_the_last_seal_rolled_back_is_found(file: Path) -> None:
    sealed("case:1", "case:2")
    anchor_seals()
    forget_last_seal()
    assert "seal_rolled_back" not in codes()
    assert codes(file) == {"seal_rolled_back"}


def test_another_seal_in_the_place_of_one_that_was_told_is_found(file: Path) -> None:
    sealed("case:1", "case:2")
    anchor_seals()
    forget_last_seal()
    seal_heads()
    assert codes(file) == {"seal_not_as_anchored"}


def test_lines_that_were_changed_or_taken_away_are_found(file: Path) -> None:
    sealed("case:1", "case:2", "case:3")
    anchor_seals()
    first, second, third = file.read_text().splitlines(keepends=True)
    changes = [first + third, second + third, first + second.replace('"heads":1', '"heads":2') + third, first + "{}\n"]
    for text in changes:
        file.write_text(text)
        assert "anchor_altered" in codes(file), text
    file.write_text("")
    assert codes(file) == {"anchors_missing"}


def test_a_restore_is_told_and_ends_what_is_expected_after_it(file: Path) -> None:
    sealed("case:1", "case:2")
    anchor_seals()
    forget_last_seal()
    note_restored_trail()
    assert codes(file) == set()
    seal_heads()
    anchor_seals()
    assert codes(file) == set()


def test_seals_go_to_syslog_too_where_one_is_named(file: Path, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.ANCHOR_SYSLOG = f"127.0.0.1:{server.getsockname()[1]}"
        heard: list[bytes] = []

        def listen() -> None:
            with server.accept()[0] as connected:
                while part := connected.recv(4096):
                    heard.append(part)

        listener = threading.Thread(target=listen)
        listener.start()
        sealed("case:1")
        anchor_seals()
        listener.join(10)
    assert file.read_text().strip() in b"".join(heard).decode()
