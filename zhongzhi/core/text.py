"""Text as people type and paste it: cleaned without losing a character they meant, refused where it cannot be kept."""

import re
import unicodedata
from typing import Final

from zhongzhi.core.errors import BadInput, Unfit

LONGEST_WORDS: Final = 1000
"""Of what a person writes to an act, in characters."""
_NEWLINES: Final = re.compile("\r\n|[\r\u2028\u2029]")
_BREAKS: Final = re.compile(r"[\n\t]+")
NEVER_KEPT: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069\ufffe\uffff"
"""What databases and documents cannot hold or show, inside brackets of a pattern; halves of surrogate pairs cannot be
sent, and of the noncharacters only these can be written in the patterns of JSON Schema."""
_UNSTORABLE: Final = re.compile(
    f"[{NEVER_KEPT}\ud800-\udfff"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)
_UNSEEN: Final = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_DROPPED: Final = re.compile(f"[{_UNSEEN}]")
_DROPPED_IN_KEYS: Final = re.compile(f"[{_UNSEEN}\u200c\u200d\u180e\\s\x00-\x1f\x7f-\x9f]")
_WRAPPED: Final = re.compile(r'="([^"]*)"|=?"([^"=]*)"')
_WRAPPERS: Final = ("=", '"', "'", "＇")
_SPOILT: Final = re.compile(r"[+-]?\d(?:\.\d+)?E\+?\d{2,3}", re.IGNORECASE)
_YEAR_IN_BRACKETS: Final = re.compile(r"[\[(〔【〈﹝]((?:19|20)\d\d)[\])〕】〉﹞]")
_HAN: Final = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]"
_DOT: Final = re.compile(rf"(?<={_HAN})\s*[.．•・･‧∙⋅●▪·᛫﹒]\s*(?={_HAN})")
_BLANK_BETWEEN_HAN: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_NOTHING_SAID: Final = re.compile(
    r"[-—―_/\\*.。、×?？~]+|n/?a|null|none|nil|空|匿名|保密|未知|不详|不明|不清楚|无|暂无|没有|未(?:提供|填写|填|留|登记)"
)
_MAY_SAY_NOTHING: Final = frozenset("nNｎＮ空匿保未不无暂没")
"""The letters that words for nothing begin with; their signs are no letters."""
SPOILT_NUMBER: Final = "被表格软件当作数字，末几位已丢失；请把该列设为“文本”后重新填写。"
_FULL_WIDTH: Final = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def clean_text(value: str, *, field: str | None = None, max_length: int | None = None, multiline: bool = False) -> str:
    """The text in NFC, without space at its ends; rare characters of any plane, and joiners, are kept.

    Line ends become "\\n"; a text of one line gets a space for them and for tabs. Raises BadInput (at `field`) for
    what databases and documents cannot hold or show: NUL and other control characters, halves of surrogate pairs,
    noncharacters, overrides of the writing direction, naming code and position; and for more than `max_length`
    characters after cleaning.
    """
    text = unicodedata.normalize("NFC", value).strip() if value.isprintable() else _cleaned(value, field, multiline)
    if max_length is not None and len(text) > max_length:
        raise BadInput(f"最多 {max_length} 个字，现在是 {len(text)} 个，请精简。", field=field)
    return text


def _cleaned(value: str, field: str | None, multiline: bool) -> str:
    """The same for a text with characters that do not print: line ends, or what cannot be kept."""
    found = _UNSTORABLE.search(value)
    if found:
        raise BadInput(_unstorable(found), field=field)
    text = unicodedata.normalize("NFC", _NEWLINES.sub("\n", value)).strip()
    return text if multiline else " ".join(filter(None, (part.strip() for part in _BREAKS.split(text))))


def required_text(
    value: str, *, field: str, missing: str, max_length: int | None = None, multiline: bool = False
) -> str:
    """What `clean_text` makes of a text that must not be empty. Raises Unfit at `field` with `missing` for none."""
    text = clean_text(value, field=field, max_length=max_length, multiline=multiline)
    if not text:
        raise Unfit(missing, field=field)
    return text


def to_halfwidth(value: str) -> str:
    """Full-width letters, digits, signs and the ideographic space as their ASCII twins; all else unchanged."""
    return value if value.isascii() else value.translate(_FULL_WIDTH)


def without_unseen(value: str) -> str:
    """The text without characters that nobody sees; joiners of letters and of pictures stay."""
    return value if value.isascii() else _DROPPED.sub("", value)


def unwrapped(value: str) -> str:
    """What stands in ="…", the way spreadsheets are made to keep a number as text, or behind an apostrophe."""
    text = value.strip()
    if text[:1] not in _WRAPPERS:
        return value
    found = _WRAPPED.fullmatch(text)
    if found:
        return found[1] if found[1] is not None else found[2]
    return text[1:] if text[:1] in ("'", "＇") and "'" not in text[1:] and _is_protected(text[1:]) else value


def number_key(value: str, *, field: str | None = None) -> str:
    """A number of another office, as it is kept and compared: half width, without blanks, invisible characters and
    wrappers, in NFC, years in the brackets of document numbers. Raises BadInput for what a spreadsheet has spoilt.
    """
    key = value
    if not (value.isascii() and value.isalnum()):  # most of the numbers of a table are plain, and a table has many
        plain = _DROPPED_IN_KEYS.sub("", unicodedata.normalize("NFC", to_halfwidth(value)))
        key = _DROPPED_IN_KEYS.sub("", unwrapped(plain))
    if _SPOILT.fullmatch(key):
        raise BadInput(SPOILT_NUMBER, field=field)
    return _YEAR_IN_BRACKETS.sub(r"〔\1〕", key) if key is not value else key


def name_key(value: str) -> str:
    """A name as it is kept and looked for: no blanks between Han characters, one kind of dot in minority names."""
    text = unicodedata.normalize("NFC", without_unseen(value)).strip()
    return text if text.isalpha() else _BLANK_BETWEEN_HAN.sub("", _DOT.sub("·", text))


def says_nothing(value: str) -> bool:
    """Whether a cell holds words for nothing (无, 保密, 不详, -, /) rather than something."""
    if value[:1].isalnum() and value[0] not in _MAY_SAY_NOTHING:
        return False
    plain = "".join(to_halfwidth(value).split()).strip("()").lower()
    return not plain or _NOTHING_SAID.fullmatch(plain) is not None


def _is_protected(text: str) -> bool:
    """What people put an apostrophe before: a number or code, or what would be a formula."""
    return text.startswith(("=", "+", "-", "@", "\t", "\r")) or (text.isascii() and text[:1].isalnum())


def why_not_kept(value: str) -> str:
    """The sentence about the first character that cannot be kept; empty where all can."""
    found = None if value.isprintable() else _UNSTORABLE.search(value)
    return _unstorable(found) if found else ""


def _unstorable(found: re.Match[str]) -> str:
    return f"第 {found.start() + 1} 个字符是无法保存的控制字符（U+{ord(found[0]):04X}），请删除后重新填写。"
