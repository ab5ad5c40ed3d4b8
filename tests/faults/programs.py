"""Real workers and beats beside the test, on the test's own database and broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

WORKER = ("worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")


def await_that(condition: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Wait until it is so; fail, naming it, when it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)


@contextmanager
def celery(*arguments: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Celery in a process group of its own, killed with all its children in the end."""
    place = connection.settings_dict
    address = f"postgres://{place['USER']}@/{place['HOST']}/{place['NAME']}"
    with log.open("ab") as out:
        program = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "zhongzhi", *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield program
    finally:
        kill(program)


def kill(program: subprocess.Popen[bytes]) -> None:
    """SIGKILL, with all its children; nothing happens when it is gone already."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
