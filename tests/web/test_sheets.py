"""Tables of offices: read as they come, told where a spreadsheet has spoilt them, written without formulas."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from zhongzhi.core.errors import BadInput, UnsupportedType
from zhongzhi.web.sheets import Column, Sheet, csv_lines, write_template, write_xlsx

CASES = Path(__file__).parents[1] / "cases"
COLUMNS = (
    Column("code", "区划代码", required=True, note="15 位", example="150526103200001"),
    Column("name", "姓名", required=True, also=("名字",), example="张三"),
    Column("kind", "类别", choices=("网格长", "楼栋长"), example="网格长"),
    Column("day", "任职日期", example="2026-01-01"),
)


def xlsx(*rows: list[Any]) -> BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream


def test_what_is_written_is_read_again() -> None:
    rows = [["150526103200001", "张三", "网格长", date(2026, 1, 1)], ["150526103200002", "=1+1", "", None]]
    sheet = Sheet(write_xlsx("名册", COLUMNS, rows), "a.xlsx", COLUMNS)
    read = list(sheet.rows())
    assert [r.number for r in read] == [2, 3]
    assert read[0].values == {"code": "150526103200001", "name": "张三", "kind": "网格长", "day": "2026-01-01"}
    assert read[1].values["name"] == "=1+1"
    assert sheet.count() == 2
    assert [r.number for r in sheet.rows(after=2)] == [3]


def test_a_title_above_other_orders_and_other_columns_are_taken() -> None:
    stream = xlsx(
        ["某旗网格员名册"], [], ["序号", "名字*", "区划代码（15位）"], [1, "张三", 150526103200001], [None, None]
    )
    sheet = Sheet(stream, "a.xlsx", COLUMNS)
    assert sheet.columns == ("code", "name")
    assert sheet.unknown == ("序号",)
    assert [(r.number, r.values) for r in sheet.rows()] == [(4, {"code": "150526103200001", "name": "张三"})]


def test_days_numbers_and_yes_become_text() -> None:
    day = datetime(2026, 1, 2)  # noqa: DTZ001 - spreadsheets know no zones
    stream = xlsx(["区划代码", "姓名", "任职日期"], [5.0, True, day], [1.5, "甲", "x"])
    read = [r.values for r in Sheet(stream, "a.xlsx", COLUMNS).rows()]
    assert read == [{"code": "5", "name": "是", "day": "2026-01-02"}, {"code": "1.5", "name": "甲", "day": "x"}]


def test_a_number_whose_last_digits_are_gone_is_told() -> None:
    row = next(Sheet(xlsx(["区划代码", "姓名"], [152327196503152419, "张三"]), "a.xlsx", COLUMNS).rows())
    assert "文本" in row.faults["code"]


def test_columns_that_are_missing_are_named() -> None:
    with pytest.raises(BadInput, match="区划代码、姓名"):
        Sheet(xlsx(["类别"], ["网格长"]), "a.xlsx", COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_chinese_offices(encoding: str) -> None:
    stream = BytesIO("区划代码,姓名\n150526103200001,张三\n\n150526103200002,𠮷田\n".encode(encoding))
    names = [r.values["name"] for r in Sheet(stream, "a.CSV", COLUMNS).rows()]
    assert names == ["张三", "𠮷田"]


def test_what_is_no_table_is_refused() -> None:
    for name, content in (("a.xlsx", b"PK\x03\x04"), ("a.xlsx", b""), ("a.csv", b'\xff\xff"\x80')):
        with pytest.raises((UnsupportedType, BadInput)):
            Sheet(BytesIO(content), name, COLUMNS)


def test_csv_cells_cannot_become_formulas_and_come_back_as_they_were() -> None:
    text = "".join(csv_lines(COLUMNS, [["150526103200001", "=cmd()", "", None]]))
    assert "'=cmd()" in text
    row = next(Sheet(BytesIO(text.encode()), "a.csv", COLUMNS).rows())
    assert row.values["name"] == "=cmd()"


def test_the_template_explains_itself() -> None:
    book = openpyxl.load_workbook(write_template("模板", COLUMNS))
    sheet = book.active
    assert sheet["A1"].value == "区划代码*"
    assert "15 位" in sheet["A1"].comment.text
    assert sheet["A2"].value == "150526103200001"
    assert [v.formula1 for v in sheet.data_validations.dataValidation] == ['"网格长,楼栋长"']


def test_an_old_book_that_claims_too_much_is_refused_and_costs_nothing_here() -> None:
    stream = BytesIO((CASES / "C02_claims_too_much.xls").read_bytes())
    with pytest.raises(UnsupportedType, match="打不开"):
        Sheet(stream, "a.xls", COLUMNS)


def test_an_old_book_that_is_broken_is_refused() -> None:
    content = (CASES / "C01_old_book.xls").read_bytes()
    with pytest.raises(UnsupportedType, match="打不开"):
        Sheet(BytesIO(content[:700]), "a.xls", COLUMNS)


def test_a_group_of_columns_may_be_called_like_a_column() -> None:
    stream = xlsx(
        ["区划代码", "名字", "", ""],
        ["", "姓名", "类别", "任职日期"],
        ["150526103200001", "张三", "网格长", "2026-01-01"],
    )
    sheet = Sheet(stream, "a.xlsx", COLUMNS)
    assert (sheet.head, sheet.columns) == (2, ("code", "name", "kind", "day"))
    alone = Sheet(xlsx(["区划代码", "姓名"], ["150526103200001", "类别"]), "a.xlsx", COLUMNS)
    assert (alone.head, alone.columns) == (1, ("code", "name"))


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t"])
def test_no_cell_of_a_csv_becomes_a_formula_in_either_width(begins: str) -> None:
    lines = list(csv_lines([Column("a", "甲")], [[f"{begins}HYPERLINK(1)"], ["1=1"]]))
    assert lines[2].strip('"\r\n').startswith(f"'{begins}")
    assert lines[3] == "1=1\r\n"


def test_rows_that_are_only_bordered_are_no_rows() -> None:
    """Somebody drew borders down to row 30,000; three rows are written."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet, border = book.add_worksheet(), book.add_format({"border": 1})
    for at, row in enumerate((["姓名", "网格代码"], ["王海", "1"], ["李山", "2"], ["白音", "3"])):
        sheet.write_row(at, 0, row, border)
    for at in range(4, 30_000):
        sheet.write_row(at, 0, ["", ""], border)
    book.close()
    columns = [Column("name", "姓名", True), Column("grid", "网格代码", True)]
    rows = list(Sheet(stream, "名册.xlsx", columns).rows())
    assert [(row.number, row.values["name"]) for row in rows] == [(2, "王海"), (3, "李山"), (4, "白音")]
