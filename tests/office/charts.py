"""A workbook with one chart, as reports are made of."""

import io

import xlsxwriter


def a_workbook() -> bytes:
    """Bars of three months."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    rows = book.add_worksheet("月")
    for at, (name, number) in enumerate((("一月", 12), ("二月", 37), ("三月", 8))):
        rows.write_row(at, 0, (name, number))
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"name": "受理", "categories": "=月!$A$1:$A$3", "values": "=月!$B$1:$B$3",
                      "categories_data": ["一月", "二月", "三月"], "values_data": [12, 37, 8]})  # fmt: skip
    chart.set_title({"name": "逐月受理"})
    rows.insert_chart("D1", chart)
    book.close()
    return kept.getvalue()
