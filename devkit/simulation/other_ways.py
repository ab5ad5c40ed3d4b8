"""Ways of finding bursts in counts of days that are not shipped, for the comparison with the one that is.

Each gives one number for the last day, and an alarm is a number above a limit.
"""

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt
from statistics import mean, pstdev

from early_warning.detection.statistics_of_counts import RECENT, WEEK, YEAR

BASELINE_WEEKS = 26
LEAST_VARIANCE = 0.02
SHRINK = 4.0
"""Cases that the year as a whole weighs in the course of one season: few cases make no season."""


def ears_c1(counts: Sequence[int]) -> float:
    """Deviations above the mean of the seven days before."""
    return _deviations(counts[-1], counts[-8:-1])


def ears_c2(counts: Sequence[int]) -> float:
    """The same, two days apart."""
    return _deviations(counts[-1], counts[-10:-3])


def ears_c3(counts: Sequence[int]) -> float:
    """The last three days of C2 together."""
    days = (len(counts), len(counts) - 1, len(counts) - 2)
    return sum(max(0.0, ears_c2(counts[:end]) - 1) for end in days)


def farrington(counts: Sequence[int]) -> float:
    """The last four weeks against the same weeks of a year and the half year before, by a quasi-Poisson limit."""
    weeks = _weeks(counts)
    now = sum(weeks[-4:])
    base = [sum(weeks[at : at + 4]) for at in range(len(weeks) - 8, len(weeks) - 8 - BASELINE_WEEKS, -2) if at >= 0]
    base += [sum(weeks[at : at + 4]) for at in range(len(weeks) - 58, len(weeks) - 54) if at >= 0]
    if len(base) < 4:
        return 0.0
    usual = mean(base)
    spread = max(1.0, pstdev(base) ** 2 / usual if usual else 1.0)
    # two thirds power makes counts nearly normal, as Farrington and others do
    expected = max(usual, 0.25)
    error = 2 / 3 * sqrt(spread) * float(expected ** (1 / 6))
    return float(now ** (2 / 3) - expected ** (2 / 3)) / error


def nb_cusum(counts: Sequence[int]) -> float:
    """The cumulative evidence of the last 28 days that counts are those of two and a half times the usual mean, less
    what chance alone gathers where there are more cases: so one limit serves villages and towns."""
    usual, size = usual_course(counts)
    total = 0.0
    for number in counts[-RECENT:]:
        total = max(0.0, total + _evidence(number, usual, size))
    return total - log(1 + RECENT * usual)


def usual_course(counts: Sequence[int]) -> tuple[float, float]:
    """The usual mean of a day, shrunk from the year to the season, and the size of its negative binomial."""
    past = list(counts[:-RECENT])[-YEAR:]
    if not past:
        return 0.0, 1.0
    weeks = _weeks(past)
    average = max(mean(weeks) / WEEK, 1 / YEAR)
    season = past[: RECENT + 2 * WEEK] if len(past) >= YEAR else []
    factor = (sum(season) + SHRINK) / (average * len(season) + SHRINK) if season else 1.0
    spread = max(pstdev(weeks) ** 2 - mean(weeks), LEAST_VARIANCE)
    size = max(mean(weeks) ** 2 / spread / WEEK, 0.05)
    return average * max(factor, 0.5), size


def _evidence(number: int, usual: float, size: float) -> float:
    raised = max(2.5 * usual, usual + 1.5 / WEEK)
    gain = log(raised * (usual + size) / (usual * (raised + size)))
    return number * gain - size * log((raised + size) / (usual + size))


def nb_tail(counts: Sequence[int]) -> float:
    """How improbable the sum of the last 28 days is under the usual course: minus the logarithm of its tail."""
    usual, size = usual_course(counts)
    number, average, whole = sum(counts[-RECENT:]), usual * RECENT, size * RECENT
    tail = 1.0 - sum(_nb(k, average, whole) for k in range(number))
    return -log(max(tail, 1e-12))


def _nb(k: int, average: float, size: float) -> float:
    return exp(
        lgamma(k + size) - lgamma(size) - lgamma(k + 1)
        + size * log(size / (size + average)) + k * log(average / (size + average))
    )  # fmt: skip


def _deviations(number: int, before: Sequence[int]) -> float:
    return (number - mean(before)) / max(pstdev(before), sqrt(LEAST_VARIANCE)) if before else 0.0


def _weeks(counts: Sequence[int]) -> list[int]:
    """Sums of weeks that end with the last day, the oldest first."""
    whole = len(counts) // WEEK
    start = len(counts) - whole * WEEK
    return [sum(counts[start + at * WEEK : start + (at + 1) * WEEK]) for at in range(whole)]
