"""The bundled servers: what kind of database they give, and that nothing that dies takes data with it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.servers import socket_dir
from devkit.servers.postgres import Postgres
from devkit.servers.users import reachable
from devkit.servers.valkey import Valkey


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that others may enter, as root's PostgreSQL needs it."""
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chmod(name, 0o711)
        yield Path(name).resolve()


@pytest.fixture(scope="module")
def postgres(folder: Path) -> Iterator[Postgres]:
    """A server of its own, made from nothing."""
    server = Postgres(folder)
    server.start()
    yield server
    server.stop()


def app(server: Postgres, sql: str) -> str:
    """Ask as the program does."""
    return server.psql(f"SET ROLE zhongzhi; {sql}", database="zhongzhi")


def test_the_database_speaks_utf8_and_lives_in_shanghai(postgres: Postgres) -> None:
    row = app(postgres, "SELECT encoding, datctype, datlocprovider FROM pg_database WHERE datname = 'zhongzhi'")
    assert row.split("|")[1:] == ["C.UTF-8", "b"]
    assert app(postgres, "SHOW server_encoding") == "UTF8"
    assert app(postgres, "SHOW timezone") == "Asia/Shanghai"
    assert app(postgres, "SELECT lower('Ä') || length('𠮷')") == "ä1"


def test_the_program_is_no_superuser(postgres: Postgres) -> None:
    assert app(postgres, "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = 'zhongzhi'") == "f|f"


def test_nobody_reaches_it_over_the_network(postgres: Postgres) -> None:
    assert postgres.psql("SHOW listen_addresses") == ""
    assert socket_dir(postgres.data).stat().st_mode & 0o077 == 0


def test_a_second_start_while_one_runs_does_no_harm(postgres: Postgres, folder: Path) -> None:
    begun = postgres.psql("SELECT pg_postmaster_start_time()")
    Postgres(folder).start()
    assert postgres.psql("SELECT pg_postmaster_start_time()") == begun


def test_after_a_kill_the_next_start_finds_the_data(postgres: Postgres) -> None:
    postgres.psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)", database="zhongzhi")
    os.kill(int((postgres.folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    end = time.monotonic() + 20
    while postgres.is_running() and time.monotonic() < end:
        time.sleep(0.05)
    postgres.start()
    assert postgres.psql("SELECT n FROM kept", database="zhongzhi") == "1"


def test_a_cluster_half_made_is_made_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chmod(name, 0o711)
        server = Postgres(Path(name).resolve(), fast=True)
        server._make_folders()
        half = server.folder / "half"
        half.mkdir()
        (half / "PG_VERSION").write_text("18\n")
        server.run_as.own(half)
        server.start()
        try:
            assert server.psql("SELECT 1") == "1"
            assert not half.exists()
        finally:
            server.stop()


def test_valkey_keeps_what_it_was_told_over_a_kill(folder: Path) -> None:
    server = Valkey(folder)
    server.start()
    _valkey(server, "SET kept 1", "+OK")
    time.sleep(1.1)  # its log is written every second
    os.kill(int(server.pid_file.read_text()), signal.SIGKILL)
    end = time.monotonic() + 10
    while server.is_running() and time.monotonic() < end:
        time.sleep(0.05)
    server.start()
    server.start()
    _valkey(server, "GET kept", "$1\r\n1")
    server.stop()
    assert not server.is_running()


def _valkey(server: Valkey, command: str, answer: str) -> None:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(server.socket))
        connection.sendall(command.encode() + b"\r\n")
        assert connection.recv(100).decode().startswith(answer)


SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey
data = Path(sys.argv[2])
for server in (Postgres(data, fast=True), Valkey(data, fast=True)):
    server.start(); server.start()
    assert server.is_running()
    server.stop()
    assert not server.is_running()
print("done")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user already runs all of this")
def test_an_ordinary_user_starts_and_stops_both() -> None:
    root = Path(__file__).resolve().parent.parent.parent
    if not reachable(root / "x") or not reachable(Path(sys.executable).resolve()):
        pytest.skip("an ordinary user cannot enter the folder of this checkout")
    with tempfile.TemporaryDirectory(prefix="zz-") as name:
        os.chown(name, 65534, 65534)
        result = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(root), name],
            user=65534,
            group=65534,
            extra_groups=[],
            cwd="/",
            env={"PATH": os.environ["PATH"], "HOME": name},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.stdout == "done\n", result.stderr
