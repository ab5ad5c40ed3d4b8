"""File names as they are shown and given back: no path, nothing invisible, not too long."""

import unicodedata
from typing import Final

MAX_BYTES: Final = 255
NAMELESS: Final = "未命名"
# Control and format characters (among them those that turn the direction of writing), surrogates, line ends.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """The last part of a path, normalised to NFC, of visible characters only, at most 255 bytes of UTF-8.

    The extension is kept when the name must be cut.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(char for char in last if unicodedata.category(char) not in _DROPPED)
    stem, dot, extension = visible.strip().rpartition(".")
    if not dot:
        stem, extension = extension, ""
    tail = f".{extension.strip()}" if extension.strip() else ""
    return _cut(stem.strip(" .") or NAMELESS, MAX_BYTES - len(tail.encode())) + tail


def _cut(text: str, size: int) -> str:
    return text.encode()[: max(size, 0)].decode(errors="ignore")
