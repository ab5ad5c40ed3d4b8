"""`make dev`: what the demo starts, with a server, a worker and a beat that begin again when the code changes."""

import sys

from devkit.demo import program
from devkit.demo.program import Place, background_programs, say
from devkit.servers import ROOT
from devkit.servers.processes import Program

FOLDERS = ("zhongzhi", "grids", "intake", "mediation", "referrals", "workbench")


def run() -> int:
    """Keep the programs of development running until Ctrl-C; the exit code."""
    return program.run(development_programs, Restarts().look_after)


def development_programs(place: Place) -> list[Program]:
    """Django's own server, which reloads by itself and writes to the terminal; worker and beat as in the demo."""
    own = {"DJANGO_SETTINGS_MODULE": "devkit.development.settings", "DEBUG": "1", "PYTHONUNBUFFERED": "1"}
    web = [sys.executable, str(ROOT / "manage.py"), "runserver", f"{place.host}:{place.port}"]
    return [Program("网页服务", web, None, place.host_names | own), *background_programs(place)]


class Restarts:
    """Starts worker and beat again when a file of the product changed, and what broke when it was mended."""

    def __init__(self) -> None:
        self.seen = _state()
        self.told: set[str] = set()

    def look_after(self, programs: list[Program]) -> None:
        """Restart after a change; say once what ended by itself, and let it lie until the next change."""
        if (state := _state()) != self.seen:
            self.seen = state
            self._restart(programs)
        for item in programs:
            if not item.is_running() and item.name not in self.told:
                self.told.add(item.name)
                say(f"{item.name}已退出，改好代码后自动重新启动。\n{item.last_words()}")

    def _restart(self, programs: list[Program]) -> None:
        self.told.clear()
        again = [item for item in programs if item.log or not item.is_running()]
        for item in again:
            item.stop()
            item.start()
        if again:
            say(f"代码有改动，已重新启动：{'、'.join(item.name for item in again)}")


def _state() -> frozenset[tuple[str, int]]:
    """Names and times of the product's modules."""
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return frozenset((str(path), path.stat().st_mtime_ns) for path in files)
