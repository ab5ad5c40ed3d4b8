"""What each kind of program uses of the processors while people work."""

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

KINDS = ("web", "database", "background", "people")


@dataclass(frozen=True)
class Used:
    """Processor seconds a second, by kind of program."""

    by_kind: dict[str, float]

    @property
    def all(self) -> float:
        """All together."""
        return sum(self.by_kind.values())


class Watch:
    """Looks at the processes of the demo and at the people."""

    def __init__(self, demo: int, people: int) -> None:
        """Both run already."""
        self.demo, self.people = demo, people

    def during(self, seconds: float, until: "subprocess.Popen[bytes]") -> Used:
        """What was used from now on, for so long or until the people go home."""
        first, began = self._sums(), time.monotonic()
        last = first
        while time.monotonic() - began < seconds and until.poll() is None:
            time.sleep(0.5)
            last = self._sums()
        gone = max(time.monotonic() - began, 0.001)
        return Used({kind: (last[kind] - first[kind]) / gone for kind in KINDS})

    def _sums(self) -> dict[str, float]:
        """Processor seconds by kind; what has ended is in the account of the process that waited for it."""
        sums = dict.fromkeys(KINDS, 0.0)
        for process in psutil.process_iter(["pid"]):
            with suppress(psutil.Error):
                kind = self._kind(process)
                if kind:
                    times = process.cpu_times()
                    sums[kind] += times.user + times.system + times.children_user + times.children_system
        return sums

    def _kind(self, process: psutil.Process) -> str:
        command = " ".join(process.cmdline())
        above = {parent.pid for parent in process.parents()}
        if process.pid == self.people or self.people in above:
            return "people"
        if command.startswith("postgres:") or "/postgres -D" in command:
            return "database" if str(self.demo_folder) in command or command.startswith("postgres:") else ""
        if self.demo not in above:
            return "background" if "valkey-server" in command and str(self.demo_folder) in command else ""
        return "web" if "gunicorn" in command else "background"

    @property
    def demo_folder(self) -> str:
        """Where the demo's servers have their data."""
        return str(psutil.Process(self.demo).environ().get("ZHONGZHI_DATA", ""))
