"""The page of a run: what was killed, what was written, what is true."""

import argparse
import os
import statistics
import subprocess
import time
from collections.abc import Iterator

from devkit.servers import ROOT
from tests.faults.chaos import level, verdict
from tests.faults.chaos.journal import Journal
from tests.faults.chaos.shots import NOT_WATCHED, WEIGHTS
from tests.faults.chaos.town import Town

HEAD = """# Kills under load

Written by `make chaos`; do not edit. Programs of the running demo, which reads from a standby of its database, and the
standby itself are killed with SIGKILL at random while clients register, upload, report, look at lists and figures and
do what people of all posts are offered, by HTTP. Each write has an `Idempotency-Key` of its own that is noted before
it is sent. Where no answer comes, or one of 5xx, the client asks again under the same
number until it is told what became of it. In the end the journal of the clients is compared with the database
(`tests/faults/chaos/verdict.py`): the record of a number is written in the transaction of its act, and every line of
the trail knows its transaction.
"""


def judged(town: Town, journal: Journal, begun: float, given: argparse.Namespace) -> int:
    """Compare, say and write down; 1 where something is not as it must be."""
    verdict.tables_of(journal, begun)
    lost = dict(verdict.counted(verdict.LOST))
    doubled = dict(verdict.counted(verdict.DOUBLED))
    others = dict(verdict.counted(verdict.OTHERS | verdict.SINCE, begun))
    program = list(verdict.told_by_the_program())
    same, seen = level.compared(town), level.looks(journal)
    unanswered = journal.rows("SELECT count(*) FROM kills WHERE seconds IS NULL")[0][0]
    lines = [*page(journal, given, lost, doubled, others, program), *of_the_standby(journal, same, seen)]
    text = "\n".join([HEAD, *lines]) + "\n"
    print(text, flush=True)
    if given.page:
        given.page.write_text(text, encoding="utf-8")
    wrong = sum([*lost.values(), *doubled.values(), *others.values()]) + len(program) + unanswered
    wrong += len(same.differing) + seen.failed + journal.rows(OPEN)[0][0]
    return 1 if wrong else 0


def page(
    journal: Journal,
    given: argparse.Namespace,
    lost: dict[str, int],
    doubled: dict[str, int],
    others: dict[str, int],
    program: list[str],
) -> Iterator[str]:
    """Line by line."""
    one = lambda sql: journal.rows(sql)[0][0]  # noqa: E731
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    minutes = float(journal.fact("seconds") or 0) / 60
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    machine = f"{os.cpu_count()} processors, load at the end {load}"
    yield f"Day {time.strftime('%Y-%m-%d')}, commit {commit.stdout.strip()}, {machine},"
    yield f"seed {journal.fact('seed')}, {given.clients} clients, {minutes:.0f} minutes under fire.\n"
    yield "| killed | times | back after, median | worst | not back within 5 minutes | not watched |"
    yield "|---|---|---|---|---|---|"
    for target in WEIGHTS:
        found = journal.rows("SELECT seconds FROM kills WHERE target = ?", target)
        yield line(target, [seconds for (seconds,) in found])
    yield line("all", [seconds for (seconds,) in journal.rows("SELECT seconds FROM kills")])
    yield BACK
    yield f"The supervisor was started again {float(journal.fact('starts of the supervisor') or 0):.0f} times.\n"
    yield "| writes | number |\n|---|---|"
    yield f"| sent, each under its number | {one('SELECT count(*) FROM writes')} |"
    yield f"| acknowledged | {one(SAVED)} |"
    yield f"| refused (4xx) | {one(REFUSED)} |"
    yield f"| unknown at first: no answer or 5xx | {one(UNKNOWN)} |"
    yield f"| … found saved, asked under the number | {one(UNKNOWN + ' AND replayed')} |"
    yield f"| … found not saved, and saved then | {one(UNKNOWN + AND_SAVED)} |"
    yield f"| … found not saved, and refused then | {one(UNKNOWN + AND_REFUSED)} |"
    yield f"| still unknown | {one(OPEN)} |"
    yield f"| **lost** | **{sum(lost.values())}** |"
    yield f"| **doubled** | **{sum(doubled.values())}** |"
    yield f"\nActs that were saved: {one(KINDS)} kinds. " + ", ".join(
        f"{act} {times}" for act, times in journal.rows(BY_ACT)
    )
    yield "\n| must not be | exceptions |\n|---|---|"
    yield from (f"| {name} | {number} |" for name, number in {**lost, **doubled}.items())
    yield "\n| must be | exceptions |\n|---|---|"
    yield from (f"| {name} | {number} |" for name, number in others.items())
    yield f"| the program's own checks: trail, anchors, figures, rests, escalation | {len(program)} |"
    yield from (f"\n- {fault}" for fault in program)
    yield from (f"\n- {exception}" for exception in verdict.acts_of(verdict.LOST | verdict.DOUBLED))


def of_the_standby(journal: Journal, same: level.Compared, seen: level.Looks) -> Iterator[str]:
    """What it has in the end, and what those saw who looked."""
    transactions = float(journal.fact("transactions on the standby") or 0)
    yield STANDBY
    yield "| the standby | number |\n|---|---|"
    yield f"| tables compared with the primary, by rows and digest | {same.tables} |"
    yield f"| rows in them | {sum(same.rows.values())} |"
    yield from (f"| … of `{name}` | {same.rows.get(name, 0)} |" for name in level.NAMED)
    yield f"| **tables that differ** | **{len(same.differing)}** |"
    yield f"| the program's transactions on it, at least | {transactions:.0f} |"
    yield f"| looks at lists, figures and exports | {seen.sent} |"
    yield f"| … answered | {seen.answered} |"
    yield f"| … while it was away | {seen.away} |"
    yield f"| … of these answered | {seen.away_answered} |"
    yield f"| **… of these answered 5xx, and nothing else was away** | **{seen.failed}** |"
    yield f"| answered 5xx while something else was away | {seen.failed_otherwise} |"
    yield from (f"\n- differs: {name}" for name in same.differing)


STANDBY = """
The standby follows by a slot, behind the same folder of sockets at a port of its own, and is started again a second
after its death, as systemd would. Back: it streams, and has what the primary had when it was started again.
"""
BACK = """
Back: a process stands in its place, something sent since was saved, and, for worker, child, beat, broker and
supervisor, a periodic task has run, of which one is sent every ten seconds. Kills overlap: the wait for one counts
what was killed meanwhile. Not watched: the run was interrupted just then."""
SAVED = "SELECT count(*) FROM writes WHERE verdict = 'saved'"
REFUSED = "SELECT count(*) FROM writes WHERE verdict = 'refused'"
OPEN = "SELECT count(*) FROM writes WHERE verdict = 'open'"
UNKNOWN = "SELECT count(*) FROM writes WHERE unknown > 0"
AND_SAVED = " AND verdict = 'saved' AND NOT replayed"
AND_REFUSED = " AND verdict = 'refused'"
KINDS = "SELECT count(DISTINCT act) FROM writes WHERE verdict = 'saved'"
BY_ACT = "SELECT act, count(*) FROM writes WHERE verdict = 'saved' GROUP BY 1 ORDER BY 2 DESC, 1"


def line(target: str, seconds: list[float | None]) -> str:
    """One row of the table of kills."""
    back = [one for one in seconds if one is not None and one != NOT_WATCHED]
    median, worst = (f"{statistics.median(back):.1f} s", f"{max(back):.1f} s") if back else ("–", "–")
    return f"| {target} | {len(seconds)} | {median} | {worst} | {seconds.count(None)} | {seconds.count(NOT_WATCHED)} |"
