"""Which way of finding bursts in sparse counts is best: all on the same simulated series of villages and towns.

`python -m devkit.simulation.bursts` prints the table. Series have a season, weekdays, chance beyond Poisson and, in one
of twenty windows, a burst of known days. Each way's limit is set on one set of series so that at most one free window
in a hundred raises an alarm, and is measured on another.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi
from random import Random
from statistics import median

from early_warning.detection.statistics_of_counts import WAYS

DAYS, WINDOW = 476, 28
WEEKLY = (0.2, 0.5, 1.0, 2.0, 3.5, 5.0)
WEEKDAYS = (1.25, 1.15, 1.05, 1.0, 1.0, 0.85, 0.7)
BURSTS_AMONG = 20
FALSE_SHARE = 0.01
Way = Callable[[Sequence[int]], float]


@dataclass(frozen=True)
class Series:
    """Counts of days; the last 28 hold a burst or none."""

    counts: list[int]
    has_burst: bool
    began: int


@dataclass(frozen=True)
class Measured:
    """One way: its limit, what it found, how often it was wrong, after how many days it found half of them."""

    way: str
    limit: float
    found: float
    false: float
    right: float
    days: float


def one_series(random: Random, *, has_burst: bool, least: int = 5) -> Series:
    """A year and a half of one place; a burst is at least so many cases more within 28 days."""
    weekly, swing, phase = random.choice(WEEKLY), random.uniform(0, 0.5), random.uniform(0, 2 * pi)
    size = random.uniform(1.0, 6.0)
    counts = [_poisson(random, _mean(random, day, weekly, swing, phase, size)) for day in range(DAYS)]
    began = DAYS - WINDOW
    if has_burst:
        more = max(least, round(weekly * 4 * random.uniform(1.5, 2.5)))
        for _ in range(more):
            counts[began + min(WINDOW - 1, int(random.triangular(0, WINDOW, WINDOW * 0.5)))] += 1
    return Series(counts, has_burst, began)


def _mean(random: Random, day: int, weekly: float, swing: float, phase: float, size: float) -> float:
    usual = weekly / 7 * (1 + swing * cos(2 * pi * day / 364 + phase)) * WEEKDAYS[day % 7]
    return usual * random.gammavariate(size, 1 / size)


def _poisson(random: Random, average: float) -> int:
    number, left = 0, random.expovariate(1)
    while left < average:
        number, left = number + 1, left + random.expovariate(1)
    return number


def many(seed: int, number: int, least: int) -> Iterator[Series]:
    """So many series, one in twenty with a burst."""
    random = Random(seed)  # noqa: S311  chance for invented counts is no secret
    for at in range(number):
        yield one_series(random, has_burst=at % BURSTS_AMONG == 0, least=least)


def highest(way: Way, series: Series, least: int = 4) -> list[float]:
    """The numbers of the window's days so far, each the highest until then; days with too few cases count nothing."""
    top, found = float("-inf"), []
    for day in range(series.began, DAYS):
        counts = series.counts[: day + 1]
        if sum(counts[-WINDOW:]) >= least:
            top = max(top, way(counts))
        found.append(top)
    return found


def measure(name: str, learn: Sequence[Series], test: Sequence[Series]) -> Measured:
    """Set the limit on the first series, measure on the second."""
    way = WAYS[name]
    free = sorted((highest(way, one)[-1] for one in learn if not one.has_burst), reverse=True)
    limit = free[int(len(free) * FALSE_SHARE)]
    runs = [(one, highest(way, one)) for one in test]
    hits = [
        next(d for d, n in enumerate(run) if n > limit) + 1 for one, run in runs if one.has_burst and run[-1] > limit
    ]
    bursts = sum(one.has_burst for one in test)
    wrong = sum(not one.has_burst and run[-1] > limit for one, run in runs)
    right = len(hits) / (len(hits) + wrong) if hits or wrong else 0.0
    return Measured(name, limit, len(hits) / bursts, wrong / (len(test) - bursts), right, median(hits) if hits else 0.0)


def compared(number: int, least: int) -> list[Measured]:
    """All ways, on bursts of at least so many cases more."""
    learn, test = list(many(1, number, least)), list(many(2, number, least))
    return [measure(name, learn, test) for name in WAYS]


def main() -> int:
    """Print the table for small and for larger bursts."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print("| burst of at least | way | limit | found | false windows | alarms that are right | days to half |")
    print("|---|---|---|---|---|---|---|")
    for least in (5, 8):
        for row in compared(number, least):
            shares = f"{row.found:.2f} | {row.false:.3f} | {row.right:.2f} | {row.days:.0f}"
            print(f"| {least} | {row.way} | {row.limit:.2f} | {shares} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
