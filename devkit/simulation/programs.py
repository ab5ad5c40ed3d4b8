"""Workers and beats as processes of their own, and the broker between them; any of them may be killed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from devkit.servers.valkey import Valkey
from devkit.simulation.clock import VARIABLE

WORKER = ("worker", "--concurrency", "1", "--loglevel", "ERROR", "--without-gossip", "--without-mingle")
MOST_REVIVALS = 40


@dataclass
class Programs:
    """Two workers, two beats, one broker, in a folder that is thrown away."""

    folder: Path
    broker: Valkey = field(init=False)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    beats: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0
    killed_at: float = field(default_factory=time.monotonic)
    revivals: int = 0

    def __post_init__(self) -> None:
        """The broker is the simulation's own: it can be stopped without hurting anybody."""
        self.broker = Valkey(self.folder, fast=True)

    def start(self) -> None:
        """Everything up."""
        self.broker.start()
        self.workers = [self._celery(*WORKER, "-n", f"w{at}@sim") for at in range(2)]
        self.beats = [self._beat(at) for at in range(2)]

    def kill_one(self) -> None:
        """SIGKILL a worker with all its children, and start another in its place."""
        at = random.randrange(len(self.workers))  # noqa: S311 - which one does not matter
        _kill(self.workers[at])
        self.kills, self.killed_at = self.kills + 1, time.monotonic()
        self.workers[at] = self._celery(*WORKER, "-n", f"w{at}-{self.kills}@sim")

    def revive(self) -> None:
        """Start again what ended by itself while the broker was away."""
        for at, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self._count_revival()
                self.workers[at] = self._celery(*WORKER, "-n", f"w{at}-r{self.revivals}@sim")
        for at, beat in enumerate(self.beats):
            if beat.poll() is not None:
                self._count_revival()
                self.beats[at] = self._beat(at)

    def _count_revival(self) -> None:
        """Programs that do not stay up are a fault of the simulation, not of what it tries out."""
        self.revivals += 1
        if self.revivals > MOST_REVIVALS:
            raise RuntimeError((self.folder / "programs.log").read_text(errors="replace")[-3000:])

    def stop(self) -> None:
        """Everything down."""
        for program in (*self.beats, *self.workers):
            _kill(program)
        self.broker.stop()

    def _beat(self, at: int) -> subprocess.Popen[bytes]:
        return self._celery("beat", "--schedule", str(self.folder / f"beat{at}"), "--pidfile=", "--loglevel", "ERROR")

    def _celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        place = connection.settings_dict
        address = f"postgres://{place['USER']}@/{place['HOST']}/{place['NAME']}"
        own = {
            "DATABASE_URL": address,
            "REDIS_URL": f"unix://{self.broker.socket}?db=0",
            VARIABLE: str(self.folder / "clock"),
        }
        with (self.folder / "programs.log").open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "devkit.simulation.worker", *arguments],
                cwd=settings.BASE_DIR,
                env=os.environ | own,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )


def _kill(program: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
