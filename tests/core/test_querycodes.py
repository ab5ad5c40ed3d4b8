"""A query code can be read aloud, typed from paper, and not guessed."""

import pytest

from zhongzhi.core.querycodes import ALPHABET, LENGTH, grouped_query_code, new_query_code, normalised_query_code


def test_a_new_code_has_26_characters_of_an_alphabet_without_lookalikes() -> None:
    codes = {new_query_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {26} == {LENGTH}
    assert set("".join(codes)) == set(ALPHABET)
    assert (len(ALPHABET), len(set(ALPHABET))) == (32, 32)
    assert not set("ILOU") & set(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abcd-efgh-jkmn", "ABCDEFGHJKMN"),
        (" 0123 4567_89.x ", "0123456789X"),
        ("oO iI lL", "001111"),
        ("ＡＢ１２", "AB12"),
        ("", ""),
    ],
)
def test_what_is_typed_comes_out_in_one_writing(typed: str, code: str) -> None:
    assert normalised_query_code(typed) == code


def test_what_is_typed_is_cut_before_it_is_looked_at_and_after() -> None:
    assert normalised_query_code("A" * 1000) == "A" * 64
    assert normalised_query_code("-" * 199 + "AB") == "A"


def test_on_paper_a_code_stands_in_groups_of_four() -> None:
    assert grouped_query_code("ABCDEFGHJK") == "ABCD-EFGH-JK"
    assert normalised_query_code(grouped_query_code(code := new_query_code())) == code
