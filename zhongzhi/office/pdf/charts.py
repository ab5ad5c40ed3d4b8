"""The numbers of a native chart, for drawing it again."""

from typing import Any

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Node = Any


def chart_in(root: Node) -> dict[str, Any]:
    """Title, names along the axis, and series with their values."""
    title = "".join(text.text or "" for text in root.findall(f".//{C}chart/{C}title//{A}t"))
    rows = root.findall(f".//{C}ser")
    names = _texts(rows[0].find(f"{C}cat")) if rows else []
    return {"title": title, "names": names, "series": [_series(row) for row in rows]}


def _series(row: Node) -> dict[str, Any]:
    shown = _texts(row.find(f"{C}val"))
    return {"name": "".join(_texts(row.find(f"{C}tx"))), "shown": [_plain(text) for text in shown],
            "values": [float(text or 0) for text in shown]}  # fmt: skip


def _texts(node: Node) -> list[str]:
    """The points kept with a reference, in their order; gaps are empty."""
    if node is None:
        return []
    count = node.find(f".//{C}ptCount")
    points = {int(point.get("idx")): point.findtext(f"{C}v") or "" for point in node.iter(f"{C}pt")}
    return [points.get(at, "") for at in range(int(count.get("val")) if count is not None else len(points))]


def _plain(number: str) -> str:
    return f"{float(number):g}" if number else ""
