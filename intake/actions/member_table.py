"""The list of a group as offices and foremen keep it: a table or a pasted text, each row checked, sums compared.

Nothing is written where one row is wrong: all faults are told at once, each with the number of its row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import BinaryIO, Final

from django.utils import timezone

from intake.models.party import PaperKind
from intake.queries.guardians import ADULT
from zhongzhi.core import idnumbers
from zhongzhi.core.errors import DomainError, RuleViolation
from zhongzhi.core.idnumbers import age_on
from zhongzhi.core.text import clean_text, name_key, number_key, says_nothing, to_halfwidth
from zhongzhi.web.sheets import Column, Sheet, SheetRow

MOST_MEMBERS: Final = 2000
TOLD: Final = 20
"""Faults that are named; the others are counted."""
SUMS: Final = ("合计", "总计", "共计", "小计")
LARGEST: Final = Decimal(10) ** 10
COLUMNS: Final = (
    Column("name", "姓名", required=True, example="王海",
           also=("姓名或名称", "员工姓名", "工人姓名", "农民工姓名", "业主姓名", "户主", "名字")),
    Column("paper_number", "身份证号", note="可以不填；须设为文本", width=22,
           also=("身份证号码", "身份证", "证件号码", "证件号", "公民身份号码")),
    Column("phone", "电话", note="可以不填", example="13800000000",
           also=("手机", "手机号", "手机号码", "联系电话", "联系方式")),
    Column("amount", "金额", note="各人的数额，单位元", example="12300.50",
           also=("应得金额", "应付金额", "拖欠金额", "欠薪金额", "欠款金额", "拖欠工资", "未付工资", "工资", "应发工资",
                 "诉求金额", "主张金额", "补偿金额")),
)  # fmt: skip


@dataclass(frozen=True)
class MemberRow:
    """One person as the list has it, with normalised numbers."""

    name: str
    paper_number: str = ""
    phone: str = ""
    amount: Decimal | None = None


def rows_of_table(stream: BinaryIO, name: str) -> list[MemberRow]:
    """The rows of an uploaded table. Raises what reading a table raises, RuleViolation at `table` with all faults."""
    return checked_rows(Sheet(stream, name, COLUMNS).rows())


def rows_of_text(text: str) -> list[MemberRow]:
    """The rows of what was pasted: columns parted by tabs, commas or blanks; titles of its own, or name, paper, phone
    and sum in this order."""
    lines = [line for line in to_halfwidth(text).splitlines() if line.strip()]
    if not any("\t" in line or "," in line for line in lines):
        lines = [",".join(line.split()) for line in lines]
    known = {title for column in COLUMNS for title in (column.title, *column.also)}
    if not lines or not known & {cell.strip() for cell in lines[0].replace("\t", ",").split(",")}:
        mark = "\t" if any("\t" in line for line in lines) else ","
        lines.insert(0, mark.join(column.title for column in COLUMNS))
    return rows_of_table(BytesIO("\n".join(lines).encode()), "pasted.txt")


def checked_rows(rows: Iterator[SheetRow]) -> list[MemberRow]:
    """The people of a list; a row of sums is compared with those above it."""
    found: list[MemberRow] = []
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        try:
            if name_key(row.values.get("name", "")) in SUMS:
                _check_sum(row, found)
                continue
            member = _member(row)
            _check_twice(member, row.number, seen)
            found.append(member)
        except DomainError as error:
            faults.append(f"第 {row.number} 行：{error.message.rstrip('。')}")
    if len(found) > MOST_MEMBERS:
        faults.append(f"名册最多 {MOST_MEMBERS} 人，表中有 {len(found)} 人；请拆成几件案件。")
    _refuse(faults)
    if not found:
        raise RuleViolation("表中没有一行有姓名，请对照模板检查。", field="table")
    return found


def checked_member(row: MemberRow) -> MemberRow:
    """One person as typed at the window, by the rules of the table. Raises RuleViolation at the field."""
    values = {"name": row.name, "paper_number": row.paper_number, "phone": row.phone}
    checked = _member(SheetRow(1, values))
    if row.amount is not None:
        _check_amount(row.amount)
    return MemberRow(checked.name, checked.paper_number, checked.phone, row.amount)


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = f"；另有 {len(faults) - TOLD} 处" if len(faults) > TOLD else ""
        raise RuleViolation("名册没有写入，请改好后重新上传。" + "；".join(faults[:TOLD]) + more, field="table")


def _member(row: SheetRow) -> MemberRow:
    for fault in row.faults.values():
        raise RuleViolation(fault, field="table")
    cells = {name: "" if name != "name" and says_nothing(text) else text for name, text in row.values.items()}
    name = name_key(clean_text(cells.get("name", ""), field="name", max_length=80))
    if not name:
        raise RuleViolation("没有姓名。", field="name")
    paper = cells.get("paper_number", "").strip()
    return MemberRow(
        name,
        _paper(paper, name) if paper else "",
        idnumbers.phone(cells["phone"]) if cells.get("phone", "").strip() else "",
        _amount(cells.get("amount", "")),
    )


def _paper(number: str, name: str) -> str:
    person = idnumbers.resident_id(number_key(number), today=timezone.localdate())
    if age_on(person.birth_date, timezone.localdate()) < ADULT:
        raise RuleViolation(f"{name}未满十八周岁，请作为当事人登记，并登记监护人。", field="paper_number")
    return person.number


def _amount(text: str) -> Decimal | None:
    plain = "".join(to_halfwidth(text).split()).replace(",", "").removeprefix("¥").removesuffix("元")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise RuleViolation(f"金额“{text[:20]}”不是数字。", field="amount") from None
    _check_amount(value)
    return value.quantize(Decimal("0.01"))


def _check_amount(value: Decimal) -> None:
    if not value.is_finite() or not 0 < value < LARGEST or value != round(value, 2):
        raise RuleViolation(f"金额“{value}”须大于零，最多两位小数。", field="amount")


def _check_sum(row: SheetRow, above: Sequence[MemberRow]) -> None:
    said = _amount(row.values.get("amount", ""))
    total = sum((member.amount for member in above if member.amount is not None), Decimal())
    if said is not None and said != total:
        raise RuleViolation(f"合计 {said} 元，与各行之和 {total} 元不符，差 {abs(said - total)} 元。", field="amount")


def _check_twice(member: MemberRow, number: int, seen: dict[tuple[str, str], int]) -> None:
    key = ("paper", member.paper_number) if member.paper_number else (member.name, member.phone)
    if first := seen.get(key):
        raise RuleViolation(f"{member.name}与第 {first} 行是同一人。", field="name")
    seen[key] = number


def paper_kind_of(row: MemberRow) -> str:
    """What the number is of."""
    return PaperKind.RESIDENT_ID if row.paper_number else ""
