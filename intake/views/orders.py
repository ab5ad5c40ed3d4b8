"""The orders of the list of cases, by head of column, either way. What has no index is sorted where there is little."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from intake import queries
from intake.models import Case
from intake.views.columns import Column
from zhongzhi.web.lists import MOST_COUNTED, Total


@dataclass(frozen=True)
class Order:
    """One order: its name in the address, how it reads, the names it is cut by, the column at whose head it stands."""

    name: str
    label: str
    keys: tuple[str, ...]
    column: str
    is_indexed: bool = False

    @property
    def way(self) -> str:
        """As `aria-sort` says it."""
        return "descending" if self.keys[0].startswith("-") else "ascending"


def _both(column: str, field: str, label: str) -> tuple[Order, Order]:
    return (
        Order(f"-{column}", f"{label}从大到小", (f"-{field}", "-id"), column),
        Order(column, f"{label}从小到大", (field, "id"), column),
    )


NEWEST = Order("new", "最新登记", ("-id",), "registered", is_indexed=True)
ORDERS = (
    NEWEST,
    Order("old", "最早登记", ("id",), "registered", is_indexed=True),
    Order("due", "最近到期", ("next_due", "id"), "due", is_indexed=True),
    Order("-due", "最晚到期", ("-next_due", "-id"), "due"),
    *_both("accepted", "accepted_at", "受理时间"),
    *_both("closed", "closed_at", "办结时间"),
    *_both("amount", "amount", "金额"),
    *_both("people", "people_count", "人数"),
)
BY_NAME = {order.name: order for order in ORDERS}
TOO_MANY = f"超过 {MOST_COUNTED:,} 件，不能按“{{}}”排序；请先筛选。"
WITHOUT_LIMIT = f"超过 {MOST_COUNTED:,} 件，只列出时限在走的案件；其余没有时限，不在此列。"


@dataclass(frozen=True)
class Head:
    """What a click on the head of a column does: the order it takes; `way`, how the list stands by this column."""

    name: str
    way: str = ""

    @property
    def taken(self) -> bool:
        """Whether the list stands in an order of this column."""
        return bool(self.way)


def order_named(name: str) -> Order:
    """An order by its name in the address; the newest first for none."""
    return BY_NAME.get(name, NEWEST)


def in_order(rows: QuerySet[Case], order: Order, total: Total) -> tuple[QuerySet[Case], Order, str]:
    """The rows as this order lists them, the order that was possible, and what is left out, in words.

    Few rows are sorted by anything, and nothing is left out. Of many, those by deadline are the ones whose limit runs.
    """
    if total.is_all:
        return rows, order, ""
    if not order.is_indexed:
        return rows, NEWEST, TOO_MANY.format(order.label)
    if order.column == "due":
        return queries.with_running_limit(rows), order, WITHOUT_LIMIT
    return rows, order, ""


def heads_of(columns: Iterable[Column], order: Order) -> list[tuple[Column, Head | None]]:
    """The columns, each with what its head does."""
    return [(column, _head(column.name, order)) for column in columns]


def _head(column: str, order: Order) -> Head | None:
    own = [known for known in ORDERS if known.column == column]
    if not own:
        return None
    if order.column != column:
        return Head(own[0].name)
    return Head(next(known.name for known in own if known != order), order.way)
