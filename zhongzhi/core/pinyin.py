"""Pinyin initials of Chinese names and terms, so that 王小明 is found by wxm."""

import re
from functools import lru_cache
from typing import Final

from pypinyin import Style, lazy_pinyin

# Characters that read otherwise as a surname than the dictionary's first reading.
SURNAMES: Final = {
    "单于": "cy", "尉迟": "yc", "万俟": "mq", "长孙": "zs", "澹台": "tt", "令狐": "lh", "尉氏": "ws", "贺若": "hr",
    "单": "s", "曾": "z", "解": "x", "仇": "q", "区": "o", "查": "z", "朴": "p", "盖": "g", "翟": "z", "覃": "q",
    "任": "r", "华": "h", "缪": "m", "召": "s", "乐": "y", "员": "y", "洗": "x", "冼": "x", "繁": "p", "折": "s",
    "黑": "h", "种": "c", "秘": "b", "重": "c", "祭": "z", "尉": "w", "宓": "m", "褚": "c", "燕": "y", "纪": "j",
    "訾": "z", "逄": "p", "晁": "c", "粘": "n", "隗": "k", "郇": "x", "会": "g", "不": "f", "阚": "k", "哈": "h",
    "葛": "g", "宁": "n", "牟": "m", "能": "n", "瞿": "q", "谌": "c", "相": "x", "过": "g", "应": "y", "都": "d",
}  # fmt: skip
LONGEST: Final = 80
_KEPT: Final = re.compile(r"[^a-z0-9]")


@lru_cache(maxsize=32768)
def name_initials(name: str) -> str:
    """曾小贤 → zxx, 单田芳 → stf: a person's name, whose first character or two may read otherwise as a surname."""
    for length in (2, 1):
        known = SURNAMES.get(name[:length])
        if known and len(name) > length - 1:
            return (known + initials(name[length:]))[:LONGEST]
    return initials(name)


@lru_cache(maxsize=32768)
def initials(text: str) -> str:
    """土地承包经营 → tdcbjy; letters and digits stay, in lower case, all else goes."""
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda rest: rest)
    return _KEPT.sub("", "".join(letters).lower())[:LONGEST]
