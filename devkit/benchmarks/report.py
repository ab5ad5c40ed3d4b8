"""The table in docs/benchmarks.md: one part for each number of cases, replaced by a run of that size."""

import os
import platform
import re
from pathlib import Path

from django.db import connection
from django.utils import timezone

from devkit.benchmarks.lines import Line

FILE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `python -m devkit.benchmarks --write` (`--cases 1000000` for the larger table); each figure stands beside the
yardstick of the same run, bare SQL or a bare DRF view that does the same work. Machines differ: read the ratios.
"""


class Report:
    """What one run found."""

    def __init__(self, cases: int) -> None:
        """For a run with so many cases."""
        self.cases = cases
        self.rows: list[tuple[str, Line]] = []

    def add(self, name: str, line: Line) -> None:
        """Keep one line."""
        self.rows.append((name, line))

    def write(self) -> None:
        """Put this run's lines into the file; lines of measures that did not run stay."""
        parts = _parts(FILE.read_text(encoding="utf-8") if FILE.exists() else "")
        ran = {name for name, _ in self.rows}
        kept = [row for row in parts.get(self.cases, []) if row.split("|")[1].strip() not in ran]
        parts[self.cases] = sorted([*kept, *(_row(name, line) for name, line in self.rows)], key=_name)
        FILE.write_text(HEAD + "".join(_part(cases, parts[cases]) for cases in sorted(parts)), encoding="utf-8")


def _row(name: str, line: Line) -> str:
    yardstick = f"{line.yardstick:,.1f}" if line.yardstick else "–"
    day = timezone.localdate()
    return (
        f"| {name} | {line.what} | {line.ours:,.1f} {line.unit} | {yardstick} | {line.ratio} | {line.target} | {day} |"
    )


def _name(row: str) -> str:
    return row.split("|")[1]


def _part(cases: int, rows: list[str]) -> str:
    version = connection.get_database_version()[0]
    where = f"{os.cpu_count()} cores, PostgreSQL {version}, Python {platform.python_version()}"
    head = "| measure | what | ours | yardstick | ratio | target | day |\n|---|---|---|---|---|---|---|\n"
    return f"\n## {cases:,} cases\n\nLast run: {where}.\n\n{head}" + "\n".join(rows) + "\n"


def _parts(text: str) -> dict[int, list[str]]:
    """The rows that stand in the file, by number of cases."""
    found = {}
    for title, body in re.findall(r"^## ([\d,]+) cases\n(.*?)(?=^## |\Z)", text, re.M | re.S):
        lines = [line for line in body.splitlines() if line.startswith("|")]
        found[int(title.replace(",", ""))] = lines[2:]
    return found
