"""A workbook of figures in the making: the looks of its cells, tables, and charts of Excel's own."""

import io
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Book = Any
FONT = "微软雅黑"
BLUE, GREEN = "#17457F", "#2F8F83"
PALETTE = (BLUE, GREEN, "#C2730B", "#7A5EA8", "#5B8FD1", "#A5813C", "#8C4A5F", "#4A7C3A", "#6B7783", "#B26A00")


class FigureBook:
    """One workbook; `title` stands at the head of every sheet, `about` below it."""

    def __init__(self, title: str, about: str) -> None:
        """An empty book."""
        self.title, self.about = title, about
        self.target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book: Book = xlsxwriter.Workbook(self.target, options)
        make = self.book.add_format
        self.head = make({"bold": True, "font_size": 14, "font_name": FONT})
        self.quiet = make({"font_color": "#55636F", "font_name": FONT})
        self.column = make(
            {"bold": True, "bg_color": "#EAF1F9", "border": 1, "border_color": "#DFE4EA", "font_name": FONT}
        )
        self.cell = make({"border": 1, "border_color": "#DFE4EA", "font_name": FONT})
        self.number = make({"border": 1, "border_color": "#DFE4EA", "num_format": "#,##0", "font_name": FONT})
        self.percent = make({"border": 1, "border_color": "#DFE4EA", "num_format": "0.0", "font_name": FONT})

    def closed(self) -> bytes:
        """The whole file."""
        self.book.close()
        return self.target.getvalue()

    def table(self, sheet: Worksheet, row: int, column: int, heads: list[str], rows: list[list[Any]]) -> int:
        """A table with its head; the row behind it. Floats are per cent, to one digit."""
        for at, head in enumerate(heads):
            sheet.write(row, column + at, head, self.column)
        for n, values in enumerate(rows, start=row + 1):
            for at, value in enumerate(values, start=column):
                style = (
                    self.percent if isinstance(value, float) else self.number if isinstance(value, int) else self.cell
                )
                sheet.write(n, at, "—" if value is None else value, style)
        return row + len(rows) + 1

    def chart(
        self,
        kind: str,
        sheet: str,
        rows: tuple[int, int],
        names: int,
        columns: dict[int, str],
        title: str,
        *,
        stacked: bool = False,
    ) -> Any:
        """A chart over rows of a table: `names` is the column of labels, `columns` those of numbers, with colours."""
        chart = self.book.add_chart({"type": kind, **({"subtype": "stacked"} if stacked else {})})
        first, last = rows
        for at, colour in columns.items():
            series: dict[str, Any] = {
                "name": [sheet, first - 1, at],
                "categories": [sheet, first, names, last, names],
                "values": [sheet, first, at, last, at],
                "data_labels": {"value": len(columns) == 1},
            }
            if kind == "line":
                series["line"] = {"color": colour, "width": 2.25}
            elif kind != "doughnut":
                series |= {"fill": {"color": colour}, "gap": 60}
            chart.add_series(series)
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"} if len(columns) > 1 or kind == "doughnut" else {"none": True})
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
            chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        return chart

    def sheet(self, name: str, widths: tuple[int, ...]) -> Worksheet:
        """A sheet with its head, that prints one page wide."""
        sheet: Worksheet = self.book.add_worksheet(name)
        sheet.write(0, 0, self.title, self.head)
        sheet.write(1, 0, self.about, self.quiet)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet
