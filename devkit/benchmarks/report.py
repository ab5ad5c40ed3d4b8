"""The table in docs/benchmarks.md: one part for each number of cases, replaced by a run of that size.

What early warning costs stands in docs/warnings.md as well, in a part that is written with it.
"""

import os
import platform
import re
import subprocess
from functools import cache
from pathlib import Path

from django.db import connection
from django.utils import timezone

from devkit.benchmarks.lines import Line
from devkit.simulation.written import write_part

FILE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `python -m devkit.benchmarks --write` (`--cases 1000000` for the larger table); each figure stands beside the
yardstick of the same run, bare SQL or a bare DRF view that does the same work. Machines differ: read the ratios; load
is the average of the last minute of a measure (on two cores more than 2 means waiting for others). PostgreSQL has the
memory that `docs/deployment.md` asks for.
"""


COSTS = "## Cost, by the benchmark"
TITLES = ("measure", "what", "ours", "yardstick", "ratio", "target", "day", "commit", "load")


class Report:
    """What one run found."""

    def __init__(self, cases: int) -> None:
        """For a run with so many cases."""
        self.cases = cases
        _commit()  # what is measured is what stands here now, whatever comes while it runs
        self.rows: list[tuple[str, Line, float]] = []

    def add(self, name: str, line: Line) -> None:
        """Keep one line, with the load of the machine in that minute."""
        self.rows.append((name, line, os.getloadavg()[0]))

    def write(self) -> None:
        """Put this run's lines into the file; lines of measures that did not run stay."""
        parts = _parts(FILE.read_text(encoding="utf-8") if FILE.exists() else "")
        ran = {row[0] for row in self.rows}
        kept = [row for row in parts.get(self.cases, []) if row.split("|")[1].strip() not in ran]
        parts[self.cases] = sorted([*kept, *(_row(*row) for row in self.rows)], key=_name)
        FILE.write_text(HEAD + "".join(_part(cases, parts[cases]) for cases in sorted(parts)), encoding="utf-8")
        if "warnings" in ran:
            write_part(COSTS, costs_of_warnings(FILE.read_text(encoding="utf-8")))


def costs_of_warnings(text: str) -> str:
    """The part of docs/warnings.md, of the rows that stand in the table: each of its own day and commit."""
    parts = _parts(text)
    rows = [
        f"| {cases:,} |{row.split('|', 2)[2]}"
        for cases in sorted(parts)
        for row in parts[cases]
        if _name(row).strip() == "warnings"
    ]
    titles = ("cases", *TITLES[1:])
    told = "Written by `python -m devkit.benchmarks --cases 1000000 --write warnings`, as in `docs/benchmarks.md`.\n"
    return "\n".join([COSTS, "", told, f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *rows, ""])


def _row(name: str, line: Line, load: float) -> str:
    yardstick = f"{line.yardstick:,.1f}" if line.yardstick else "–"
    figures = f"{line.ours:,.1f} {line.unit} | {yardstick} | {line.ratio} | {line.target}"
    return f"| {name} | {line.what} | {figures} | {timezone.localdate()} | {_commit()} | {load:.1f} |"


@cache
def _commit() -> str:
    """What was measured, by the commit it stands on."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=FILE.parent, capture_output=True, check=False)
    return done.stdout.decode().strip() or "–"


def _name(row: str) -> str:
    return row.split("|")[1]


def _part(cases: int, rows: list[str]) -> str:
    version = connection.get_database_version()[0]
    where = f"{os.cpu_count()} cores, PostgreSQL {version}, Python {platform.python_version()}"
    head = f"| {' | '.join(TITLES)} |\n{'|---' * len(TITLES)}|\n"
    return f"\n## {cases:,} cases\n\nLast run: {where}.\n\n{head}" + "\n".join(rows) + "\n"


def _parts(text: str) -> dict[int, list[str]]:
    """The rows that stand in the file, by number of cases."""
    found = {}
    for title, body in re.findall(r"^## ([\d,]+) cases\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        lines = [line for line in body.splitlines() if line.startswith("|")]
        found[int(title.replace(",", ""))] = [_filled(line) for line in lines[2:]]
    return found


def _filled(row: str) -> str:
    """A row of a time when commit and load were not written."""
    return row + " – |" * (len(TITLES) + 1 - row.count("|"))
