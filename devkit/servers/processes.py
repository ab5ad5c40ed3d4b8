"""Programs that are kept running: started with a log of their own, started again when they die, stopped in order."""

import ctypes
import os
import signal
import subprocess
import time
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
TRIES, WITHIN, SETTLED = 5, 60.0, 10.0
PATIENCE = 20.0


class KeepsDying(RuntimeError):
    """A program died too often; the message ends with what it said last."""


@dataclass
class Program:
    """One program of the demo; without a log of its own it speaks to the terminal."""

    name: str
    command: list[str]
    log: Path | None
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    again_at: float | None = None
    deaths: deque[float] = field(default_factory=deque)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone and we stop things in order."""
        self.started_at, self.again_at = time.monotonic(), None
        with ExitStack() as stack:
            out = stack.enter_context(self._opened(self.log)) if self.log else None
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT if out else None,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads run by then
                env={**os.environ, **self.environment},
            )

    @staticmethod
    def _opened(log: Path) -> BinaryIO:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("ab")

    def is_running(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> float:
        """Note a death; how many seconds to wait before the next start. Raises KeepsDying when it is hopeless: what had
        worked for a while is not."""
        now = time.monotonic()
        if now - self.started_at > SETTLED:
            self.deaths.clear()
        self.deaths.append(now)
        while self.deaths and now - self.deaths[0] > WITHIN:
            self.deaths.popleft()
        if len(self.deaths) >= TRIES:
            raise KeepsDying(f"{self.name}反复退出，已停止重试。日志 {self.log}：\n{self.last_words()}")
        wait = float(2 ** (len(self.deaths) - 1))
        self.again_at = now + wait
        return wait

    def stop(self, *, patience: float = PATIENCE) -> None:
        """Ask it to end, and wait; end it when it does not."""
        if self.process is None:
            return
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        return (
            "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log and self.log.exists() else ""
        )


def _die_with_parent() -> None:
    """On Linux: when we are killed, our programs are asked to end too."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
