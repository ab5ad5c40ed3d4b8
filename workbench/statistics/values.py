"""A figure of one place and period: its value, the value before, how many cases stand behind it, and their list."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from intake.counting.queries import Counts, Slice
from workbench.statistics.definitions import SMALL, Figure, Part, quantile


@dataclass(frozen=True)
class Value:
    """What is shown of a figure. `part` of `whole` for a rate; `number` is rounded to what is shown."""

    figure: Figure
    number: float | None
    before: float | None
    part: int
    whole: int | None
    part_link: str
    whole_link: str

    @property
    def text(self) -> str:
        """The number as it reads; a dash where nothing can be divided."""
        return shown(self.number, self.figure)

    @property
    def before_text(self) -> str:
        return shown(self.before, self.figure)

    @property
    def is_small(self) -> bool:
        """A rate over too few cases to say much."""
        return self.whole is not None and 0 < self.whole < SMALL

    @property
    def is_carried(self) -> bool:
        """More than all: cases of the time before were resolved in the period."""
        return self.whole is not None and self.part > self.whole > 0

    @property
    def change(self) -> str:
        """Against the period before: `+0.4 个百分点`, `−12`; empty where there is nothing to compare with."""
        if self.number is None or self.before is None:
            return ""
        step = round(self.number - self.before, 1)
        if step == 0:
            return "持平"
        unit = "个百分点" if self.figure.is_rate else self.figure.unit
        size = f"{abs(step):.1f}" if self.figure.is_rate else f"{abs(step):,.0f}"
        return f"{'+' if step > 0 else '−'}{size} {unit}"

    @property
    def trend(self) -> str:
        """`better`, `worse` or empty."""
        if self.number is None or self.before is None or self.figure.more_is_better is None:
            return ""
        if round(self.number - self.before, 1) == 0:
            return ""
        return "better" if (self.number > self.before) == self.figure.more_is_better else "worse"


def value_of(
    figure: Figure,
    of: Slice,
    counts: Counts,
    before: Counts | None,
    named: dict[str, tuple[str, ...]],
    *,
    alone: bool = False,
) -> Value:
    """The figure for counts that were read, with the counts of the period before where they are known.

    A stock has none before: cases keep no day on which they were guided away, merged or withdrawn.
    """
    part = figure.part.resolved(named)
    before = None if part.is_stock else before
    whole = figure.of.resolved(named) if figure.of else None
    if figure.quantile:
        number: float | None = quantile(counts, part, figure.quantile)
        earlier: float | None = quantile(before, part, figure.quantile) if before is not None else None
        base = Part(part.measure)
        return Value(figure, number, earlier, base.count(counts), None, link_to(base, of, alone=alone), "")
    return Value(
        figure,
        number=_number(part, whole, counts),
        before=_number(part, whole, before) if before is not None else None,
        part=part.count(counts),
        whole=whole.count(counts) if whole else None,
        part_link=link_to(part, of, alone=alone),
        whole_link=link_to(whole, of, alone=alone) if whole else "",
    )


def _number(part: Part, whole: Part | None, counts: Counts) -> float | None:
    if whole is None:
        return part.count(counts)
    return rate(part.count(counts), whole.count(counts))


def rate(part: int, whole: int) -> float | None:
    """Per cent, to one digit; None of nothing. A figure that is not 100 per cent never reads so, and none is over it:
    what the cumulative reading carries over from before stands beside it in words."""
    if not whole:
        return None
    exact = 100 * part / whole
    if 99.95 <= exact < 100:
        return 99.9
    return min(round(exact, 1), 100.0)


def shown(number: float | None, figure: Figure) -> str:
    """A number as it reads, without its unit."""
    if number is None:
        return "—"
    return f"{number:.1f}" if figure.is_rate else f"{number:,.0f}"


def link_to(part: Part, of: Slice, *, alone: bool = False) -> str:
    """The list of cases behind a number; `alone` of the place itself, without what lies below it."""
    asked: list[tuple[str, str]] = [("measure", part.measure), ("place", of.place)]
    asked += [("from", of.start.isoformat()), ("to", of.end.isoformat())]
    if part.axis:
        asked += [("axis", part.axis), *(("key", key) for key in part.keys)]
    asked += [("alone", "1")] if alone else []
    return f"{_address()}?{urlencode(asked)}"


@cache
def _address() -> str:
    """Looked up once: a board has hundreds of links."""
    return reverse("workbench:figure_cases")
