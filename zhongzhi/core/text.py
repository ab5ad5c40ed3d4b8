"""Text as people type and paste it: cleaned without losing a character they meant, refused where it cannot be kept."""

import re
import unicodedata
from typing import Final

from zhongzhi.core.errors import BadInput

_NEWLINES: Final = re.compile("\r\n|[\r\u2028\u2029]")
_BREAKS: Final = re.compile(r"[\n\t]+")
_UNSTORABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)
_FULL_WIDTH: Final = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def clean_text(value: str, *, field: str | None = None, max_length: int | None = None, multiline: bool = False) -> str:
    """The text in NFC, without space at its ends; rare characters of any plane, and joiners, are kept.

    Line ends become "\\n"; a text of one line gets a space for them and for tabs. Raises BadInput (at `field`) for
    what databases and documents cannot hold or show: NUL and other control characters, halves of surrogate pairs,
    noncharacters, overrides of the writing direction, naming code and position; and for more than `max_length`
    characters after cleaning.
    """
    found = _UNSTORABLE.search(value)
    if found:
        raise BadInput(_unstorable(found), field=field)
    text = unicodedata.normalize("NFC", _NEWLINES.sub("\n", value)).strip()
    if not multiline:
        text = " ".join(filter(None, (part.strip() for part in _BREAKS.split(text))))
    if max_length is not None and len(text) > max_length:
        raise BadInput(f"最多 {max_length} 个字，现在是 {len(text)} 个，请精简。", field=field)
    return text


def to_halfwidth(value: str) -> str:
    """Full-width letters, digits, signs and the ideographic space as their ASCII twins; all else unchanged."""
    return value.translate(_FULL_WIDTH)


def _unstorable(found: re.Match[str]) -> str:
    return f"第 {found.start() + 1} 个字符是无法保存的控制字符（U+{ord(found[0]):04X}），请删除后重新填写。"
