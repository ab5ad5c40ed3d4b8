"""Identity numbers, credit codes and phones: what real ones look like is taken, each fault is told apart."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongzhi.core.idnumbers import (
    MOD31_ALPHABET,
    BadIdNumber,
    BadPhone,
    credit_code,
    mod31_check,
    phone,
    resident_check,
    resident_id,
)

TODAY = date(2026, 11, 24)


def numbered(region: str = "152223", born: str = "19900101", serial: str = "123") -> str:
    """A number with a right check character."""
    body = region + born + serial
    return body + resident_check(body)


# --- resident identity numbers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        ("11010519491231002X", "female", date(1949, 12, 31)),  # the two examples of the standard
        ("440524188001010014", "male", date(1880, 1, 1)),
    ],
)
def test_the_examples_of_the_standard_are_read(number: str, sex: str, born: date) -> None:
    person = resident_id(number, today=TODAY)
    assert (person.number, person.sex, person.birth_date, person.region_warning) == (number, sex, born, None)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105\u300019491231\u200b002ｘ",
    ],
)
def test_full_width_digits_spaces_and_a_small_x_are_taken(typed: str) -> None:
    assert resident_id(typed, today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "应为 18 位，现在是 0 位"),
        ("1101051949123100", "应为 18 位，现在是 16 位"),
        ("11010519491231002X1", "应为 18 位，现在是 19 位"),
        ("110105491231002", "15 位的旧号码.*证件类型请选“其他证件”"),
        ("1101O519491231002X", "第 5 位不是数字"),
        ("1101051949123100XX", "第 17 位不是数字"),
        ("11010519491231002Y", "第 18 位应是数字或字母 X"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "第 1 位不是数字"),
        (numbered(born="19900230"), "第 7 至 14 位不是一个存在的日期"),
        (numbered(born="19001301"), "第 7 至 14 位不是一个存在的日期"),
        (numbered(born="00000101"), "第 7 至 14 位不是一个存在的日期"),
        (numbered(born="20261125"), "晚于今天"),
        (numbered(born="18691231"), "早于 1870 年"),
        ("110105194912310021", "校验位不符"),
    ],
)
def test_each_fault_is_told_apart(typed: str, message: str) -> None:
    with pytest.raises(BadIdNumber, match=message) as caught:
        resident_id(typed, today=TODAY)
    assert caught.value.status == 422
    assert typed.strip() == "" or typed not in caught.value.message


def test_born_today_and_in_a_leap_year_is_taken() -> None:
    assert resident_id(numbered(born="20261124"), today=TODAY).birth_date == TODAY
    assert resident_id(numbered(born="20000229"), today=TODAY).birth_date == date(2000, 2, 29)


@pytest.mark.parametrize("region", ["152327", "150526", "810000", "820000", "830000", "911124", "933004", "710000"])
def test_old_regions_and_people_from_beyond_are_not_warned_of(region: str) -> None:
    assert resident_id(numbered(region), today=TODAY).region_warning is None


def test_the_provinces_are_those_of_the_standard() -> None:
    provinces = """11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71"""
    beyond = """81 82 83 91"""  # Hong Kong, Macao, Taiwan; who came from abroad to stay
    known = [f"{n:02d}" for n in range(100) if not resident_id(numbered(f"{n:02d}9926"), today=TODAY).region_warning]
    assert sorted(known) == sorted(f"{provinces} {beyond}".split())


@pytest.mark.parametrize("region", ["001234", "169999", "991124", "472223", "720000"])
def test_an_unknown_province_is_a_warning_and_no_refusal(region: str) -> None:
    person = resident_id(numbered(region), today=TODAY)
    assert person.region_warning
    assert "前两位" in person.region_warning


@given(st.dates(date(1870, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_found(born: date, serial: int, at: int, digit: str) -> None:
    right = numbered(born=f"{born:%Y%m%d}", serial=f"{serial:03d}")
    resident_id(right, today=TODAY)
    wrong = right[:at] + digit + right[at + 1 :]
    if wrong != right:
        with pytest.raises(BadIdNumber):
            resident_id(wrong, today=TODAY)


@given(st.dates(date(1870, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 15))
def test_every_swap_of_neighbouring_digits_is_found(born: date, serial: int, at: int) -> None:
    right = numbered(born=f"{born:%Y%m%d}", serial=f"{serial:03d}")
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if wrong != right:
        with pytest.raises(BadIdNumber):
            resident_id(wrong, today=TODAY)


def test_a_read_number_does_not_show_when_printed() -> None:
    shown = repr(resident_id("11010519491231002X", today=TODAY))
    assert "1949" not in shown
    assert "002X" not in shown


# --- credit codes ---------------------------------------------------------------------------------


def coded(body: str) -> str:
    """A credit code with a right check character."""
    return body + mod31_check(body)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "9144030071526726XG", "91330100799655058B", "914403001922038216"]
)
def test_codes_of_real_organisations_are_taken(code: str) -> None:
    assert credit_code(code) == code


@pytest.mark.parametrize("first", "159NYA")
def test_the_leading_character_is_free(first: str) -> None:
    code = coded(f"{first}2150526MA0N5X1Y2")
    assert credit_code(code) == code


def test_a_credit_code_is_normalised() -> None:
    assert credit_code(" ９１３５０１００ m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("91350100M000100Y4", "应为 18 位，现在是 17 位"),
        ("150526000012345", "15 位的旧号码"),
        ("71526726X", "9 位的旧号码"),
        ("9135O100M000100Y43", "第 5 位有误.*可能是数字 0"),
        ("9135010*M000100Y43", "第 8 位有误：.*大写字母。"),
        ("91350100M000100Y44", "校验位不符"),
        ("93150100M000100Y43", "校验位不符"),
    ],
)
def test_each_fault_of_a_credit_code_is_told_apart(typed: str, message: str) -> None:
    with pytest.raises(BadIdNumber, match=message) as caught:
        credit_code(typed)
    assert typed not in caught.value.message


@given(st.text(MOD31_ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(MOD31_ALPHABET))
def test_every_single_wrong_character_of_a_credit_code_is_found(body: str, at: int, char: str) -> None:
    right = coded(body)
    wrong = right[:at] + char + right[at + 1 :]
    if wrong != right:
        with pytest.raises(BadIdNumber):
            credit_code(wrong)


@pytest.mark.parametrize("body", ["ZJ1", "o", "1" * 31])
def test_mod31_refuses_other_letters_and_bodies_too_long_to_protect(body: str) -> None:
    with pytest.raises(ValueError, match="at most 30 characters"):
        mod31_check(body)


# --- phones ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"),
        ("１３８　１２３４　５６７８", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("1381234-5678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("19912345678", "19912345678"),
        ("0475-1234567", "0475-1234567"),
        ("(0475)1234567", "0475-1234567"),
        ("（0475）1234567", "0475-1234567"),
        ("04751234567", "0475-1234567"),
        ("010 1234 5678", "010-12345678"),
        ("021-12345678", "021-12345678"),
        ("+86 475 1234567", "0475-1234567"),
        ("+86 10 12345678", "010-12345678"),
        ("+86 0475 1234567", "0475-1234567"),
        ("86 0475 1234567", "0475-1234567"),
        ("0475-1234567-801", "0475-1234567-801"),
        ("0475-1234567转801", "0475-1234567-801"),
        ("04751234567 转 801", "0475-1234567-801"),
        ("+86-0475-1234567-801", "0475-1234567-801"),
        ("400-123-4567", "4001234567"),
    ],
)
def test_a_phone_is_taken_as_people_write_it(typed: str, kept: str) -> None:
    assert phone(typed) == kept
    assert phone(kept) == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1234567", "座机号前请加区号"),
        ("12345678", "座机号前请加区号"),
        ("138123456", "手机号应为 11 位，现在是 9 位"),
        ("1381234567", "手机号应为 11 位，现在是 10 位"),
        ("138123456789", "手机号应为 11 位，现在是 12 位"),
        ("1381234567890", "手机号应为 11 位，现在是 13 位"),
        ("13812345678901", "不是一个可以拨打的号码"),
        ("12012345678", "不是一个可以拨打的号码"),
        ("0475-123456", "不是一个可以拨打的号码"),
        ("110", "不是一个可以拨打的号码"),
        ("13812345678/13912345678", "一栏只填一个号码"),
        ("1" * 41, "电话号码太长"),
        ("没有电话", "不是数字"),
        ("١٣٨١٢٣٤٥٦٧٨", "不是数字"),
        ("", "11 位手机号"),
        ("转801", "不是数字"),
        ("+852 9123 4567", "暂时只能登记国内号码"),
        ("+", "暂时只能登记国内号码"),
        ("+86", "11 位手机号"),
        ("13812345678转801", "不是一个可以拨打的号码"),
    ],
)
def test_a_phone_that_cannot_be_right_is_refused_with_what_is_missing(typed: str, message: str) -> None:
    with pytest.raises(BadPhone, match=message) as caught:
        phone(typed)
    assert typed not in caught.value.message.replace("0475-1234567", "") or not typed.strip("+")


@given(st.text(max_size=40))
def test_any_text_is_a_phone_or_a_refusal(typed: str) -> None:
    try:
        kept = phone(typed)
    except BadPhone:
        return
    assert phone(kept) == kept
