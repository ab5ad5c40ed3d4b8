"""The running system that is shot at: the demo with all its programs, started again when its supervisor ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from devkit.servers import ROOT
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey
from tests.faults.chaos.standby import Standby
from zhongzhi.environment import KEYS, SERVERS

OWN = ("ZHONGZHI_DATA", "DATABASE_REPLICA_URL", *KEYS, *SERVERS)


class Town:
    """One demo in a folder of its own."""

    def __init__(self, data: Path, port: int) -> None:
        """Nothing is started yet."""
        self.data, self.port = data, port
        self.address = f"http://127.0.0.1:{port}"
        self.log = data.parent / "demo.log"
        self.postgres, self.valkey = Postgres(data), Valkey(data)
        self.standby = Standby(self.postgres)
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def start(self) -> None:
        """As whoever watches over the machine would: the same command again."""
        bare = {name: value for name, value in os.environ.items() if name not in OWN}
        own = {"ZHONGZHI_DATA": str(self.data), "PORT": str(self.port), "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "WARNING"}
        own["DATABASE_REPLICA_URL"] = self.standby.address
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devkit.demo"],
                cwd=ROOT,
                env=bare | own,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.starts += 1

    def keep(self) -> bool:
        """Start it again where it has ended, and the standby too; whether it had."""
        self.standby.keep()
        if self.process is not None and self.process.poll() is None:
            return False
        self.start()
        return True

    def wait_until_ready(self, seconds: float = 900) -> None:
        """Until the pages answer and all programs run."""
        end = time.monotonic() + seconds
        while not (self.answers("/healthz") and self.pids("worker") and self.pids("beat")):
            if time.monotonic() > end:
                raise RuntimeError(self.log.read_text(errors="replace")[-3000:])
            self.keep()
            time.sleep(0.5)

    def answers(self, path: str) -> bool:
        """Whether a page answers 200."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=15) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Ctrl-C, and the servers with it; the standby first, for its primary waits until it has everything."""
        self.standby.stop()
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(90)

    def pids(self, target: str) -> list[int]:
        """The processes that may be killed under this name, alive now."""
        return TARGETS[target](self)

    def program(self, word: str) -> list[int]:
        """Programs of the supervisor whose command has this word."""
        above = self.supervisor()
        return [pid for one in above for pid in children(one) if f" {word} " in f" {command(pid)} "]

    def supervisor(self) -> list[int]:
        """The demo itself."""
        return [self.process.pid] if self.process is not None and self.process.poll() is None else []

    def postmaster(self) -> list[int]:
        """PostgreSQL's first process."""
        return number_in(self.postgres.folder / "postmaster.pid")

    def backends(self) -> list[int]:
        """Its processes that serve a connection of ours."""
        return [pid for one in self.postmaster() for pid in children(one) if "zhongzhi zhongzhi" in command(pid)]


def number_in(path: Path) -> list[int]:
    """The process that a file names, where it lives."""
    try:
        pid = int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return []
    return [pid] if command(pid) else []


def children(pid: int) -> list[int]:
    """Of a process, by the kernel (Linux)."""
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(one) for text in lists for one in text.split()]


def command(pid: int) -> str:
    """Its command line; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


TARGETS: dict[str, Callable[[Town], list[int]]] = {
    "web": lambda town: town.program("gunicorn"),
    "web worker": lambda town: [pid for one in town.program("gunicorn") for pid in children(one)],
    "worker": lambda town: town.program("worker"),
    "worker's child": lambda town: [pid for one in town.program("worker") for pid in children(one)],
    "beat": lambda town: town.program("beat"),
    "broker": lambda town: number_in(town.valkey.pid_file),
    "PostgreSQL backend": Town.backends,
    "PostgreSQL postmaster": Town.postmaster,
    "supervisor": Town.supervisor,
    "standby": lambda town: town.standby.pids(),
}
