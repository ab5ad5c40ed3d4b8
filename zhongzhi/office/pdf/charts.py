"""The numbers of a native chart, for drawing it again."""

from itertools import chain, count
from math import ceil
from typing import Any

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SHADES = ("2F6FB0", "C2601F", "3B8F5A", "8B6FB0")
STEPS = 5
"""An axis has about as many lines."""
Node = Any


def chart_in(root: Node) -> dict[str, Any]:
    """What kind it is, title, names along the axis, series with their values and colours, where its axis is marked."""
    title = "".join(text.text or "" for text in root.findall(f".//{C}chart/{C}title//{A}t"))
    rows = root.findall(f".//{C}ser")
    names = _texts(rows[0].find(f"{C}cat")) if rows else []
    series = [_series(at, row) for at, row in enumerate(rows)]
    stacked = _said(root, "grouping") in ("stacked", "percentStacked")
    return {
        "title": title,
        "way": _way(root),
        "stacked": stacked,
        "names": names,
        "series": series,
        "ticks": ticks_to(_highest(series, stacked=stacked)),
    }


def ticks_to(highest: float) -> list[float]:
    """Round numbers from nothing to at least the highest: 0, 20, 40, 60 for 47; whole ones, for most are counts."""
    rounds = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in rounds if step * STEPS >= highest)
    return [float(step * at) for at in range(max(1, ceil(highest / step)) + 1)]


def _highest(series: list[dict[str, Any]], *, stacked: bool) -> float:
    columns = list(zip(*(one["values"] for one in series), strict=False))
    return max((sum(column) for column in columns), default=0) if stacked else max(chain((0,), *columns))


def _way(root: Node) -> str:
    """Bars that lie, columns that stand, or lines; parts of a whole are told by bars as well."""
    if root.find(f".//{C}lineChart") is not None:
        return "line"
    return "column" if _said(root, "barDir") == "col" else "bar"


def _said(root: Node, name: str) -> str:
    node = root.find(f".//{C}{name}")
    return "" if node is None else str(node.get("val"))


def _series(at: int, row: Node) -> dict[str, Any]:
    shown = _texts(row.find(f"{C}val"))
    colour = row.find(f"{C}spPr//{A}srgbClr")
    return {
        "name": "".join(node.text or "" for node in row.findall(f"{C}tx//{C}v")),
        "shown": [_plain(text) for text in shown],
        "values": [float(text or 0) for text in shown],
        "colour": SHADES[at % len(SHADES)] if colour is None else str(colour.get("val")),
    }


def _texts(node: Node) -> list[str]:
    """The points kept with a reference, in their order; gaps are empty."""
    if node is None:
        return []
    count = node.find(f".//{C}ptCount")
    points = {int(point.get("idx")): point.findtext(f"{C}v") or "" for point in node.iter(f"{C}pt")}
    return [points.get(at, "") for at in range(int(count.get("val")) if count is not None else len(points))]


def _plain(number: str) -> str:
    return f"{float(number):g}" if number else ""
