"""Text is kept as meant: cleaned at its edges, refused only where it cannot be stored or shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongzhi.core.errors import BadInput
from zhongzhi.core.text import (
    clean_text,
    number_key,
    required_text,
    says_nothing,
    to_halfwidth,
    unwrapped,
    without_unseen,
)

storable = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Cn"],
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  王某与李某\u3000", "王某与李某"),
        ("𠮷野家 𬭳", "𠮷野家 𬭳"),
        ("👩‍👩‍👧 调解", "👩‍👩‍👧 调解"),
        ("ᠮᠣᠩᠭᠣᠯ\u180eᠠ", "ᠮᠣᠩᠭᠣᠯ\u180eᠠ"),
        ("e\u0301", "é"),
        ("ＡＢ１２", "ＡＢ１２"),
        ("", ""),
    ],
)
def test_space_at_the_ends_goes_and_every_letter_stays(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_a_text_of_one_line_gets_spaces_for_line_ends_and_tabs() -> None:
    assert clean_text("地界\r\n 纠纷\t三垄") == "地界 纠纷 三垄"


def test_a_text_of_many_lines_keeps_them_with_one_kind_of_line_end() -> None:
    assert clean_text("一\r\n二\r三\u2028四\n\n\t五\n", multiline=True) == "一\n二\n三\n四\n\n\t五"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("\x00", "U+0000"),
        ("\x0b", "U+000B"),
        ("\x1c", "U+001C"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\ud83d", "U+D83D"),
        ("\udc00", "U+DC00"),
        ("\ufffe", "U+FFFE"),
        ("\U0001ffff", "U+1FFFF"),
        ("\u202e", "U+202E"),
    ],
)
@pytest.mark.parametrize("multiline", [True, False])
def test_what_cannot_be_kept_is_named_with_its_place(bad: str, code: str, multiline: bool) -> None:
    for text, place in ((f"张𠮷{bad}", 3), (f"{bad}张", 1)):
        with pytest.raises(BadInput) as caught:
            clean_text(text, field="name", multiline=multiline)
        assert f"第 {place} 个字符" in caught.value.message
        assert code in caught.value.message
        assert caught.value.field == "name"
        caught.value.message.encode()


def test_the_length_is_counted_after_cleaning_and_in_characters() -> None:
    assert clean_text("  𠮷𠮷e\u0301  ", max_length=3) == "𠮷𠮷é"
    with pytest.raises(BadInput, match="最多 3 个字，现在是 4 个") as caught:
        clean_text("一二三四", field="title", max_length=3)
    assert caught.value.errors == {"title": ["最多 3 个字，现在是 4 个，请精简。"]}


@given(storable, st.booleans())
def test_any_other_text_is_kept_and_cleaning_twice_changes_nothing(typed: str, multiline: bool) -> None:
    once = clean_text(typed, multiline=multiline)
    assert clean_text(once, multiline=multiline) == once
    assert once == once.strip()
    assert "".join(once.split()) == "".join(unicodedata.normalize("NFC", typed).split())


def test_a_long_run_of_spaces_costs_no_more_than_its_length() -> None:
    assert clean_text("一" + " " * 300_000 + "二\n三").endswith("二 三")


def test_full_width_characters_become_their_ascii_twins_and_others_stay() -> None:
    assert to_halfwidth("１５２Ｘａ（＋）　中〔〕ｱ") == "152Xa(+) 中〔〕ｱ"


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_every_full_width_twin_is_known(ascii_text: str) -> None:
    assert to_halfwidth("".join(chr(ord(char) + 0xFEE0) for char in ascii_text)) == ascii_text


def test_a_text_that_must_be_there_is_cleaned_and_refused_at_its_field_when_it_is_empty() -> None:
    assert required_text(" 核对\n号码 ", field="reason", missing="请填写理由。") == "核对 号码"
    for nothing in ("", "  ", "\n\t"):
        with pytest.raises(BadInput, match="请填写理由") as refusal:
            required_text(nothing, field="reason", missing="请填写理由。")
        assert refusal.value.field == "reason"
    with pytest.raises(BadInput, match="最多 3 个字"):
        required_text("四个字了", field="reason", missing="请填写理由。", max_length=3)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("\ufeffGD 2026\u200b-0001\n", "GD2026-0001"),
        ("ＧＤ２０２６", "GD2026"),
        ('="0012"', "0012"),
        ("旗字[2026]7号", "旗字〔2026〕7号"),
        ("旗字(2026)7号", "旗字〔2026〕7号"),
    ],
)
def test_a_number_of_another_office_has_one_key(written: str, key: str) -> None:
    assert number_key(written) == key


def test_a_number_that_a_spreadsheet_has_spoilt_is_refused() -> None:
    with pytest.raises(BadInput, match="被表格软件当作数字"):
        number_key("2.02611E+14")


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("'123", "123"),
        ("＇123", "123"),
        ("'=1+1", "=1+1"),
        ("'王海", "'王海"),
        ("'a'b", "'a'b"),
        ('="0475-1234567"', "0475-1234567"),
        ('"GD1"', "GD1"),
        ("王海", "王海"),
    ],
)
def test_what_protects_a_cell_is_no_part_of_it(cell: str, meant: str) -> None:
    assert unwrapped(cell) == meant


def test_what_nobody_sees_goes_and_joiners_stay() -> None:
    assert without_unseen("王\u200b海\ufeff👩\u200d👧") == "王海👩\u200d👧"


@pytest.mark.parametrize("cell", ["", " ", "无", "保密", "-", "／", "（未提供）", "N/A", "ｎｕｌｌ"])
def test_words_for_nothing_say_nothing(cell: str) -> None:
    assert says_nothing(cell)


@pytest.mark.parametrize("cell", ["无锡路", "0", "不详细", "王无", "-1"])
def test_what_only_looks_like_it_says_something(cell: str) -> None:
    assert not says_nothing(cell)
