"""Sums of money in words, as receipts and agreements write them beside the figures."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def amount_in_words(amount: Decimal) -> str:
    """486300.50 → 肆拾捌万陆仟叁佰元零伍角. ValueError for less than nothing and beyond two digits of a yuan."""
    fen = amount * 100
    if fen < 0 or fen != fen.to_integral_value():
        raise ValueError(f"not a sum of money: {amount}")
    yuan, rest = divmod(int(fen), 100)
    jiao, fen_left = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if rest == 0:
        return f"{words or '零元'}整"
    if yuan and (jiao == 0 or yuan % 10 == 0):
        words += "零"
    words += f"{DIGITS[jiao]}角" if jiao else ""
    return f"{words}{DIGITS[fen_left]}分" if fen_left else f"{words}整" if not jiao else words


def figure(amount: Decimal) -> str:
    """486,300.50: with separators and two digits."""
    return f"{amount:,.2f}"


def _whole(number: int) -> str:
    """A whole number in groups of four digits; a gap of noughts is one 零."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for at in reversed(range(len(groups))):
        group = groups[at]
        if group == 0:
            continue
        if words and (group < 1000 or groups[at + 1] % 10 == 0):
            words += "零"
        words += _group(group) + GROUPS[at]
    return words


def _group(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return words
