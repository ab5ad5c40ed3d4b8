"""The columns of a list of cases: which there are, which a person chose, and how a cell reads in an export."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.utils import timezone

from intake.entries import CASE
from intake.lifecycle import DONE_STATES
from intake.models import Case
from intake.queries import Row, senders_of
from zhongzhi.core.errors import BadInput
from zhongzhi.web import sheets


@dataclass(frozen=True)
class Column:
    """One column: its name in the address, its head, and the text of its cell."""

    name: str
    label: str
    text: Callable[[Row], Any]
    width: int = 14


def _day(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    return moment.isoformat() if moment else ""


def _due(row: Row) -> str:
    due = getattr(row.case, "next_due", None)
    return "" if row.case.status in DONE_STATES else _day(due)


def _group(case: Case) -> str:
    return f"{case.category.parent.name}/{case.category.name}" if case.category and case.category.parent else ""


COLUMNS = (
    Column("applicants", "申请人", lambda r: r.names),
    Column("place", "发生地", lambda r: r.case.territory.full_name if r.case.territory else "", 28),
    Column("category", "类别", lambda r: _group(r.case), 28),
    Column("status", "状态", lambda r: r.case.get_status_display()),
    Column("holder", "当前办理单位", lambda r: r.case.holder.name if r.case.holder else "", 22),
    Column("centre", "负责中心", lambda r: r.case.centre.name if r.case.centre else "", 22),
    Column("tier", "层级", lambda r: r.case.get_tier_display()),
    Column("risk", "风险", lambda r: r.case.get_risk_display()),
    Column("complexity", "难易", lambda r: r.case.get_complexity_display()),
    Column("channel", "来源渠道", lambda r: r.case.get_channel_display()),
    Column("senders", "来源编号", lambda r: "、".join(f"{s['system']} {s['number']}" for s in senders_of(r.case)), 22),
    Column("amount", "金额（元）", lambda r: "" if r.case.amount is None else r.case.amount),
    Column("people", "人数", lambda r: r.case.people_count or ""),
    Column("registered", "登记时间", lambda r: _day(r.case.registered_at), 18),
    Column("accepted", "受理时间", lambda r: _day(r.case.accepted_at), 18),
    Column("closed", "办结时间", lambda r: _day(r.case.closed_at), 18),
    Column("outcome", "结果", lambda r: r.case.get_outcome_display()),
    Column("due", "时限", _due, 18),
    *(Column(name, kind.label, attrgetter(f"case.{name}")) for name, kind in CASE.items() if kind.listed),
)
BY_NAME = {column.name: column for column in COLUMNS}
USUAL = ("applicants", "place", "status", "holder", "risk", "registered", "due")
ALWAYS = (Column("code", "编号", lambda r: r.case.code, 26), Column("title", "标题", lambda r: r.case.title, 40))


def chosen_columns(given: Sequence[str]) -> list[Column]:
    """The columns named in the address, in the order of the table; the usual ones where none is named.

    Raises BadInput at `columns` for a name that is none.
    """
    unknown = [name for name in given if name not in BY_NAME]
    if unknown:
        raise BadInput(f"没有这一列：{'、'.join(unknown)[:60]}。", field="columns")
    wanted = set(given) or set(USUAL)
    return [column for column in COLUMNS if column.name in wanted]


def sheet_columns(columns: Sequence[Column]) -> list[sheets.Column]:
    """The same as columns of a table to hand out; code and title always lead."""
    return [sheets.Column(c.name, c.label, width=c.width) for c in (*ALWAYS, *columns)]


def sheet_row(row: Row, columns: Sequence[Column]) -> list[Any]:
    """The texts of one line."""
    return [column.text(row) for column in (*ALWAYS, *columns)]
