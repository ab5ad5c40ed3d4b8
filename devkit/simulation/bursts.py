"""Which way of finding bursts in sparse counts is best: all on the same simulated series of villages and towns.

Series have a season (a wave, or a quarter of the year above the rest), weekdays, chance beyond Poisson and, in one of
twenty windows, a burst of known days. Each way's limit is set on one set of series so that at most one free window in
a hundred raises an alarm, and is measured on another; the shipped way is measured by its own limits besides.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, pi
from random import Random
from statistics import median
from types import MappingProxyType

from devkit.simulation import other_ways
from early_warning.detection.statistics_of_counts import LIMIT, RECENT, YEAR, limit_among, surprise

DAYS = YEAR + 4 * RECENT
WEEKLY = (0.2, 0.5, 1.0, 2.0, 3.5, 5.0)
WEEKDAYS = (1.25, 1.15, 1.05, 1.0, 1.0, 0.85, 0.7)
SIZES = (5, 8)
BURSTS_AMONG = 20
FALSE_SHARE = 0.01
LEAST_CASES = 4
"""Of the shipped rule: fewer in four weeks are never looked at."""
COUNTY = 420
"""Courses of a county of 220 villages and 20 towns, ten kinds of dispute each."""
Way = Callable[[Sequence[int]], float]
SHIPPED = "fitted season"
WAYS: Mapping[str, Way] = MappingProxyType({
    "EARS C1": other_ways.ears_c1,
    "EARS C2": other_ways.ears_c2,
    "EARS C3": other_ways.ears_c3,
    "Farrington-like": other_ways.farrington,
    "NB-CUSUM": other_ways.nb_cusum,
    "tail of 28 days": other_ways.nb_tail,
    SHIPPED: surprise,
})  # fmt: skip


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


@dataclass(frozen=True)
class Season:
    """How far the mean of a place swings over the year, from when on, and whether as a wave or as one busy quarter."""

    swing: float
    phase: float
    is_wave: bool

    def factor(self, day: int) -> float:
        """Of the mean on a day."""
        part = (day / YEAR + self.phase) % 1
        return 1 + self.swing * (cos(2 * pi * part) if self.is_wave else 1.5 if part < 0.25 else -0.5)


def one_series(random: Random, *, has_burst: bool, least: int = 5) -> Series:
    """More than a year of one place; a burst is at least so many cases more within 28 days."""
    weekly, season = random.choice(WEEKLY), Season(random.uniform(0, 0.5), random.random(), random.random() < 0.5)
    size = random.uniform(1.0, 6.0)
    means = (weekly / 7 * season.factor(day) * WEEKDAYS[day % 7] for day in range(DAYS))
    counts = [_poisson(random, mean * random.gammavariate(size, 1 / size)) for mean in means]
    began = DAYS - RECENT
    if has_burst:
        more = max(least, round(weekly * 4 * random.uniform(1.5, 2.5)))
        for _ in range(more):
            counts[began + min(RECENT - 1, int(random.triangular(0, RECENT, RECENT * 0.5)))] += 1
    return Series(counts, has_burst, began)


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


def highest(way: Way, series: Series) -> list[float]:
    """The numbers of the window's days so far, each the highest until then; days with too few cases count nothing."""
    top, found = float("-inf"), []
    for day in range(series.began, DAYS):
        counts = series.counts[: day + 1]
        if sum(counts[-RECENT:]) >= LEAST_CASES:
            top = max(top, way(counts))
        found.append(top)
    return found


def measure(name: str, learn: Sequence[Series], test: Sequence[Series]) -> Iterator[Measured]:
    """Set the limit on the first series, measure on the second; the shipped way by its own limits too."""
    way = WAYS[name]
    free = sorted((highest(way, one)[-1] for one in learn if not one.has_burst), reverse=True)
    runs = [(one, highest(way, one)) for one in test]
    yield _measured(name, free[int(len(free) * FALSE_SHARE)], runs)
    if name == SHIPPED:
        yield _measured(f"{name}, as shipped", LIMIT, runs)
        yield _measured(f"{name}, as shipped for a county of {COUNTY} courses", limit_among(COUNTY), runs)


def _measured(name: str, limit: float, runs: Sequence[tuple[Series, list[float]]]) -> Measured:
    hits = [
        next(d for d, n in enumerate(run, 1) if n > limit) for one, run in runs if one.has_burst and run[-1] > limit
    ]
    bursts = sum(one.has_burst for one, _ in runs)
    wrong = sum(not one.has_burst and run[-1] > limit for one, run in runs)
    right = len(hits) / (len(hits) + wrong) if hits or wrong else 0.0
    return Measured(name, limit, len(hits) / bursts, wrong / (len(runs) - bursts), right, median(hits) if hits else 0.0)


def compared(number: int, least: int) -> Iterator[Measured]:
    """All ways, on bursts of at least so many cases more."""
    learn, test = list(many(1, number, least)), list(many(2, number, least))
    for name in WAYS:
        yield from measure(name, learn, test)


TITLE = "## Bursts in sparse counts"
TEXT = """Written by `python -m devkit simulate_bursts --write` on {day} at {commit}: {number:,} series to set
each way's limit at one free window in a hundred, {number:,} others to measure; 0.2 to 5 cases a week,
a season, weekdays, chance beyond Poisson; one window of 28 days in twenty holds a burst, two and a half to three
and a half times what is usual and at least so many cases more.
"""
HEADS = ("burst of at least", "way", "limit", "found", "false windows", "alarms that are right", "days to half")


def table_of(number: int, found: Sequence[tuple[int, Measured]], day: date, commit: str) -> str:
    """The part of docs/warnings.md."""
    head = f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|"
    return "\n".join([TITLE, "", TEXT.format(day=day, commit=commit, number=number), head, *map(_row, found), ""])


def _row(one: tuple[int, Measured]) -> str:
    least, row = one
    shares = f"{row.found:.2f} | {row.false:.3f} | {row.right:.2f} | {row.days:.0f}"
    return f"| {least} | {row.way} | {row.limit:.2f} | {shares} |"
