"""The parts of a restore: the SQL that is let through, the files that are put back, and what follows the COMMIT."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from intake.models import FeedEpoch
from tests.files.samples import PDF, upload
from tests.people import make_ground
from workbench.management.commands import restore
from workbench.operations import programs, queries
from workbench.operations.actions import Restored, restoring
from workbench.operations.actions.restoring import let_through
from workbench.operations.archive import Manifest
from zhongzhi.accounts.models import UserSession
from zhongzhi.audit.models import TrailEntry
from zhongzhi.files import disk
from zhongzhi.files.actions import put_back, store_file, sweep_orphans

TIMEOUT = b"SET transaction_timeout = 0;\n"
BEFORE = b"--\n-- PostgreSQL database dump\n--\n\n\\restrict k3\n\n-- Dumped by 18.1\n\nSET statement_timeout = 0;\n"
AFTER = b"SET client_encoding = 'UTF8';\nSELECT pg_catalog.set_config('search_path', '', false);\n\n-- Name: notes\n\n"
ROWS = b"COPY public.notes (text) FROM stdin;\n" + TIMEOUT + b"\xe5\xb2\xb3" * 99_999 + b"\n\\.\n" + TIMEOUT


def through(sql: bytes, server: int) -> bytes:
    target = BytesIO()
    let_through(BytesIO(sql), target, server=server)
    return target.getvalue()


@pytest.mark.parametrize("server", [15, 16])
def test_an_older_server_gets_everything_but_one_line_of_the_preamble(server: int) -> None:
    assert through(BEFORE + TIMEOUT + AFTER + ROWS, server) == BEFORE + AFTER + ROWS
    assert through(BEFORE + AFTER + ROWS, server) == BEFORE + AFTER + ROWS, "rows are not the preamble"
    assert through(BEFORE, server) == BEFORE and through(b"", server) == b""
    long = b"CREATE TABLE " + b"a" * 200_000 + b"\n" + TIMEOUT
    assert through(long, server) == long


def test_a_server_that_knows_the_line_gets_it() -> None:
    assert through(BEFORE + TIMEOUT + AFTER + ROWS, 17) == BEFORE + TIMEOUT + AFTER + ROWS


def a_manifest() -> Manifest:
    return Manifest("1", "2026-11-24", 15, "zhongzhi", {}, {"intake_case": 7}, queries.trail_now(), {})


def loaded(folder: Path, *, server: int, status: int) -> str:
    """What psql is sent when it ends with a status of its own."""
    sql, sent = folder / "sql", folder / "sent"
    sql.write_bytes(BEFORE + TIMEOUT + AFTER + ROWS)
    for name, script in (("pg_restore", f"cat {sql}"), ("psql", f"cat > {sent}; exit {status}")):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o700)
    manifest = Manifest("1", "2026-11-24", 15, "zhongzhi", {}, {"intake_case": 7}, {}, {})
    restoring._load(programs.Programs(folder, 18), folder / "dump", manifest, server, replace=True)
    return sent.read_text()


def test_what_is_sent_is_one_transaction_for_that_server(tmp_path: Path) -> None:
    older = loaded(tmp_path, server=16, status=0)
    assert older.startswith("BEGIN;\nDROP SCHEMA") and older.endswith("END $$;\nCOMMIT;\n")
    newer = loaded(tmp_path, server=17, status=0)
    assert len(newer) - len(older) == len(TIMEOUT)


def test_only_a_statement_that_failed_is_told_as_nothing_changed_once_the_end_was_sent(tmp_path: Path) -> None:
    with pytest.raises(programs.ProgramFailed, match=r"^写入数据库失败，数据库没有改动"):
        loaded(tmp_path, server=18, status=3)
    with pytest.raises(programs.ProgramFailed, match=r"不能确定数据是否已替换.*restore --replace。$"):
        loaded(tmp_path, server=18, status=2)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> None:
    """Stored files lie in a place of this test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
@pytest.mark.usefixtures("folder")
def test_a_file_found_damaged_takes_the_place_of_none_and_is_better_than_nothing() -> None:
    file = store_file(upload("证据.pdf", PDF), actor=make_ground().clerk)
    path = disk.full_path(file.path)
    assert not put_back(file.path, BytesIO(b"damaged"), "0" * 64, damaged=True)
    assert path.read_bytes() == PDF
    path.unlink()
    assert put_back(file.path, BytesIO(b"damaged"), "0" * 64, damaged=True)
    assert path.read_bytes() == b"damaged"
    assert put_back(file.path, BytesIO(PDF), file.sm3)
    assert not put_back(file.path, BytesIO(b"not read"), file.sm3)
    assert path.read_bytes() == PDF and path.stat().st_mode & 0o777 == 0o600


class Killed(BytesIO):
    """Gives some bytes, and then the program is no more."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise SystemExit
        return super().read(3)


@pytest.mark.django_db
@pytest.mark.usefixtures("folder")
def test_a_kill_while_a_file_is_put_back_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    file = store_file(upload("证据.pdf", PDF), actor=make_ground().clerk)
    path = disk.full_path(file.path)
    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(disk, "remove", lambda place: None)  # nobody clears up after a kill
        put_back(file.path, Killed(PDF * 2), "0" * 64)
    assert path.read_bytes() == PDF
    (half,) = set(path.parent.iterdir()) - {path}
    assert half.read_bytes() == PDF[:3]
    assert sweep_orphans(timezone.now() + timedelta(hours=2)) == 1
    assert (half.exists(), path.exists()) == (False, True)


FOLLOWING = ("start_anew", "trail_now", "note_restored")


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A restore whose data were replaced this moment; the steps that follow, as they are called."""
    Client().force_login(make_ground().clerk)
    assert UserSession.objects.exists()
    manifest, called = a_manifest(), list[str]()
    monkeypatch.setattr(restore, "restore_backup", lambda path, replace: Restored(manifest))
    monkeypatch.setattr(restore, "needs_migrating", lambda: True)

    def noted(name: str, step: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            called.append(name)
            return step(*arguments)

        return call

    for name in FOLLOWING:
        monkeypatch.setattr(restore, name, noted(name, getattr(restore, name)))
    monkeypatch.setattr(restore, "call_command", lambda name, **options: called.append(name))
    return called


@pytest.mark.django_db(transaction=True)
def test_sign_ins_end_first_and_the_trail_is_compared_once_the_tables_are_ours(following: list[str]) -> None:
    call_command("restore", "any.tar", "--replace", stdout=StringIO())
    assert following == ["migrate", *FOLLOWING, "load_tables", "verify_trail", "check_figures"]
    assert (UserSession.objects.count(), FeedEpoch.objects.count()) == (0, 1)
    assert TrailEntry.objects.get(chain="installation").verb == "restored_from_backup"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failing", "error", "told"),
    [
        ("trail_now", OSError(28, "No space left on device"), "OSError: .*No space left on device"),
        ("note_restored", ProgrammingError("no such column\nDETAIL:  岳某某"), "ProgrammingError: no such column"),
        ("load_tables", CommandError("找不到代码表"), "找不到代码表"),
        ("check_figures", KeyboardInterrupt(), "KeyboardInterrupt"),
        ("verify_trail", programs.ProgramFailed("没有说明原因"), "没有说明原因"),
    ],
)
def test_a_step_that_fails_after_the_data_were_replaced_is_told_as_that(
    failing: str, error: BaseException, told: str, following: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    def command(name: str, **options: object) -> None:
        if name == failing:
            raise error

    monkeypatch.setattr(restore, "call_command", command)
    if failing in FOLLOWING:
        monkeypatch.setattr(restore, failing, fail)
    whole = rf"^数据已替换，但收尾没有完成（{told}）。请排除原因后重新执行 restore --replace。$"
    with pytest.raises(CommandError, match=whole):
        call_command("restore", "any.tar", "--replace", stdout=StringIO())
    assert (UserSession.objects.count(), FeedEpoch.objects.count()) == (0, 1)
