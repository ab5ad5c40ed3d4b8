"""The archive: what is in it, who may read it, how many are kept, and what is told when it cannot be made."""

import os
import stat
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

import zhongzhi
from tests.files.samples import PDF, upload
from tests.operations.elsewhere import Elsewhere
from tests.people import make_ground
from workbench.operations import programs
from workbench.operations.actions import making, remove_old
from workbench.operations.archive import ArchiveBroken, verified
from zhongzhi.files.actions import store_file
from zhongzhi.files.disk import full_path
from zhongzhi.files.models import StoredFile

NAMES = [f"zhongzhi-202611{day:02d}-020000.tar" for day in range(1, 6)]


def made(folder: Path) -> tuple[Path, str]:
    said = StringIO()
    call_command("backup", "--to", str(folder), "--keep", "1", stdout=said)
    return next(folder.glob("*.tar")), said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_an_archive_is_its_owners_alone_holds_no_key_and_is_checked_without_a_database(tmp_path: Path) -> None:
    ground = make_ground()
    file = store_file(upload("证据.pdf", PDF), actor=ground.clerk)
    folder = tmp_path / "backups"
    archive, said = made(folder)
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(archive.stat().st_mode)) == (0o700, 0o600)
    assert [path.name for path in folder.iterdir()] == [archive.name]
    content = archive.read_bytes()
    keys = [settings.SECRET_KEY, settings.HASH_KEY, settings.FIELD_KEYS.partition(":")[2].partition(",")[0]]
    assert not [key for key in keys if key.encode() in content]
    manifest = verified(archive)
    assert manifest.members[f"files/{file.path}"] == [file.size, file.sm3]
    assert manifest.tables["accounts_user"] == len(ground.people)
    assert set(manifest.keys) >= {"k1", "HASH_KEY"} and "文件 1 个" in said
    nowhere = Elsewhere("nowhere", tmp_path).manage(
        "restore", "--check", str(archive), DATABASE_URL="postgres://x@/none"
    )
    assert (nowhere.returncode, "备份完整" in nowhere.stdout, "本机齐全" in nowhere.stdout) == (0, True, True)


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_was_cut_short_or_changed_is_no_archive(tmp_path: Path) -> None:
    archive, _ = made(tmp_path / "backups")
    whole = archive.read_bytes()
    for at in (0, 100, len(whole) // 2, whole.index(b'"made_at"')):
        copy = tmp_path / "copy.tar"
        copy.write_bytes(whole[:at])
        with pytest.raises(ArchiveBroken):
            verified(copy)
        copy.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(ArchiveBroken):
            verified(copy)


def test_the_newest_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    for name in [*NAMES, "notes.txt", "zhongzhi-old.tar"]:
        (tmp_path / name).touch()
    removed = remove_old(tmp_path, 2)
    assert [path.name for path in removed] == NAMES[:3]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES[3:], "notes.txt", "zhongzhi-old.tar"])
    assert remove_old(tmp_path, 0) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_old_is_removed_while_the_new_archive_lacks_files(tmp_path: Path) -> None:
    file = store_file(upload("证据.pdf", PDF), actor=make_ground().clerk)
    for name in NAMES:
        (tmp_path / name).touch()
    full_path(file.path).unlink()
    with pytest.raises(CommandError, match=r"1 个文件在磁盘上缺失.*因此没有删除任何旧备份。$"):
        made(tmp_path)
    assert len(list(tmp_path.glob("*.tar"))) == len(NAMES) + 1
    full_path(file.path).write_bytes(PDF[:-1])
    with pytest.raises(CommandError, match=r"请从更早的备份找回。$"):
        call_command("backup", "--to", str(tmp_path / "other"), stdout=StringIO())
    full_path(file.path).write_bytes(PDF)
    time.sleep(1.1)  # archives are named by the second
    _, said = made(tmp_path)
    assert len(list(tmp_path.glob("*.tar"))) == 1 and f"已删除 {len(NAMES) + 1} 份旧备份" in said


@pytest.mark.django_db(transaction=True)
def test_a_file_swept_since_the_snapshot_is_not_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = make_ground().clerk
    swept, lost = (store_file(upload("证据.pdf", PDF), actor=clerk) for _ in range(2))
    taken_down = making._taken_down

    def and_then_swept(*arguments: object) -> object:
        taken = taken_down(*arguments)  # type: ignore[arg-type]
        StoredFile.objects.filter(pk=swept.pk).delete()
        for file in (swept, lost):
            full_path(file.path).unlink()
        return taken

    monkeypatch.setattr(making, "_taken_down", and_then_swept)
    manifest = making.make_backup(tmp_path).manifest
    assert manifest.tables["files_storedfile"] == 2
    assert (manifest.missing, manifest.files) == ([lost.path], 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_a_killed_program_left_is_cleared_away_a_day_later(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    for name, age in ((".making-old", 25), (".making-now", 1), (".restoring-old", 25), (".restoring-now", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "database.dump").touch()
        os.utime(tmp_path / name, (time.time() - age * 3600,) * 2)
    if command == "backup":
        made(tmp_path)
    else:
        with pytest.raises(CommandError, match="没有找到备份文件"):
            call_command("restore", str(tmp_path / "none.tar"))
    left = {path.name for path in tmp_path.glob(".*-*")}
    assert left == {".making-now", ".restoring-now"} | ({".making-old"} if command == "restore" else set())


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_nothing_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "suitable", lambda version: programs.Programs(tmp_path, version))
    (tmp_path / "pg_dump").write_text(
        "#!/bin/sh\necho 'pg_dump: error: no space' >&2\necho 'DETAIL:  岳某某' >&2\nexit 1\n"
    )
    (tmp_path / "pg_dump").chmod(0o700)
    with pytest.raises(CommandError, match=r"^pg_dump 失败：pg_dump: error: no space$"):
        made(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
    with pytest.raises(CommandError, match="--keep"):
        call_command("backup", "--to", str(tmp_path), "--keep", "0")


def test_programs_older_than_the_server_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in programs.NEEDED:
        (tmp_path / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.2'\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "none")
    assert programs.suitable(14).folder == tmp_path
    newer = programs.suitable(15)
    assert newer.version >= 15 and newer.folder != tmp_path
    with pytest.raises(programs.ProgramMissing, match=r"99 或更高版本.*低于所需的 99.*postgresql-client-99"):
        programs.suitable(99)
    monkeypatch.setattr(programs, "_folders", lambda: iter(()))
    with pytest.raises(programs.ProgramMissing, match=r"本机没有找到.*postgresql-client-15.*POSTGRES_PROGRAMS"):
        programs.suitable(15)


def test_the_oldest_programs_that_suit_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in (14, 15, 16, 17):
        folder = tmp_path / str(version) / "bin"
        folder.mkdir(parents=True)
        for name in programs.NEEDED:
            (folder / name).write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.1'\n")
            (folder / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path / "17" / "bin"), prepend=":")
    monkeypatch.setattr(programs, "DEBIAN", tmp_path)
    taken = {server: programs.suitable(server) for server in (15, 16, 17)}
    assert {server: using.version for server, using in taken.items()} == {15: 15, 16: 16, 17: 17}
    assert taken[15].folder == tmp_path / "15" / "bin"


def test_the_program_has_one_version() -> None:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{zhongzhi.__version__}"\n' in text
