"""`make chaos`: kills over every program while sixteen clients work; nothing acknowledged may be lost or doubled.

A run is kept in a folder and gone on with when it is started again; what was found is written to a page.
"""

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

from devkit.servers import ROOT
from tests.faults.chaos.journal import Journal
from tests.faults.chaos.town import OWN, Town, free_port

QUIET_FOR = 45.0
"""Seconds that the sweeps have in the end to take what is due."""


def arguments() -> argparse.Namespace:
    """As they are typed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="so many in all, those of interrupted runs counted")
    parser.add_argument("--minutes", type=float, default=60, help="for so long at most, this time")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "chaos")
    parser.add_argument("--page", type=Path, help="where to write what was found, in Markdown")
    return parser.parse_args()


def main() -> int:
    """The whole run; 1 where something was lost, doubled or untrue."""
    given = arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(given.folder / "journal.sqlite3")
    journal.fact("seed", given.seed)
    begun = float(journal.fact("begun", time.time()))
    town = Town((given.folder / "data").resolve(), int(journal.fact("port", free_port())))
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        town.start()
        town.wait_until_ready()
        town.standby.begin()
        for name in OWN:  # another installation's, where a test runs this
            os.environ.pop(name, None)
        os.environ["ZHONGZHI_DATA"] = str(town.data)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
        import django

        django.setup()
        from tests.faults.chaos.report import judged
        from tests.faults.chaos.run import shoot

        shoot(town, journal, given, stopped)
        print("no more kills; the sweeps take what is due", flush=True)
        end = time.monotonic() + QUIET_FOR
        while time.monotonic() < end or not town.answers("/readyz"):
            town.keep()
            time.sleep(1)
            if time.monotonic() > end + 240:
                break
        return judged(town, journal, begun, given)
    finally:
        town.stop()


if __name__ == "__main__":
    sys.exit(main())
