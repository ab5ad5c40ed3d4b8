"""What a load found becomes a page: stages that hold and break, pages by percentiles, the sum for a prefecture."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from devkit.load.programs import Used, Watch
from devkit.load.report import page
from devkit.load.stages import STAGES

FOUND = {
    "seconds": [
        [0, "window: home", [0.1] * 90 + [0.3] * 10],
        [0, "phone: round", [0.05] * 100],
        [1, "window: home", [0.5] * 90 + [4.0] * 10],
        [2, "window: home", [0.5] * 100],
    ],
    "errors": [[2, "window: home", "503", 5]],
}
USED = [Used({"web": 0.8, "database": 0.3, "background": 0.1, "people": 0.2})] * 3


def test_a_stage_breaks_by_slowness_or_by_refusals() -> None:
    lines = page(FOUND, USED, size=1, pace=1).splitlines()
    rows = [line for line in lines if line.startswith(("| 200 |", "| 400 |", "| 600 |"))]
    assert [line.split("|")[-2].strip() for line in rows] == ["holds", "broken", "broken"]
    assert "| window: home | 100 ms / 300 ms | 500 ms / 4000 ms | 500 ms / 500 ms |" in lines
    assert "| window: home | 3 | 503 | 5 |" in lines


def test_the_prefecture_is_eight_times_what_was_measured() -> None:
    text = page(FOUND, USED, size=1, pace=1)
    rate = 200 / STAGES[0].seconds
    assert f"{rate:.1f} requests a second used 1.20 processors" in text
    assert f"asks {rate * 8:.0f}\n" in text


def test_what_a_program_used_is_counted_although_it_has_ended() -> None:
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(5_000_000))']); input()"
    with subprocess.Popen([sys.executable, "-c", busy], stdin=subprocess.PIPE) as program:
        used = Watch(os.getpid(), program.pid).during(3, program)
        program.communicate(b"\n")
    assert used.by_kind["people"] > 0
    assert used.by_kind["web"] == 0


def test_the_people_are_known_to_locust_with_their_kinds(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps({"sessions": {"window": ["a"], "phone": ["b"]}, "cases": [], "place": "", "grid": ""}))
    told = {"LOAD_PEOPLE": str(people), "LOAD_FOUND": str(tmp_path / "found.json")}
    command = [sys.executable, "-m", "locust", "-f", "devkit/load/people.py", "--list"]
    listed = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert {"AtWindow", "OnRound"} <= set((listed.stdout + listed.stderr).split())
