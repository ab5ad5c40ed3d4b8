"""The drill: a small county at work is backed up and comes to life elsewhere, whole or not at all."""

import json
import re
import subprocess
import tarfile
import threading
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from intake.actions import accept_case, attach_file
from intake.models import Case, Party
from intake.queries import changes_for
from tests.faults.programs import await_that
from tests.files.samples import PDF, picture, upload
from tests.intake import ways
from tests.operations.elsewhere import Elsewhere, another_installation
from tests.people import Ground, make_ground
from workbench.operations.archive import DUMP, FILES, MANIFEST, SIGNATURE, Manifest, verified, writing
from workbench.operations.queries import rows_per_table
from zhongzhi.audit.actions import seal_heads
from zhongzhi.files.disk import full_path
from zhongzhi.files.models import StoredFile

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PHONE = "13847500001"
AFTER_RESTORE = {"intake_casechange", "intake_feedepoch", "accounts_usersession", "audit_trailentry", "audit_chainhead"}
DOWNLOADED = """
from django.conf import settings; from django.test import Client
from zhongzhi.accounts.models import User; from intake.models import Case
settings.ALLOWED_HOSTS = ["testserver"]
case = Case.objects.get(code="{code}"); client = Client(); client.force_login(User.objects.get(username="dispatcher"))
answer = client.get("/cases/{code}/files/{file}/"); print(answer.status_code, len(b"".join(answer)))
"""


def a_county() -> tuple[Ground, Case, StoredFile]:
    """A case at work with two files and a signed-in clerk; the trail sealed and grown since."""
    ground = make_ground()
    case = ways.registered(ground)
    file = attach_file(case, upload("证据.pdf", PDF), actor=ground.clerk).file
    attach_file(case, upload("照片.jpg", picture()), actor=ground.clerk)
    seal_heads()
    accept_case(case, actor=ground.dispatcher)
    Client().force_login(ground.clerk)
    return ground, case, file


def backed_up(folder: Path, *arguments: str) -> Path:
    """The newest archive of a folder, made now."""
    call_command("backup", "--to", str(folder), *arguments, stdout=StringIO())
    return sorted(folder.glob("*.tar"))[-1]


def rows(there: Elsewhere, tables: dict[str, int]) -> dict[str, int]:
    return {table: there.sql(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}


def test_a_county_comes_to_life_elsewhere(tmp_path: Path) -> None:
    _, case, file = a_county()
    archive = backed_up(tmp_path)
    with another_installation(tmp_path) as there:
        done = there.manage("restore", str(archive))
        assert done.returncode == 0, done.stderr
        for line in (
            "各表行数与清单一致",
            "放回文件 2 个",
            "留痕完好",
            "统计汇总与清点一致",
            "登录会话 1 个已全部结束",
        ):
            assert line in done.stdout
        assert PHONE not in done.stdout and "岳某某" not in done.stdout
        counted = rows(there, rows_per_table())
        here = rows_per_table()
        assert {key: counted[key] for key in here if key not in AFTER_RESTORE} == {
            key: here[key] for key in here if key not in AFTER_RESTORE
        }
        assert counted["accounts_usersession"] == 0
        party = Party.objects.get(phone_hash__isnull=False, case=case, name="岳某某")
        assert there.asked(f"from intake.models import Party; print(Party.objects.get(pk={party.pk}).phone)") == PHONE
        assert there.asked(DOWNLOADED.format(code=case.code, file=file.pk)) == f"200 {file.size}"
        trail = there.sql("SELECT verb, facts->>'archive' FROM audit_trailentry WHERE chain = 'installation'")
        assert trail == [("restored_from_backup", archive.name)]


def test_what_is_restored_can_be_backed_up_and_take_the_place_of_other_data(tmp_path: Path) -> None:
    ground, _, _ = a_county()
    first = backed_up(tmp_path / "first")
    with another_installation(tmp_path) as there:
        assert there.manage("restore", str(first)).returncode == 0
        assert there.manage("backup", "--to", str(tmp_path / "there")).returncode == 0
        theirs = next((tmp_path / "there").glob("*.tar"))
        ways.registered(ground)
        newer = backed_up(tmp_path / "newer")
        assert there.manage("restore", str(newer), "--replace").returncode == 0
        assert there.sql("SELECT count(*) FROM intake_case") == [(2,)]
        again = there.manage("restore", str(theirs), "--replace")
        assert again.returncode == 0, again.stderr
        assert there.sql("SELECT count(*) FROM intake_case") == [(1,)]
        assert there.manage("verify_trail").returncode == 0


def test_places_in_the_feed_from_before_a_restore_are_refused_on_the_same_server(tmp_path: Path) -> None:
    """The server counts transactions on, so its name alone would let an old place through and hide what was undone."""
    ground, _, _ = a_county()
    archive = backed_up(tmp_path)
    ways.registered(ground)
    held = str(changes_for(ground.clerk, after="latest").after)
    with another_installation(tmp_path) as there:
        assert there.manage("restore", str(archive)).returncode == 0
        ask = (
            "from zhongzhi.accounts.models import User; from intake.queries import changes_for\n"
            "from zhongzhi.core.errors import BadInput\n"
            "try:\n feed = changes_for(User.objects.get(username='clerk'), after='{}')\n"
            "except BadInput as error: print('refused', error.message)\n"
            "else: print(len(feed.changes), feed.after)"
        )
        assert there.asked(ask.format(held)).startswith("refused 这个位置属于另一个数据库")
        told, once = there.asked(ask.format("")).split()
        assert told == "1"
        assert there.asked(ask.format(once)).startswith("0 ")
        assert there.sql("SELECT min(xid), max(xid), count(*) FROM intake_casechange") == [(0, 0, 1)]
        assert there.manage("restore", str(archive), "--replace").returncode == 0
        assert there.asked(ask.format(once)).startswith("refused")


def changed(archive: Path, target: Path, **changes: object) -> Path:
    """The archive with other words in its manifest; its digests are right."""
    folder = target.parent / "unpacked"
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    facts = json.loads((folder / MANIFEST).read_text()) | {"members": {}} | changes
    with writing(target, Manifest(**facts)) as writer:
        with (folder / DUMP).open("rb") as source:
            writer.add(DUMP, source)
        for path in sorted((folder / FILES).rglob("*")):
            if path.is_file():
                with path.open("rb") as source:
                    writer.add(path.relative_to(folder).as_posix(), source)
    return target


def without_signature(archive: Path, target: Path) -> Path:
    """The archive as somebody without the keys could write it: whole, with right digests."""
    with tarfile.open(archive) as source, tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for member in source:
            if member.name != SIGNATURE:
                tar.addfile(member, source.extractfile(member))
    return target


def test_what_does_not_fit_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    a_county()
    archive = backed_up(tmp_path)
    with another_installation(tmp_path) as there:

        def refused(path: Path, *arguments: str, **keys: str) -> str:
            done = there.manage("restore", str(path), *arguments, **keys)
            assert done.returncode == 1
            assert there.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
            assert not (there.data / "files").exists()
            return done.stderr

        other_key = "A" * 43 + "="
        assert "不是同一把：HASH_KEY" in refused(archive, HASH_KEY=other_key)
        assert "不是同一把：k1" in refused(archive, FIELD_KEYS=f"k1:{other_key}")
        assert "不是同一把：k1" in refused(archive, FIELD_KEYS=f"k9:{other_key}")
        assert "更新的程序" in refused(changed(archive, tmp_path / "newer.tar", program="99.0"))
        strange = json.loads(json.dumps(verified(archive).migrations)) | {"intake": ["9999_unheard_of"]}
        assert "本程序没有 intake.9999" in refused(changed(archive, tmp_path / "strange.tar", migrations=strange))
        assert "PostgreSQL 99" in refused(changed(archive, tmp_path / "server.tar", server=99))
        damaged = tmp_path / "damaged.tar"
        content = bytearray(archive.read_bytes())
        content[len(content) // 2] ^= 1
        damaged.write_bytes(content)
        assert "备份" in refused(damaged)
        forged = without_signature(archive, tmp_path / "forged.tar")
        assert "没有本系统的签名" in refused(forged)
        assert "没有，或不是本系统的" in there.manage("restore", "--check", str(forged)).stdout
        call_command("backup", "--sign", str(forged), stdout=StringIO())
        assert "签名：本系统" in there.manage("restore", "--check", str(forged)).stdout


def test_a_database_with_tables_or_with_others_at_work_is_not_taken(tmp_path: Path) -> None:
    a_county()
    archive = backed_up(tmp_path)
    with another_installation(tmp_path) as there:
        there.sql("CREATE TABLE kept AS SELECT 7 AS seven")
        done = there.manage("restore", str(archive))
        assert (done.returncode, "--replace" in done.stderr) == (1, True)
        with closing(psycopg2.connect(**connection.get_connection_params() | {"dbname": there.database})):
            done = there.manage("restore", str(archive), "--replace")
        assert (done.returncode, "还有 1 个其他连接" in done.stderr) == (1, True)
        assert there.sql("SELECT seven FROM kept") == [(7,)]


def test_a_load_that_fails_late_leaves_the_old_data_where_it_was(tmp_path: Path) -> None:
    """The rows are counted before the transaction ends: here the manifest asks for one more than there is."""
    a_county()
    archive = backed_up(tmp_path)
    tables = verified(archive).tables
    wrong = changed(archive, tmp_path / "wrong.tar", tables=tables | {"intake_case": tables["intake_case"] + 1})
    with another_installation(tmp_path) as there:
        there.sql("CREATE TABLE kept AS SELECT 7 AS seven")
        done = there.manage("restore", str(wrong), "--replace")
        assert done.returncode == 1
        assert "数据库没有改动" in done.stderr and "intake_case" in done.stderr
        assert there.sql("SELECT seven FROM kept") == [(7,)]
        assert there.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(1,)]


def test_a_file_that_the_disk_lost_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    _, _, file = a_county()
    full_path(file.path).unlink()
    with pytest.raises(CommandError, match=r"1 个文件在磁盘上缺失"):
        backed_up(tmp_path)
    manifest = verified(next(tmp_path.glob("*.tar")))
    assert (manifest.missing, manifest.files) == ([file.path], 1)


def test_a_file_found_damaged_does_not_take_the_place_of_a_good_one(tmp_path: Path) -> None:
    _, _, file = a_county()
    whole = backed_up(tmp_path / "whole")
    full_path(file.path).write_bytes(b"damaged")
    with pytest.raises(CommandError, match=r"1 个文件在磁盘上缺失或已损坏"):
        backed_up(tmp_path / "damaged")
    damaged = next((tmp_path / "damaged").glob("*.tar"))
    with another_installation(tmp_path) as there:
        assert there.manage("restore", str(whole)).returncode == 0
        done = there.manage("restore", str(damaged), "--replace")
        assert done.returncode == 0, done.stderr
        assert "放回文件 0 个" in done.stdout and "缺少或损坏的文件 1 个" in done.stdout
        assert (there.data / "files" / file.path).read_bytes() == PDF


def test_an_archive_of_older_tables_is_brought_up_and_what_fails_there_is_told(tmp_path: Path) -> None:
    """Once the tables are older, and once only the list of migrations is, so that the same is made twice."""
    a_county()
    archive = backed_up(tmp_path)
    with another_installation(tmp_path) as there:

        def again(name: str) -> "subprocess.CompletedProcess[str]":
            assert there.manage("backup", "--to", str(tmp_path / name)).returncode == 0
            return there.manage("restore", str(next((tmp_path / name).glob("*.tar"))), "--replace")

        assert there.manage("restore", str(archive)).returncode == 0
        assert there.manage("migrate", "intake", "0001").returncode == 0
        done = again("older")
        assert done.returncode == 0, done.stderr
        assert "已更新到本程序的版本" in done.stdout and "留痕完好" in done.stdout
        assert there.manage("migrate", "--check").returncode == 0
        there.sql("DELETE FROM django_migrations WHERE app = 'intake' AND name >= '0002'")
        done = again("torn")
        assert done.returncode == 1
        assert re.search(r"数据已替换，但收尾没有完成（\w+: ", done.stderr) and "没有改动" not in done.stderr
        assert done.stderr.rstrip().endswith("请排除原因后重新执行 restore --replace。")


def test_a_backup_while_eight_write_is_of_one_moment(tmp_path: Path) -> None:
    ground = make_ground()
    ended = threading.Event()

    def write(at: int) -> None:
        try:
            while not ended.is_set():
                case = ways.registered(ground, title=f"第{at}人")
                attach_file(case, upload("证据.pdf", PDF), actor=ground.clerk)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[at]) for at in range(8)]
    for writer in writers:
        writer.start()
    try:
        await_that(lambda: Case.objects.count() > 20, "they are at work")
        archive = backed_up(tmp_path)
        then = Case.objects.count()
        await_that(lambda: Case.objects.count() > then, "they are still at work")
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    kept = verified(archive).tables["intake_case"]
    assert 20 < kept < Case.objects.count()
    with another_installation(tmp_path) as there:
        done = there.manage("restore", str(archive))
        assert done.returncode == 0, done.stdout + done.stderr
        assert there.sql("SELECT count(*) FROM intake_case") == [(kept,)]
        on_disk = {path.relative_to(there.data / "files").as_posix() for path in (there.data / "files").glob("*/*/*")}
        assert {place for (place,) in there.sql("SELECT path FROM files_storedfile")} <= on_disk
