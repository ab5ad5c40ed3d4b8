"""Names and terms are found by their pinyin initials; surnames that read otherwise are known."""

import pytest

from zhongzhi.core.pinyin import LONGEST, SURNAMES, initials, name_initials


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("王小明", "wxm"),
        ("曾小贤", "zxx"),
        ("单田芳", "stf"),
        ("单", "s"),
        ("解晓东", "xxd"),
        ("单于夜", "cyy"),
        ("单于", "cy"),
        ("尉迟恭", "ycg"),
        ("欧阳修", "oyx"),
        ("乌云其木格", "wyqmg"),
        ("Li Lei", "lilei"),
        ("", ""),
    ],
)
def test_a_name_is_found_by_its_initials(name: str, found_by: str) -> None:
    assert name_initials(name) == found_by


READ_OTHERWISE = {
    "c": "种重褚晁谌",
    "d": "都",
    "f": "不",
    "g": "盖会葛过",
    "h": "华黑哈",
    "j": "纪",
    "k": "隗阚",
    "m": "缪宓牟",
    "n": "粘宁能",
    "o": "区",
    "p": "朴繁逄",
    "q": "仇覃瞿",
    "r": "任",
    "b": "秘",
    "s": "单召折",
    "w": "尉",
    "x": "解洗冼郇相",
    "y": "乐员燕应",
    "z": "曾查翟祭訾",
}
OF_TWO = {
    "单于": "cy",
    "尉迟": "yc",
    "万俟": "mq",
    "长孙": "zs",
    "澹台": "tt",
    "令狐": "lh",
    "尉氏": "ws",
    "贺若": "hr",
}


def test_the_surnames_that_read_otherwise_are_these() -> None:
    assert {surname: letter for letter, several in READ_OTHERWISE.items() for surname in several} | OF_TWO == SURNAMES


@pytest.mark.parametrize(
    ("text", "found_by"),
    [("土地承包经营", "tdcbjy"), ("A2 栋（东）", "a2dd"), ("曾经", "cj"), ("，。", "")],
)
def test_a_term_is_found_by_its_initials_and_letters_and_digits_stay(text: str, found_by: str) -> None:
    assert initials(text) == found_by


def test_initials_are_at_most_so_long() -> None:
    assert LONGEST == 80
    assert initials("土" * 100) == "t" * 80
    assert name_initials("单" + "土" * 100) == "s" + "t" * 79
