"""Whether counts of days run above their own usual course: sparse series, 0 to 5 in a week.

The usual course is a level and one wave of the year, both fitted and drawn towards none where there are few cases; how
much is not known of it is part of what chance alone may do. Other ways that were compared with this one stand beside
the comparison (`devkit/simulation/other_ways.py`; decision “A fitted season, and a limit for the whole county”).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, log, pi, sin

WEEK, RECENT, YEAR = 7, 28, 364
LEAST_PAST = 12 * WEEK
"""Days of a course that are known before anything is called usual."""
WINDOWS = (14, RECENT)
"""Days that are looked at, back from the last one."""
SWING = 0.04
"""How much a season moves the mean before anything is known of it: the variance of each part of the wave."""
SPREAD = 1 / 3
"""The same of what chance adds to Poisson on one day: the inverse of the size of its negative binomial."""
LEAST_SPREAD, LEAST_FACTOR, LEAST_TAIL = 0.07, 0.3, 1e-13


@dataclass(frozen=True)
class Course:
    """The mean of a day with its wave, the spread of a day beyond Poisson, the variance of what is not known of it."""

    level: float
    wave: tuple[float, float]
    spread: float
    doubt: float

    def mean(self, day: float) -> float:
        """Cases expected on a day, counted from the end of what is known."""
        turn = 2 * pi * day / YEAR
        return self.level * max(1 + self.wave[0] * cos(turn) + self.wave[1] * sin(turn), LEAST_FACTOR)

    def expected(self, days: int) -> float:
        """Cases expected in the last days of the four weeks that follow what is known."""
        return sum(self.mean(RECENT - at - 0.5) for at in range(days))


def usual_course(past: Sequence[int]) -> Course:
    """The course of the last year of what is past. A season is fitted to a whole year only; less leaves more doubt."""
    past = past[-YEAR:]
    number, days = sum(past) + 0.5, len(past)
    level = number / days
    wave, doubt = (0.0, 0.0), 1 / number + 2 * SWING
    if days == YEAR:
        turns = [(2 * pi * (day - days) / YEAR, count) for day, count in enumerate(past) if count]
        trust = SWING / (SWING + 2 / number)
        part = 2 / number * trust
        wave = part * sum(n * cos(turn) for turn, n in turns), part * sum(n * sin(turn) for turn, n in turns)
        doubt = 1 / number + SWING * (1 - trust)
    return Course(level, wave, _spread(past, Course(level, wave, 0, 0)), doubt)


def _spread(past: Sequence[int], course: Course) -> float:
    """By the weeks against their own means, weighed against what is usual by how much they can tell."""
    over = square = 0.0
    weeks = len(past) // WEEK
    for back in range(weeks):
        end = len(past) - back * WEEK
        mean = WEEK * course.mean(-(back + 0.5) * WEEK)
        over += (sum(past[end - WEEK : end]) - mean) ** 2 - mean
        square += mean * mean
    average = WEEK * course.level
    told, usual = square**2 / (weeks * (2 * average**2 + average)), (WEEK / SPREAD) ** 2
    of_week = (over / square * told + usual * SPREAD / WEEK) / (told + usual)
    return max(of_week * WEEK, LEAST_SPREAD)


def surprise(counts: Sequence[int]) -> float:
    """How improbable the last days are under the usual course: minus the logarithm of the chance of more than what
    came, in that one of the windows where it is least. The last four weeks are no part of what is usual; nothing is
    said of a course that is known for less than `LEAST_PAST` before them."""
    if len(counts) < LEAST_PAST + RECENT:
        return 0.0
    course = usual_course(counts[:-RECENT])
    return max(_beyond(sum(counts[-days:]), course.expected(days), course, days) for days in WINDOWS)


def _beyond(number: int, mean: float, course: Course, days: int) -> float:
    """Minus the logarithm of the chance of more, by the negative binomial that chance and doubt make together."""
    if number <= mean:
        return 0.0
    size = 1 / (course.spread / days + course.doubt)
    share = mean / (size + mean)
    chance = (1 - share) ** size
    left = 1.0
    for count in range(number + 1):
        left -= chance
        chance *= share * (count + size) / (count + 1)
    return -log(max(left, LEAST_TAIL))


LIMIT = 8.2
"""Of `surprise`: one course in a hundred without a burst reaches it on some day of four weeks, whether it is known for
three months or for a year."""
STEEP = 0.9
"""How much rarer that gets with each unit above the limit: the decline of its logarithm."""
FALSE_A_WEEK = 0.5
"""How many false warnings of a county's courses together are put up with."""


def limit_among(courses: int) -> float:
    """The limit where so many courses of one county are watched: the more, the more of them chance alone lifts."""
    expected = courses * 0.01 * WEEK / RECENT
    return LIMIT + max(0.0, log(max(expected, 1e-9) / FALSE_A_WEEK) / STEEP)
