"""The recipe of point-in-time recovery, with Debian's programs: back to the moment before a mistake."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from tests.faults.programs import await_that

pytestmark = pytest.mark.nodes
SHIPPED = Path(settings.BASE_DIR) / "deploy" / "pgbackrest.conf"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PORT = 5999  # of a socket in a folder of its own


class Debian:
    """A cluster of its own with its archive, as `postgres`, in a short folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "main"
        self.config = folder / "pgbackrest.conf"

    def make(self) -> None:
        text = SHIPPED.read_text()
        for old, new in (
            ("repo1-path=/srv/pgbackrest", f"repo1-path={self.folder}/repository"),
            ("repo1-cipher-pass=…", f"repo1-cipher-pass={secrets.token_hex(24)}"),
            (
                "log-path=/var/log/pgbackrest",
                f"log-path={self.folder}\nlock-path={self.folder}\nspool-path={self.folder}",
            ),
            ("pg1-path=/var/lib/postgresql/15/main", f"pg1-path={self.data}\npg1-socket-path={self.folder}"),
            ("pg1-port=5432", f"pg1-port={PORT}"),
        ):
            assert old in text
            text = text.replace(old, new)
        self.config.write_text(text)
        os.chown(self.config, pwd.getpwnam("postgres").pw_uid, -1)
        self.run(PROGRAMS / "initdb", "-D", str(self.data), "-A", "trust", "--no-sync")
        push = f"pgbackrest --config={self.config} --stanza=zhongzhi archive-push %p"
        lines = ("archive_mode = on", f"archive_command = '{push}'", "archive_timeout = 60", "listen_addresses = ''")
        more = (f"unix_socket_directories = '{self.folder}'", f"port = {PORT}")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join((*lines, *more)) + "\n")

    def start(self) -> None:
        self.run(PROGRAMS / "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self.run(PROGRAMS / "pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def backrest(self, *arguments: str) -> str:
        return self.run(Path("/usr/bin/pgbackrest"), f"--config={self.config}", "--stanza=zhongzhi", *arguments)

    def run(self, program: Path, *arguments: str) -> str:
        done = subprocess.run(
            [str(program), *arguments],
            cwd="/",
            user="postgres",
            group="postgres",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program.name == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or program.name == "pg_ctl", done.stdout
        return done.stdout or ""

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        place = {"host": str(self.folder), "port": PORT, "user": "postgres", "dbname": "postgres"}
        with closing(psycopg2.connect(**place)) as direct:
            direct.autocommit = True
            with direct.cursor() as cursor:
                cursor.execute(text)
                return cursor.fetchall() if cursor.description else []


@pytest.fixture
def server() -> Iterator[Debian]:
    folder = Path(tempfile.mkdtemp(prefix="zz-pitr-", dir="/tmp"))
    os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    there = Debian(folder)
    try:
        there.make()
        there.start()
        yield there
    finally:
        there.stop()
        shutil.rmtree(folder)


def test_a_mistake_is_undone_to_the_moment_before_it_and_the_archive_is_sealed(server: Debian) -> None:
    server.backrest("stanza-create")
    server.sql("CREATE TABLE kept AS SELECT '岳某某'::text AS name")
    server.backrest("backup", "--type=full")
    server.sql("SELECT pg_sleep(2)")  # pgBackRest knows by the second when a base ended
    server.sql("INSERT INTO kept VALUES ('after the base')")
    moment = server.sql("SELECT clock_timestamp()")[0][0]
    server.sql("DELETE FROM kept")
    server.sql("SELECT pg_switch_wal()")
    archived = (
        "SELECT archived_count > 0 AND last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1)"
        " FROM pg_stat_archiver"
    )
    await_that(lambda: bool(server.sql(archived)[0][0]), "the log is archived")
    held = b"".join(path.read_bytes() for path in (server.folder / "repository").rglob("*") if path.is_file())
    assert held and "岳某某".encode() not in held

    server.stop()
    back = f"--target={moment:%Y-%m-%d %H:%M:%S.%f%z}"
    server.backrest("restore", "--delta", "--type=time", back, "--target-action=promote")
    server.start()
    await_that(lambda: not server.sql("SELECT pg_is_in_recovery()")[0][0], "the recovery")
    assert sorted(name for (name,) in server.sql("SELECT name FROM kept")) == ["after the base", "岳某某"]
    assert "status: ok" in server.backrest("info")
