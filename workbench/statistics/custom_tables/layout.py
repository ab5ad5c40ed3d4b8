"""Which figures a table may show, along what they may be split, and what a layout must keep to."""

from dataclasses import dataclass, replace
from functools import cache

from intake.counting.queries import AXES, all_measures
from workbench.models import Lines
from workbench.statistics.definitions import FIGURES, Figure, Part, count_of
from zhongzhi.core.errors import BadInput

MOST_FIGURES, MOST_COLUMNS, MOST_LINES, MOST_MONTHS = 12, 40, 300, 36
SPLITS = {name: axis.label for name, axis in AXES.items() if name not in ("days", "hours")}


@dataclass(frozen=True)
class TableLayout:
    """The figures by name, the axis along which they are split (empty for none), and what the lines are."""

    figures: tuple[str, ...]
    axis: str
    lines: str

    @property
    def chosen(self) -> list[Figure]:
        """The figures themselves."""
        return [choosable()[name] for name in self.figures]


@cache
def choosable() -> dict[str, Figure]:
    """Every figure of the board, and every measure that none of them shows as it is."""
    shown = {figure.part for figure in FIGURES.values() if not figure.is_rate and not figure.quantile}
    rest = [count_of(name) for name in all_measures() if Part(name) not in shown]
    return FIGURES | {figure.name: figure for figure in map(_named_apart, rest)}


def _named_apart(count: Figure) -> Figure:
    """A count whose measure is called like a rate: 按期办理完成数 is not 按期办结率."""
    return replace(count, name=f"{count.name}_count") if count.name in FIGURES else count


def splits_of(figure: Figure) -> list[str]:
    """The axes along which a figure can be split: those of all that it counts."""
    parts = [figure.part, *([figure.of] if figure.of else [])]
    if figure.quantile or any(part.axis for part in parts):
        return []
    return [axis for axis in SPLITS if all(axis in all_measures()[part.measure].axes for part in parts)]


def split(figure: Figure, axis: str, key: str, label: str) -> Figure:
    """The same figure of one part alone."""
    of = replace(figure.of, axis=axis, keys=(key,)) if figure.of else None
    part = replace(figure.part, axis=axis, keys=(key,))
    return replace(figure, name=f"{figure.name}.{key}", label=label, part=part, of=of)


def check_layout(layout: TableLayout) -> None:
    """Refuse what cannot be laid out (BadInput at the field that is wrong)."""
    if not layout.figures:
        raise BadInput("请至少选一项指标。", field="figures")
    if len(layout.figures) > MOST_FIGURES:
        raise BadInput(f"一张表最多 {MOST_FIGURES} 项指标。", field="figures")
    if unknown := [name for name in layout.figures if name not in choosable()]:
        raise BadInput(f"没有“{unknown[0][:20]}”这项指标。", field="figures")
    if layout.lines not in Lines.values:
        raise BadInput("请选择每一行是什么。", field="lines")
    _check_split(layout)


def _check_split(layout: TableLayout) -> None:
    if layout.lines == Lines.MONTHS and (stock := next((f for f in layout.chosen if f.part.is_stock), None)):
        raise BadInput(f"“{stock.label}”只按此刻计，不能按月列。", field="figures")
    if not layout.axis:
        if layout.lines == Lines.PARTS:
            raise BadInput("每一行是拆分出的各项时，请选择按什么拆分。", field="axis")
        return
    if layout.axis not in SPLITS:
        raise BadInput(f"不能按“{layout.axis[:20]}”拆分。", field="axis")
    if layout.lines != Lines.PARTS and len(layout.figures) > 1:
        raise BadInput("拆分成列时只能选一项指标；要多项指标，请把拆分出的各项放在行里。", field="figures")
    for figure in layout.chosen:
        if layout.axis not in (can := splits_of(figure)):
            ways = f"可以按{'、'.join(SPLITS[name] for name in can)}拆分" if can else "不能拆分"
            raise BadInput(f"“{figure.label}”{ways}。", field="axis")
