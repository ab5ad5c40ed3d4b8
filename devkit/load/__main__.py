"""`make load`: 200 people at windows and 2,000 phones in the demo county, with pauses as people make; then more.

Takes about six minutes after the demo is ready. Writes `docs/capacity.md`.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from devkit.load.programs import Used, Watch
from devkit.load.report import page
from devkit.load.stages import STAGES
from devkit.servers import ROOT

PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
READY_WITHIN = 900


def main() -> int:
    """Start, load, stop, write down."""
    parser = argparse.ArgumentParser(prog="python -m devkit.load", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "load")
    parser.add_argument("--size", type=float, default=1, help="this share of the people, to try it out")
    parser.add_argument("--pace", type=float, default=1, help="this share of the time, to try it out")
    parser.add_argument("--page", type=Path, help="where to write what was found, in Markdown")
    given = parser.parse_args()
    folder: Path = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    demo = _demo(folder, data)
    try:
        _wait(demo, folder)
        own = {"ZHONGZHI_DATA": str(data)}
        subprocess.run(
            [sys.executable, "-m", "devkit.load.sessions", str(folder / "people.json")],
            check=True,
            env=os.environ | own,
        )
        used = _loaded(folder, demo.pid, given)
    finally:
        demo.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            demo.wait(90)
    text = page(json.loads((folder / "found.json").read_text()), used, size=given.size, pace=given.pace)
    print(text)
    if given.page:
        given.page.write_text(text, encoding="utf-8")
    return 0


def _demo(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    own = {"ZHONGZHI_DATA": str(data), "PORT": str(PORT), "LOG_LEVEL": "WARNING", "API_PERSON_PER_MINUTE": "1000000"}
    with (folder / "demo.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "devkit.demo"],
            cwd=ROOT,
            env=os.environ | own,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


def _wait(demo: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while demo.poll() is None and time.monotonic() < end:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{ADDRESS}/readyz", timeout=5)  # noqa: S310 - our own address
            return
        time.sleep(1)
    raise SystemExit((folder / "demo.log").read_text(errors="replace")[-3000:])


def _loaded(folder: Path, demo: int, given: argparse.Namespace) -> list[Used]:
    """Let the people loose; what each kind of program used of the processors, stage by stage."""
    told = {
        "LOAD_PEOPLE": str(folder / "people.json"),
        "LOAD_FOUND": str(folder / "found.json"),
        "LOAD_SIZE": str(given.size),
        "LOAD_PACE": str(given.pace),
    }
    command = ["-m", "locust", "-f", str(ROOT / "devkit" / "load" / "people.py"), "--headless", "--host", ADDRESS]
    quiet = ["--only-summary", "--skip-log", "--stop-timeout", "5", "--exit-code-on-error", "0"]
    with (folder / "locust.log").open("wb") as out:
        people = subprocess.Popen(
            [sys.executable, *command, *quiet], cwd=ROOT, env=os.environ | told, stdout=out, stderr=out
        )
    watch, used = Watch(demo, people.pid), []
    for stage in STAGES:
        used.append(watch.during(stage.seconds * given.pace, people))
    people.wait(120)
    return used


if __name__ == "__main__":
    sys.exit(main())
