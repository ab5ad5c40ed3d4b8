"""Case codes carry county, day and serial and protect themselves; document numbers follow the standard."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongzhi.core.idnumbers import mod31_check
from zhongzhi.core.numbering import BadCaseCode, CaseCode, case_code, chinese_number, document_number, parse_case_code

codes = st.builds(
    case_code,
    st.from_regex("[0-9]{6}", fullmatch=True),
    st.dates(date(1000, 1, 1)),
    st.integers(1, 99_999),
)


def test_a_case_code_is_built_from_county_day_and_serial() -> None:
    code = case_code("150526", date(2026, 11, 24), 7)
    assert code[:-1] == "ZJ1505262026112400007"
    assert code == "ZJ15052620261124000076"


@given(codes)
def test_a_case_code_reads_back_as_what_it_was_built_from(code: str) -> None:
    parsed = parse_case_code(code)
    assert str(parsed) == code
    assert len(code) == 22


@given(st.integers(100_000, 9_999_999))
def test_beyond_99_999_cases_of_a_day_the_serial_is_longer(serial: int) -> None:
    code = case_code("150526", date(2026, 11, 24), serial)
    assert len(code) == 24
    assert parse_case_code(code) == CaseCode("150526", date(2026, 11, 24), serial)


@pytest.mark.parametrize("typed", ["zj{}", "ＺＪ{}", "ZJ {}", " ZJ-{} "])
def test_a_case_code_is_taken_as_people_type_it(typed: str) -> None:
    code = case_code("152223", date(2026, 1, 2), 99_999)
    assert parse_case_code(typed.format(code[2:])) == CaseCode("152223", date(2026, 1, 2), 99_999)


@given(codes, st.integers(0, 21), st.sampled_from(string.digits + string.ascii_uppercase))
def test_every_single_wrong_character_is_found(code: str, at: int, char: str) -> None:
    wrong = code[:at] + char + code[at + 1 :]
    if wrong != code:
        with pytest.raises(BadCaseCode):
            parse_case_code(wrong)


@given(codes, st.integers(0, 20))
def test_every_swap_of_neighbours_is_found(code: str, at: int) -> None:
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if wrong != code:
        with pytest.raises(BadCaseCode):
            parse_case_code(wrong)


@given(codes, st.integers(0, 21))
def test_a_lost_or_doubled_character_is_found(code: str, at: int) -> None:
    for wrong in (code[:at] + code[at + 1 :], code[:at] + code[at] + code[at:]):
        with pytest.raises(BadCaseCode, match="共 22 位"):
            parse_case_code(wrong)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "以 ZJ 开头，共 22 位"),
        ("AJ1505262026112400007X", "以 ZJ 开头，共 22 位"),
        ("ZJ15O5262026112400007X", "19 位数字（一天第十万件起为 21 位）和 1 位校验字符"),
        ("ZJ150526202611240000٧X", "19 位数字（一天第十万件起为 21 位）和 1 位校验字符"),
    ],
)
def test_a_wrong_shape_is_told(typed: str, message: str) -> None:
    with pytest.raises(BadCaseCode, match=message):
        parse_case_code(typed)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("1505262026023000001", "日期（第 9 至 16 位）不存在"),
        ("1505262026112400000", "从 00001 起"),
        ("150526202611240099999", "从 00001 起"),
    ],
)
def test_a_code_that_checks_but_cannot_have_been_given_is_told(body: str, message: str) -> None:
    with pytest.raises(BadCaseCode, match=message):
        parse_case_code(f"ZJ{body}{mod31_check(body)}")


@pytest.mark.parametrize("county", ["1505", "15052600", "15O526", "１５０５２６", ""])
def test_a_county_code_has_six_digits(county: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        case_code(county, date(2026, 11, 24), 1)


@pytest.mark.parametrize("serial", [0, -1, 10_000_000])
def test_a_serial_beyond_a_day_is_refused(serial: int) -> None:
    with pytest.raises(ValueError, match="9999999"):
        case_code("150526", date(2026, 11, 24), serial)


def test_a_document_number_has_the_brackets_of_the_standard_and_no_leading_zero() -> None:
    assert document_number("扎综治交", 2026, 12) == "扎综治交\u30142026\u301512号"
    assert document_number(" 扎综治督 ", 2027, 1) == "扎综治督〔2027〕1号"


@pytest.mark.parametrize(("agency", "year", "serial"), [("", 2026, 1), (" ", 2026, 1), ("扎", 26, 1), ("扎", 2026, 0)])
def test_a_document_number_needs_all_its_parts(agency: str, year: int, serial: int) -> None:
    with pytest.raises(ValueError, match="document number"):
        document_number(agency, year, serial)


@pytest.mark.parametrize(
    ("value", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三"), (90, "九十"), (99, "九十九")],
)
def test_headings_are_numbered_in_chinese(value: int, written: str) -> None:
    assert chinese_number(value) == written


@pytest.mark.parametrize("value", [0, -1, 100])
def test_no_heading_has_a_number_beyond_1_to_99(value: int) -> None:
    with pytest.raises(ValueError, match="1 to 99"):
        chinese_number(value)
