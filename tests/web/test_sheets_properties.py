"""Tables of random layout, written by three programs, read back as what was written; numbers keep one key."""

import csv
import io
import string
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as some

from zhongzhi.core.errors import BadInput
from zhongzhi.core.text import clean_text, name_key, number_key
from zhongzhi.web.sheets import Column, Sheet

COLUMNS = (
    Column("number", "工单编号", required=True, also=("编号",)),
    Column("place", "发生地", required=True, also=("属地",)),
    Column("text", "内容", required=True),
    Column("person", "姓名"),
    Column("phone", "联系电话"),
)
NAMES = [column.name for column in COLUMNS]
OTHER = ("序号", "备注", "受理人员", "状态")
PLAIN = some.text(some.sampled_from("王海争水渠地界与邻居，。（）0123456789abcXYZ·—〇𬭎"), min_size=1, max_size=30)
CELL = PLAIN.map(lambda text: f"文{text}末")  # begins and ends with what no reader takes for a wrapper or a blank
ROW = some.fixed_dictionaries(
    {
        "number": some.from_regex(r"GD[0-9]{4,12}", fullmatch=True),
        **dict.fromkeys(NAMES[1:4], CELL),
        "phone": some.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    }
)
LAYOUT = some.fixed_dictionaries(
    {
        "above": some.lists(some.sampled_from(["扎鲁特旗热线工单", "", "制表：王海"]), max_size=4),
        "order": some.permutations(NAMES),
        "beside": some.lists(some.sampled_from(OTHER), max_size=3, unique=True),
        "star": some.booleans(),
        "blank_rows": some.integers(0, 3),
    }
)


def grid(layout: dict[str, Any], rows: list[dict[str, str]]) -> tuple[list[list[str]], list[int]]:
    """Every line of the table, and the numbers of those that hold rows."""
    titles = {column.name: column.title + ("*" if layout["star"] and column.required else "") for column in COLUMNS}
    lines = [[text] for text in layout["above"]]
    lines.append([*layout["beside"], *(titles[name] for name in layout["order"])])
    numbers = []
    for row in rows:
        lines += [[]] * layout["blank_rows"]
        lines.append([*("x" for _ in layout["beside"]), *(row[name] for name in layout["order"])])
        numbers.append(len(lines))
    return lines, numbers


def by_openpyxl(lines: list[list[str]]) -> BytesIO:
    book, stream = openpyxl.Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(stream)
    return stream


def by_xlsxwriter(lines: list[list[str]]) -> BytesIO:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for at, line in enumerate(lines):
        for column, text in enumerate(line):
            sheet.write_string(at, column, text)
    book.close()
    return stream


def by_csv(lines: list[list[str]], separator: str, encoding: str) -> BytesIO:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(lines)
    return BytesIO(text.getvalue().encode(encoding))


def read_back(stream: BytesIO, name: str, rows: list[dict[str, str]], numbers: list[int]) -> None:
    found = list(Sheet(stream, name, COLUMNS).rows())
    assert [row.values for row in found] == [{name: row[name] for name in NAMES} for row in rows]
    assert all(not row.faults for row in found)
    if numbers:
        assert [row.number for row in found] == numbers


@settings(max_examples=40, deadline=None)
@given(LAYOUT, some.lists(ROW, min_size=1, max_size=5))
def test_what_two_programs_wrote_is_read_back(layout: dict[str, Any], rows: list[dict[str, str]]) -> None:
    lines, numbers = grid(layout, rows)
    read_back(by_openpyxl(lines), "a.xlsx", rows, numbers)
    read_back(by_xlsxwriter(lines), "a.xlsx", rows, numbers)


@settings(max_examples=60, deadline=None)
@given(
    LAYOUT,
    some.lists(ROW, min_size=1, max_size=5),
    some.sampled_from([",", ";", "\t", "|"]),
    some.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_text_with_any_separator_in_any_encoding_is_read_back(
    layout: dict[str, Any], rows: list[dict[str, str]], separator: str, encoding: str
) -> None:
    lines, _ = grid(layout, rows)
    read_back(by_csv(lines, separator, encoding), "a.csv", rows, [])


NOISE = some.sampled_from(["", " ", "\u3000", "\u200b", "\ufeff", "\n", "\t", "\u00a0"])
NUMBER = some.text(some.sampled_from(string.ascii_uppercase + string.digits + "-_/"), min_size=2, max_size=20)


@given(NUMBER.filter(lambda n: not n.startswith("-")), some.data())
def test_a_number_has_one_key_whatever_stands_between_its_characters(number: str, data: some.DataObject) -> None:
    key = number_key(number)
    spoilt = "".join(char + data.draw(NOISE) for char in number)
    wide = "".join(
        chr(ord(char) + 0xFEE0) if char.isalnum() and data.draw(some.booleans()) else char for char in spoilt
    )
    assert number_key(wide) == key
    assert number_key(f'="{number}"') == number_key(key) == key


@given(some.text(some.sampled_from("王海其格阿不都"), min_size=2, max_size=6), some.data())
def test_a_name_has_one_key_whatever_blanks_and_dots_it_is_written_with(name: str, data: some.DataObject) -> None:
    blank = some.sampled_from(["", " ", "\u3000", "\u200b", "  "])
    assert name_key("".join(char + data.draw(blank) for char in name)) == name
    dot = data.draw(some.sampled_from("·•・.．"))
    assert name_key(f"{name}{data.draw(blank)}{dot}{data.draw(blank)}{name}") == f"{name}·{name}"


@given(some.text(max_size=60))
def test_keys_are_their_own_keys(text: str) -> None:
    try:
        key = number_key(text)
        clean = clean_text(text)
    except BadInput:
        return
    assert number_key(key) == key
    assert clean_text(clean) == clean
    assert name_key(name_key(text)) == name_key(text)
