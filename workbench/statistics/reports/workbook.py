"""The report as an XLSX: every table of the board, with charts of Excel's own that can be edited further."""

import io
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from workbench.statistics.board import Board, Share
from workbench.statistics.headline import headline

Book = Any
FONT = "微软雅黑"
BLUE, GREEN, AMBER = "#17457F", "#2F8F83", "#C2730B"


class Workbook:
    """One workbook in the making."""

    def __init__(self, board: Board, title: str) -> None:
        """For a board; `title` stands at the head of every sheet."""
        self.board, self.title = board, title
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

    def content(self) -> bytes:
        """The whole file."""
        self._figures()
        self._months()
        self._splits()
        self._places()
        self._organisations()
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
        self, kind: str, sheet: str, rows: tuple[int, int], names: int, columns: dict[int, str], title: str
    ) -> Any:
        """A chart over rows of a table: `names` is the column of labels, `columns` those of numbers, with colours."""
        chart = self.book.add_chart({"type": kind})
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

    def _sheet(self, name: str, widths: tuple[int, ...]) -> Worksheet:
        sheet: Worksheet = self.book.add_worksheet(name)
        sheet.write(0, 0, self.title, self.head)
        sheet.write(
            1,
            0,
            f"{self.board.place.full_name}　{self.board.period.words}　数据截至 {self.board.at:%Y-%m-%d %H:%M}",
            self.quiet,
        )
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _figures(self) -> None:
        sheet = self._sheet("指标", (20, 10, 8, 10, 10, 10, 60))
        heads = ["指标", "本期", "单位", "分子", "分母", "上期", "口径"]
        rows = [
            [v.figure.label, v.number, v.figure.unit, v.part, v.whole, v.before, v.figure.definition]
            for v in self.board.values.values()
        ]
        rows.append(["超期数", self.board.overdue, "件", self.board.overdue, None, None, "此刻有时限已超期的案件"])
        self.table(sheet, 3, 0, heads, rows)
        sheet.freeze_panes(4, 1)

    def _months(self) -> None:
        sheet = self._sheet("逐月", (12, 10, 10, 10, 10))
        rows = [[f"{m.first:%Y-%m}", m.accepted, m.concluded, m.resolved, m.closed] for m in self.board.months]
        end = self.table(sheet, 3, 0, ["月份", "受理", "办理完成", "化解", "办结"], rows)
        if rows:
            chart = self.chart("column", "逐月", (4, end - 1), 0, {1: BLUE, 3: GREEN}, "逐月受理与化解")
            sheet.insert_chart(3, 6, chart, {"x_scale": 1.4, "y_scale": 1.2})

    def _splits(self) -> None:
        sheet = self._sheet("结构", (24, 10, 10))
        row = 3
        for name, head, shares, kind in _splits(self.board):
            sheet.write(row, 0, name, self.head)
            row += 1
            end = self.table(sheet, row, 0, [head, "件数", "占比%"], _lines(shares))
            if shares:
                chart = self.chart(kind, "结构", (row + 1, end - 1), 0, {1: BLUE}, name)
                sheet.insert_chart(row - 1, 4, chart, {"y_scale": 0.95})
            row = max(end, row + 14) + 2

    def _places(self) -> None:
        if not self.board.places:
            return
        sheet = self._sheet("各地", (8, 22, 10, 10, 10, 12, 10, 10))
        rows = [
            [
                r.rank_words,
                r.name,
                r.resolution,
                r.part,
                r.whole,
                r.in_time,
                r.satisfaction,
                r.open,
            ]
            for r in self.board.places
        ]
        heads = ["名次", "地方", "化解率%", "化解", headline().whole_label, "按期办结率%", "满意率%", "在办"]
        end = self.table(sheet, 3, 0, heads, rows)
        sheet.write(end + 1, 0, "受理不足 10 件的只列出、不排名；不按登记数量评比。", self.quiet)
        chart = self.chart("bar", "各地", (4, end - 1), 1, {2: BLUE}, "各地化解率（%）")
        sheet.insert_chart(3, 9, chart, {"y_scale": max(1.0, len(rows) / 12)})

    def _organisations(self) -> None:
        sheet = self._sheet("承办单位", (36, 10, 10, 10, 10, 12))
        rows = [[r.name, r.overdue, r.open, r.concluded, r.resolution, r.in_time] for r in self.board.organisations]
        self.table(sheet, 3, 0, ["单位", "超期", "在办", "办理完成", "化解率%", "按期办结率%"], rows)


def _splits(board: Board) -> list[tuple[str, str, list[Share], str]]:
    return [
        ("化解层级", "层级", board.tiers, "doughnut"),
        ("纠纷类别", "类别", board.categories, "bar"),
        ("来源渠道", "渠道", board.channels, "bar"),
        ("化解方式", "方式", board.outcomes, "bar"),
        ("在办案件状态", "状态", board.states, "bar"),
    ]


def _lines(shares: list[Share]) -> list[list[Any]]:
    return [[share.label, share.count, share.percent] for share in shares]


def workbook_of(board: Board, title: str) -> bytes:
    """The report as a workbook."""
    return Workbook(board, title).content()
