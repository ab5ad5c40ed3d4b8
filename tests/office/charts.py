"""A workbook with one chart, as reports are made of."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

MONTHS = ("一月", "二月", "三月")


def a_workbook(
    kind: str = "bar",
    series: Mapping[str, Sequence[int]] | None = None,
    names: Sequence[str] = MONTHS,
    *,
    stacked: bool = False,
) -> bytes:
    """Bars of three months, or another kind of chart of other numbers."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    rows = book.add_worksheet("月")
    rows.write_column(0, 0, names)
    chart = book.add_chart({"type": kind, **({"subtype": "stacked"} if stacked else {})})
    for at, (name, values) in enumerate((series or {"受理": (12, 37, 8)}).items(), 1):
        rows.write_column(0, at, values)
        last = len(names) - 1
        chart.add_series({"name": name, "categories": ["月", 0, 0, last, 0], "values": ["月", 0, at, last, at]})
    chart.set_title({"name": "逐月受理"})
    rows.insert_chart("D1", chart)
    book.close()
    return kept.getvalue()
