"""The page of a load: per page and stage the median and the 95th percentile, where it broke and by what, and the sum
for a prefecture."""

import os
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from devkit.load.programs import KINDS, Used
from devkit.load.stages import FAULTY, SLOW, STAGES
from devkit.servers import ROOT

FULL = 0.6
"""Of the processors no more than this share is planned with."""
PREFECTURE = {"window": 1600, "phones": 16000}
"""People at work in the busiest hour of a prefecture of eight counties, each with 200 windows and 2,000 phones."""
PREFECTURE_TEXT = """
In the first stage {:.1f} requests a second used {:.2f} processors, the people not counted: {:.0f} ms of a processor
each ({:.0f} ms web, {:.0f} ms database). A prefecture of eight such counties ({:,} windows, {:,} phones) asks {:.0f}
requests a second. With no more than {:.0%} of each processor planned with, that is {:.1f} processors of web machines,
which share nothing, and {:.1f} of the database's machine. This is arithmetic from the line above, not a measurement."""
HEAD = """# Capacity

Written by `make load` (`devkit/load`, locust); do not edit. The demo county runs as `make demo` starts it: two web
processes with twenty threads, PostgreSQL, Valkey, worker and beat, all on one machine together with the simulated
people. Who sits at a window opens a page or saves something every 15 to 45 seconds, a phone on the round every 90 to
270 seconds.
"""


def page(found: dict[str, Any], used: list[Used], *, size: float, pace: float) -> str:
    """The whole page."""
    return "\n".join([HEAD, *_lines(found, used, size, pace)]) + "\n"


def _lines(found: dict[str, Any], used: list[Used], size: float, pace: float) -> Iterator[str]:
    seconds: dict[int, dict[str, list[float]]] = defaultdict(dict)
    for stage, name, times in found["seconds"]:
        seconds[stage][name] = sorted(times)
    errors: dict[int, int] = defaultdict(int)
    for stage, _, _, number in found["errors"]:
        errors[stage] += number
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    machine = f"{os.cpu_count()} processors, commit {commit.stdout.strip()}"
    yield f"Day {time.strftime('%Y-%m-%d')}, {machine}, size {size:g}, pace {pace:g}.\n"
    yield from _stages(seconds, errors, used, size, pace)
    yield from _pages(seconds)
    yield from _refused(found["errors"])
    yield from _prefecture(seconds[0], used[0], pace, size)


def _stages(
    seconds: dict[int, dict[str, list[float]]], errors: dict[int, int], used: list[Used], size: float, pace: float
) -> Iterator[str]:
    heads = ("windows", "phones", "requests a second", "median", "p95", "refused or failed", "processors: web",
             "database", "background", "people", "")  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for number, stage in enumerate(STAGES[: len(used)]):
        times = sorted(one for name in seconds[number].values() for one in name)
        if not times:
            continue
        share = errors[number] / len(times)
        slow = _p95(times) > SLOW
        verdict = "broken" if slow or share > FAULTY else "holds"
        people = f"{round(stage.window * size)} | {round(stage.phones * size)}"
        answers = f"{len(times) / (stage.seconds * pace):.1f} | {_ms(statistics.median(times))} | {_ms(_p95(times))}"
        parts = " | ".join(f"{used[number].by_kind[kind]:.2f}" for kind in KINDS)
        yield f"| {people} | {answers} | {share:.2%} | {parts} | {verdict} |"
    yield f"\nBroken: 95 % of the answers take longer than {SLOW:g} s, or more than {FAULTY:.0%} are refused or fail."


def _pages(seconds: dict[int, dict[str, list[float]]]) -> Iterator[str]:
    stages = sorted(seconds)
    names = sorted({name for stage in seconds.values() for name in stage})
    yield "\n| page, median / p95 | " + " | ".join(f"stage {at + 1}" for at in stages) + " |"
    yield "|---|" + "---|" * len(stages)
    for name in names:
        cells = [seconds[at].get(name, []) for at in stages]
        told = [f"{_ms(statistics.median(times))} / {_ms(_p95(times))}" if times else "–" for times in cells]
        yield f"| {name} | " + " | ".join(told) + " |"


def _refused(errors: list[Any]) -> Iterator[str]:
    if errors:
        yield "\n| refused or failed | stage | answer | times |\n|---|---|---|---|"
        yield from (
            f"| {name} | {at + 1} | {what} | {n} |" for at, name, what, n in sorted(errors, key=lambda e: -e[3])[:12]
        )


def _prefecture(seconds: dict[str, list[float]], used: Used, pace: float, size: float) -> Iterator[str]:
    """What one request costs, times those of a prefecture."""
    stage = STAGES[0]
    rate = sum(map(len, seconds.values())) / (stage.seconds * pace)
    ours = used.all - used.by_kind["people"]
    if not rate:
        return
    cost = ours / rate
    people = PREFECTURE["window"] + PREFECTURE["phones"]
    asked = rate / ((stage.window + stage.phones) * size) * people
    web, database = (used.by_kind[kind] / rate * asked / FULL for kind in ("web", "database"))
    yield "\n## A prefecture"
    each = (1000 * used.by_kind[kind] / rate for kind in ("web", "database"))
    yield PREFECTURE_TEXT.format(rate, ours, 1000 * cost, *each, *PREFECTURE.values(), asked, FULL, web, database)


def _p95(times: list[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.95))]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
