"""One line of the report, and how a time is taken."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured: our figure, and the yardstick of the same run where there is one."""

    what: str
    ours: float
    yardstick: float | None
    unit: str
    target: str

    @property
    def ratio(self) -> str:
        """Ours as a multiple of the yardstick."""
        return f"{self.ours / self.yardstick:.2f}" if self.yardstick else "–"

    def __str__(self) -> str:
        yardstick = f"{self.yardstick:10.1f}" if self.yardstick else f"{'–':>10}"
        return (
            f"{self.what:52}{self.ours:10.1f} {self.unit:6} yardstick {yardstick}  ratio {self.ratio:>6}  {self.target}"
        )


Lines = Iterator[Line]


def line(what: str, ours: float, yardstick: float, unit: str, target: str) -> Line:
    """A line with a yardstick."""
    return Line(what, ours, yardstick, unit, target)


def median_ms(work: Callable[[], object], times: int = 15) -> float:
    """The median of some runs, in milliseconds, after one that warms up."""
    work()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)
