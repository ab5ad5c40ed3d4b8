"""The report as an XLSX: every table of the board, with charts of Excel's own that can be edited further."""

from typing import Any

from django.utils import timezone

from workbench.statistics.board import Board, Share
from workbench.statistics.headline import headline
from workbench.statistics.reports.book import BLUE, GREEN, FigureBook


class Workbook(FigureBook):
    """The workbook of a board."""

    def __init__(self, board: Board, title: str) -> None:
        """For a board; `title` stands at the head of every sheet."""
        about = f"{board.place.full_name}　{board.period.words}　数据截至 {timezone.localtime(board.at):%Y-%m-%d %H:%M}"
        super().__init__(title, about)
        self.board = board

    def content(self) -> bytes:
        """The whole file."""
        self._figures()
        self._months()
        self._splits()
        self._places()
        self._organisations()
        return self.closed()

    def _figures(self) -> None:
        sheet = self.sheet("指标", (20, 10, 8, 10, 10, 10, 60))
        heads = ["指标", "本期", "单位", "分子", "分母", "上期", "口径"]
        rows = [
            [v.figure.label, v.number, v.figure.unit, v.part, v.whole, v.before, v.figure.definition]
            for v in self.board.values.values()
        ]
        rows.append(["超期数", self.board.overdue, "件", self.board.overdue, None, None, "此刻有时限已超期的案件"])
        self.table(sheet, 3, 0, heads, rows)
        sheet.freeze_panes(4, 1)

    def _months(self) -> None:
        sheet = self.sheet("逐月", (12, 10, 10, 10, 10))
        rows = [[f"{m.first:%Y-%m}", m.accepted, m.concluded, m.resolved, m.closed] for m in self.board.months]
        end = self.table(sheet, 3, 0, ["月份", "受理", "办理完成", "化解", "办结"], rows)
        if rows:
            chart = self.chart("column", "逐月", (4, end - 1), 0, {1: BLUE, 3: GREEN}, "逐月受理与化解")
            sheet.insert_chart(3, 6, chart, {"x_scale": 1.4, "y_scale": 1.2})

    def _splits(self) -> None:
        sheet = self.sheet("结构", (24, 10, 10))
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
        sheet = self.sheet("各地", (8, 22, 10, 10, 10, 12, 10, 10))
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
        sheet = self.sheet("承办单位", (36, 10, 10, 10, 10, 12))
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
