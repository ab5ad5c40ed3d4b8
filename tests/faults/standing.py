"""Servers of a larger installation on this machine: a primary with a real standby, a pooler, a bucket, several nodes.

The primary is a physical copy of the tests' own server, so that nothing has to be migrated; it listens on a Unix socket
of its own. All of it is gone in the end.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from devkit.servers.users import unprivileged
from tests.faults.copies import Server
from tests.faults.programs import await_that

BUCKET = "zhongzhi-files"
POOLER = Path(settings.BASE_DIR) / "deploy" / "pgbouncer.ini"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Standing:
    """A primary, its standby, a pooler before both, a bucket; and how a program of ours is told of them."""

    folder: Path
    primary: Server
    standby: Server
    bucket: str
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def pool_to(self, primary: Server, standby: Server) -> None:
        """Which server is the database and which the replica, from now on: the file as shipped, with places of ours."""
        ours, folder = connection.settings_dict, self.folder / "pooler"
        text = POOLER.read_text()
        for old, new in (
            (
                "host=127.0.0.1 port=5432 dbname=zhongzhi",
                f"host={primary.folder} dbname={ours['NAME']} user={ours['USER']}",
            ),
            (
                "host=127.0.0.2 port=5432 dbname=zhongzhi",
                f"host={standby.folder} dbname={ours['NAME']} user={ours['USER']}",
            ),
            ("listen_addr = 127.0.0.1", "listen_addr ="),
            ("auth_type = scram-sha-256\nauth_file = /etc/pgbouncer/userlist.txt", "auth_type = any"),
            ("/run/postgresql", str(folder)),
            ("/var/log/postgresql", str(folder)),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "pgbouncer.ini").write_text(text)
        pid = self.folder / "pooler" / "pgbouncer.pid"
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGHUP)

    def environment(self, node: str) -> dict[str, str]:
        """What a node is told; its data folder is its own."""
        data = self.folder / node
        data.mkdir(exist_ok=True)
        address, role = f"{self.folder}/pooler", connection.settings_dict["USER"]
        return os.environ | {
            "ZHONGZHI_DATA": str(data),
            "DATABASE_URL": f"postgres://{role}@/{address}/zhongzhi?port=6432",
            "DATABASE_REPLICA_URL": f"postgres://{role}@/{address}/replica?port=6432",
            "DATABASE_POOLED": "1",
            "REDIS_URL": settings.REDIS_URL,
            "FILES_BUCKET": BUCKET,
            "FILES_ENDPOINT": self.bucket,
            "FILES_ACCESS_KEY": "node",
            "FILES_SECRET_KEY": "node-secret",
        }

    def run(self, node: str, *command: str, **changes: str) -> subprocess.Popen[bytes]:
        """A program of ours on a node, killed in the end."""
        with (self.folder / f"{node}.log").open("ab") as out:
            program = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=settings.BASE_DIR,
                env=self.environment(node) | changes,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.programs.append(program)
        return program

    def log_of(self, node: str) -> str:
        return (self.folder / f"{node}.log").read_text(errors="replace")


@contextmanager
def standing() -> Iterator[Standing]:
    """All servers up; the primary holds what the test's database holds now."""
    folder = Path(tempfile.mkdtemp(prefix="zz-", dir="/tmp"))  # short: the names of sockets are
    folder.chmod(0o711)
    ours = connection.settings_dict
    connection.close()
    primary, standby = (Server(folder / name, ours["NAME"]) for name in ("one", "two"))
    there = Standing(folder, primary, standby, f"http://127.0.0.1:{free_port()}")
    try:
        primary.copied_from(str(ours["HOST"]), "postgres", "-X", "stream")
        primary.start()
        standby.copied_from(str(primary.folder), "postgres", "-X", "stream", "-R")
        standby.start(hot_standby_feedback="on", primary_conninfo=f"'host={primary.folder} user=postgres'")
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        _pooler(there)
        there.run("bucket", "moto.server", "-H", "127.0.0.1", "-p", there.bucket.rpartition(":")[2])
        _make_bucket(there)
        yield there
    finally:
        for program in there.programs:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        for server in (standby, primary):
            server.stop()
        shutil.rmtree(folder)


def _pooler(there: Standing) -> None:
    """PgBouncer in transaction mode, as an unprivileged user."""
    folder = there.folder / "pooler"
    folder.mkdir(mode=0o755)
    unprivileged().own(folder)
    there.pool_to(there.primary, there.standby)
    program = subprocess.Popen(
        [shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", str(folder / "pgbouncer.ini")],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **unprivileged().options(),  # type: ignore[call-overload]
    )
    there.programs.append(program)
    await_that((folder / ".s.PGSQL.6432").exists, "the pooler", seconds=20)


def _make_bucket(there: Standing) -> None:
    import boto3
    from botocore.exceptions import BotoCoreError

    keys = {"aws_access_key_id": "node", "aws_secret_access_key": "node-secret", "region_name": "us-east-1"}
    asked = boto3.client("s3", endpoint_url=there.bucket, **keys)  # type: ignore[call-overload]

    def made() -> bool:
        try:
            asked.create_bucket(Bucket=BUCKET)
        except BotoCoreError:
            time.sleep(0.3)
            return False
        return True

    await_that(made, "the bucket", seconds=90)
