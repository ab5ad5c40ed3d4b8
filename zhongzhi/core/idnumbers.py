"""Identity numbers, credit codes and phone numbers: normalised, checked, and refused with what to mend.

Messages name positions and lengths, never the number itself, so that they may be logged.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from operator import mul
from typing import Final, Literal, NoReturn

from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.text import to_halfwidth

MOD31_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MOD31_VALUES: Final = {char: value for value, char in enumerate(MOD31_ALPHABET)}
_MOD31_WEIGHTS: Final = tuple(pow(3, at, 31) for at in range(30))
EARLIEST_BIRTH_YEAR: Final = 1870
_ID_CHECKS: Final = "10X98765432"
_ID_WEIGHTS: Final = tuple(pow(2, 17 - at, 11) for at in range(17))
_PROVINCES: Final = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71}
)
_BEYOND_PROVINCES: Final = frozenset({81, 82, 83, 91})
_INVISIBLE: Final = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([0-9]{7,8})")
_NATIONWIDE: Final = re.compile(r"[48]00[0-9]{7}")
_BETWEEN_PHONES: Final = re.compile(r"[/,;、，；或及和|]|\s{2,}|(?<=[0-9])\s(?=1[3-9][0-9]{9})")
_EXTENSION: Final = re.compile(r"转[0-9]+")
_LONGEST_PHONE: Final = 40
_PHONE_HINT: Final = "请填写 11 位手机号，或带区号的座机号（如 0475-1234567）。"


class BadIdNumber(RuleViolation):
    """An identity number or credit code that cannot be right."""

    code = "bad_id_number"
    default_message = "证件号码有误，请核对。"


class BadPhone(RuleViolation):
    """A phone number that cannot be right."""

    code = "bad_phone"
    default_message = "电话号码有误，请核对。"


@dataclass(frozen=True)
class ResidentId:
    """A checked identity number and what it says. `region_warning` is a sentence for the clerk, or None."""

    number: str = field(repr=False)
    sex: Literal["male", "female"]
    birth_date: date = field(repr=False)
    region_warning: str | None = None


def resident_id(value: str, *, today: date) -> ResidentId:
    """Check a resident identity number (GB 11643-1999: 18 characters, MOD 11-2).

    Full-width digits, spaces and a small x are taken. Also right for residence permits of 港澳台居民 (81-83) and for
    permanent residents from abroad (9). The region is only warned about: it is the place of first registration,
    and codes have changed. Raises BadIdNumber saying which rule is broken.
    """
    number = _normalised(value)
    _check_id_shape(number)
    born = _birth_date(number[6:14], today)
    if resident_check(number[:17]) != number[17]:
        raise BadIdNumber("身份证号码的校验位不符，说明有一位或几位填错了，请对照证件逐位核对。")
    sex: Literal["male", "female"] = "male" if int(number[16]) % 2 else "female"
    return ResidentId(number, sex, born, _region_warning(number))


def credit_code(value: str) -> str:
    """Check a unified social credit code (GB 32100-2015: 18 characters, MOD 31) and give it normalised.

    The leading character is not held to a list: N, Y and A are in use beside the digits. Raises BadIdNumber.
    """
    code = _normalised(value)
    if len(code) != 18:
        raise BadIdNumber(_credit_length(len(code)))
    for at, char in enumerate(code, start=1):
        if char not in MOD31_ALPHABET:
            raise BadIdNumber(_foreign_character(at, char))
    if mod31_check(code[:17]) != code[17]:
        raise BadIdNumber("统一社会信用代码的校验位不符，说明有一位或几位填错了，请对照证照逐位核对。")
    return code


def resident_check(body: str) -> str:
    """The check character of the first 17 digits of an identity number (MOD 11-2)."""
    return _ID_CHECKS[sum(map(mul, map(int, body), _ID_WEIGHTS)) % 11]


def mod31_check(body: str) -> str:
    """The check character (MOD 31, weights 3^i as in GB 32100) of at most 30 characters of `MOD31_ALPHABET`.

    Every single wrong character and every swap of two characters is found. ValueError for another alphabet.
    """
    if len(body) > len(_MOD31_WEIGHTS) or not _MOD31_VALUES.keys() >= set(body):
        raise ValueError(f"MOD 31 takes at most {len(_MOD31_WEIGHTS)} characters of {MOD31_ALPHABET}")
    return MOD31_ALPHABET[-sum(map(mul, map(_MOD31_VALUES.__getitem__, body), _MOD31_WEIGHTS)) % 31]


def phone(value: str) -> str:
    """A phone number of mainland China, normalised: `13812345678`, `0475-1234567`, `4001234567`.

    +86 or 0086 before it, full-width digits, spaces, dashes and brackets are taken; so is an extension
    (`0475-1234567-801`). Raises BadPhone saying what is missing.
    """
    if _MOBILE.fullmatch(value):
        return value
    text = _INVISIBLE.sub("", to_halfwidth(value))
    if len(text) > _LONGEST_PHONE:
        raise BadPhone("电话号码太长，一栏只填一个号码。" + _PHONE_HINT)
    number, extension = _without_extension(text)
    digits = _without_country(re.sub(r"[-().–—]", "", number))
    _check_phone_digits(digits + extension)
    if (_MOBILE.fullmatch(digits) or _NATIONWIDE.fullmatch(digits)) and not extension:
        return digits
    landline = _LANDLINE.fullmatch(digits)
    if not landline:
        _refuse_phone(digits)
    return "-".join(filter(None, (*landline.groups(), extension)))


def takes_text_messages(number: str) -> bool:
    """Whether a normalised number is that of a mobile: a landline is phoned, never texted."""
    return _MOBILE.fullmatch(number) is not None


def first_phone(text: str) -> str:
    """The first number in a text that can be dialled, normalised; empty for none."""
    for part in _BETWEEN_PHONES.split(_EXTENSION.sub("", to_halfwidth(text))):
        with suppress(BadPhone):
            return phone(part)
    return ""


def _normalised(value: str) -> str:
    return _INVISIBLE.sub("", to_halfwidth(value)).upper()


def _check_id_shape(number: str) -> None:
    if len(number) == 15:
        raise BadIdNumber(
            "这是 15 位的旧号码，已停止使用：请对照现在的身份证或户口簿填写 18 位号码；"
            "一时查不到的，证件类型请选“其他证件”。"
        )
    if len(number) != 18:
        raise BadIdNumber(f"身份证号码应为 18 位，现在是 {len(number)} 位，请核对是否少填或多填。")
    for at, char in enumerate(number[:17], start=1):
        if char not in "0123456789":
            raise BadIdNumber(f"身份证号码第 {at} 位不是数字：前 17 位都应是数字。")
    if number[17] not in "0123456789X":
        raise BadIdNumber("身份证号码第 18 位应是数字或字母 X。")


def age_on(birth: date, day: date) -> int:
    """Completed years of life on a day (周岁)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _birth_date(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadIdNumber("身份证号码第 7 至 14 位不是一个存在的日期，请核对出生年月日。") from None
    if born > today:
        raise BadIdNumber("身份证号码里的出生日期（第 7 至 14 位）晚于今天，请核对。")
    if born.year < EARLIEST_BIRTH_YEAR:
        raise BadIdNumber(f"身份证号码里的出生年份（第 7 至 10 位）早于 {EARLIEST_BIRTH_YEAR} 年，请核对。")
    return born


def _region_warning(number: str) -> str | None:
    """Of a permanent resident from abroad (9) the second and third digit name the province."""
    first_two, second_two = int(number[:2]), int(number[1:3])
    if first_two in _PROVINCES | _BEYOND_PROVINCES or (number[0] == "9" and second_two in _PROVINCES):
        return None
    return "身份证号码前两位不是现行的省级代码，请再核对一次；确认无误的可以继续。"


def _credit_length(length: int) -> str:
    if length in (9, 13, 15):
        return f"这是 {length} 位的旧号码（组织机构代码或注册号），请填写 18 位的统一社会信用代码，可在营业执照上找到。"
    return f"统一社会信用代码应为 18 位，现在是 {length} 位，请核对是否少填或多填。"


def _foreign_character(at: int, char: str) -> str:
    twins = {"I": "数字 1", "O": "数字 0", "Z": "数字 2", "S": "数字 5", "V": "字母 U 或 Y"}
    hint = f"，可能是{twins[char]}" if char in twins else ""
    return f"统一社会信用代码第 {at} 位有误：只用数字和除 I、O、S、V、Z 以外的大写字母{hint}。"


def _without_extension(text: str) -> tuple[str, str]:
    written = re.fullmatch(r"(.+)转([0-9]{1,6})|((?:.*[^0-9])?0[0-9]{2,3}[-)]?[0-9]{7,8})-([0-9]{1,6})", text)
    if not written:
        return text, ""
    return (written[1] or written[3]), (written[2] or written[4])


def _without_country(digits: str) -> str:
    """Take +86 or 0086 away; an area code written without its 0 after it gets it back."""
    prefix = re.match(r"\+86|0086|86(?=(?:1[0-9]{10}|0[0-9]{9,11})$)", digits)
    if not prefix:
        return digits
    rest = digits[prefix.end() :]
    return rest if rest[:1] in ("0", "") or _MOBILE.fullmatch(rest) or _NATIONWIDE.fullmatch(rest) else "0" + rest


def _check_phone_digits(digits: str) -> None:
    if digits.startswith(("+", "00")):
        raise BadPhone("暂时只能登记国内号码。" + _PHONE_HINT + "境外号码请写在事情经过里。")
    if not re.fullmatch(r"[0-9]+", digits):
        raise BadPhone("电话号码里有不是数字的字符，一栏只填一个号码。" + _PHONE_HINT)


def _refuse_phone(digits: str) -> NoReturn:
    if len(digits) in (7, 8):
        raise BadPhone("座机号前请加区号，如 0475-1234567。")
    if digits[0] == "1" and 9 <= len(digits) <= 13 and len(digits) != 11:
        raise BadPhone(f"手机号应为 11 位，现在是 {len(digits)} 位，请核对。")
    raise BadPhone("这不是一个可以拨打的号码。" + _PHONE_HINT)
