"""The code of a case and the number of an official document."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.idnumbers import mod31_check
from zhongzhi.core.text import to_halfwidth

PREFIX: Final = "ZJ"
_CASE_CODE: Final = re.compile(r"ZJ([0-9]{6})([0-9]{8})([0-9]{5}|[0-9]{7})([0-9A-Z])")
_LENGTH: Final = 22
SHORT_SERIAL: Final = 99_999
"""Up to here a serial has five digits. Beyond it has seven, not six: a doubled character must make no other code."""
LAST_SERIAL: Final = 9_999_999
_NUMERALS: Final = "零一二三四五六七八九"


class BadCaseCode(RuleViolation):
    """A case code that no case can have."""

    code = "bad_case_code"
    default_message = "案件编号有误，请核对。"


@dataclass(frozen=True)
class CaseCode:
    """What a case code says: the county, the day of registering, the serial of that day."""

    county: str
    day: date
    serial: int

    def __str__(self) -> str:
        return case_code(self.county, self.day, self.serial)


def case_code(county: str, day: date, serial: int) -> str:
    """`ZJ` + county (6) + date (8) + serial (5, from the 100,000th of a day on 7) + check character.

    The check finds every single wrong character and every swap of neighbours. ValueError for a county that is not
    six digits, and for a serial beyond 1 to 9999999.
    """
    if not re.fullmatch(r"[0-9]{6}", county):
        raise ValueError(f"a county code has six digits, not {county!r}")
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"a serial of a day is 1 to {LAST_SERIAL}, not {serial}")
    body = f"{county}{day:%Y%m%d}{serial:0{5 if serial <= SHORT_SERIAL else 7}d}"
    return f"{PREFIX}{body}{mod31_check(body)}"


def codes_of_day(county: str, day: date) -> str:
    """How all codes of a county and day begin."""
    return f"{PREFIX}{county}{day:%Y%m%d}"


def parse_case_code(value: str) -> CaseCode:
    """Read a case code as typed: small letters, full-width characters, spaces and dashes are taken.

    Raises BadCaseCode for a wrong shape, date or check character.
    """
    text = re.sub(r"[\s-]", "", to_halfwidth(value)).upper()
    if not text.startswith(PREFIX) or len(text) not in (_LENGTH, _LENGTH + 2):
        raise BadCaseCode(f"案件编号以 ZJ 开头，共 {_LENGTH} 位，请核对是否少填或多填。")
    parts = _CASE_CODE.fullmatch(text)
    if not parts:
        raise BadCaseCode("案件编号 ZJ 之后应是 19 位数字（一天第十万件起为 21 位）和 1 位校验字符，请核对。")
    county, day, serial, check = parts.groups()
    if mod31_check(county + day + serial) != check:
        raise BadCaseCode("案件编号的校验位不符，说明有一位或几位填错了，请逐位核对。")
    return CaseCode(county, _day(day), _serial(serial))


def document_number(agency: str, year: int, serial: int) -> str:
    """The number of an official document, 机关代字〔2026〕12号 (GB/T 9704-2012: U+3014, U+3015, no leading zero).

    ValueError for an empty agency, a year not of four digits, a serial below 1.
    """
    if not agency.strip() or not 1000 <= year <= 9999 or serial < 1:
        raise ValueError("a document number needs an agency, a year of four digits and a serial from 1")
    return f"{agency.strip()}〔{year}〕{serial}号"


def _day(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadCaseCode("案件编号里的日期（第 9 至 16 位）不存在，请核对。") from None


def _serial(digits: str) -> int:
    if int(digits) < (1 if len(digits) == 5 else SHORT_SERIAL + 1):
        raise BadCaseCode("案件编号里的流水号（第 17 位起）从 00001 起，请核对。")
    return int(digits)


def chinese_number(value: int) -> str:
    """一, 十, 二十三: the numbers of headings and clauses. ValueError outside 1 to 99."""
    if not 1 <= value <= 99:
        raise ValueError(f"headings are numbered 1 to 99, not {value}")
    tens, ones = divmod(value, 10)
    words = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return f"{words}{_NUMERALS[ones] if ones else ''}"
