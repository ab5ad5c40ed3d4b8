"""Sums of money in words."""

from decimal import Decimal

import pytest

from zhongzhi.core.numbering import chinese_number
from zhongzhi.office.amounts import amount_in_words, figure


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("100.50", "壹佰元零伍角"),
        ("110.05", "壹佰壹拾元零伍分"),
        ("1001", "壹仟零壹元整"),
        ("10010", "壹万零壹拾元整"),
        ("486300", "肆拾捌万陆仟叁佰元整"),
        ("1000000.01", "壹佰万元零壹分"),
        ("100000001", "壹亿零壹元整"),
        ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
    ],
)
def test_a_sum_reads_as_on_a_receipt(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001"])
def test_what_is_no_sum_of_money_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="sum of money"):
        amount_in_words(Decimal(amount))


def test_figures_have_separators_and_two_digits() -> None:
    assert figure(Decimal("486300.5")) == "486,300.50"


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_headings_are_numbered_in_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words
