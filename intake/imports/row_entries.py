"""A row of a table as the entry of a case; what cannot be read is told at its column."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from intake.entries import CaseEntry, PartyEntry
from intake.imports.models import ImportKind
from intake.models import PartySide, Risk
from zhongzhi.core.errors import BadInput

ReadT = TypeVar("ReadT")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
_RISKS: Final = {label: value for value, label in Risk.choices}
COLUMNS: Final = {
    "external_number": "number",
    "external_system": "number",
    "occurred_on": "day",
    "territory": "place",
    "parties": "person",
    "parties.0.name": "person",
    "parties.0.phone": "phone",
    "parties.0.paper_number": "paper",
    "parties.1.name": "respondent",
}


def column_of(field: str) -> str:
    """The column that a field of an entry came from."""
    return COLUMNS.get(field, field)


def entry_of(kind: ImportKind, values: dict[str, str]) -> tuple[CaseEntry, dict[str, str]]:
    """The entry a row stands for, and by column what could not be read."""
    faults: dict[str, str] = {}

    def read(column: str, reader: Callable[[str], ReadT]) -> ReadT | None:
        text = values.get(column, "")
        if not text:
            return None
        try:
            return reader(text)
        except BadInput as error:
            faults[column] = error.message
            return None

    entry = CaseEntry(
        narrative=values.get("narrative", ""),
        request=values.get("request", ""),
        territory=values.get("place", ""),
        place_detail=values.get("place_detail", ""),
        category=values.get("category", ""),
        channel=kind.channel,
        occurred_on=read("day", _day),
        amount=read("amount", _amount),
        people_count=read("people_count", _count),
        risk=read("risk", _risk) or Risk.BLUE,
        external_system=kind.system,
        external_number=values.get("number", ""),
        parties=_parties(values),
    )
    return entry, faults


def _parties(values: dict[str, str]) -> tuple[PartyEntry, ...]:
    name = values.get("person", "")
    first = PartyEntry(
        name=name, name_withheld=not name, phone=values.get("phone", ""), paper_number=values.get("paper", "")
    )
    other = values.get("respondent", "")
    return (first, PartyEntry(side=PartySide.RESPONDENT, name=other)) if other else (first,)


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else date.fromisoformat(text)
    except ValueError:
        raise BadInput("不是一个日期，请写成 2026-11-23 这样。") from None


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").removesuffix("元"))
    except InvalidOperation:
        raise BadInput("不是一个金额，请只填数字（元）。") from None
    if not amount.is_finite() or amount.adjusted() > 11:
        raise BadInput("不是一个金额，请只填数字（元）。")
    return amount.quantize(Decimal("0.01"))


def _count(text: str) -> int:
    number = text.removesuffix("人")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= 1_000_000):
        raise BadInput("不是一个人数，请填 1 至 1000000 的整数。")
    return int(number)


def _risk(text: str) -> str:
    label = text.removesuffix("风险").removesuffix("色")
    if label not in _RISKS:
        raise BadInput("没有这个风险等级，请填红色、橙色、黄色或蓝色。")
    return _RISKS[label]
