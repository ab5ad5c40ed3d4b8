"""Masked data tells people apart and gives away neither number nor door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongzhi.core.masking import mask_address, mask_credit_code, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳明", "欧阳*"),
        ("欧阳", "欧*"),
        ("乌云其木格", "乌***格"),
        ("阿卜杜·买买提", "阿*****提"),
        ("𠮷某某", "𠮷*某"),
        ("王", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_surname_and_last_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("152223199001011234", "152***********1234"),
        ("15222319900101123X", "152***********123X"),
        ("152223900101123", "152********1123"),  # of the first generation, until 2012
        ("15222390010112", "1***********12"),
        ("E12345678", "E******78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_an_identity_number_keeps_three_and_four(number: str, shown: str) -> None:
    assert mask_id_number(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0475-1234567", "0475-****567"),
        ("010-12345678", "010-****678"),
        ("0475-1234567-801", "0475-****567"),
        ("4001234567", "4*******67"),
        ("12-34", "12-****"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_phone_hides_its_middle(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("扎鲁特旗巨日合镇五家子村东街三号", "扎鲁特旗巨日****"),
        ("三号楼二单元201", "三号楼二****"),
        ("东街3号", "东街****"),
        ("", ""),
    ],
)
def test_an_address_keeps_the_place_and_hides_the_door(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_a_credit_code_keeps_four_and_four() -> None:
    assert mask_credit_code("91350100M000100Y43") == "9135**********0Y43"
    assert mask_credit_code("71526726X") == "7******6X"


@given(st.text(st.characters(exclude_characters="*"), max_size=40))
def test_no_mask_shows_more_than_half_of_a_number_or_an_address(text: str) -> None:
    for mask in (mask_id_number, mask_credit_code, mask_address):
        shown = mask(text)
        assert sum(char != "*" for char in shown) <= len(text) / 2
        assert not text or "*" in shown


@given(st.text(st.characters(exclude_characters="*"), min_size=1, max_size=20))
def test_a_masked_name_hides_something_and_keeps_the_length(name: str) -> None:
    shown = mask_name(name)
    assert len(shown) == len(name)
    assert "*" in shown
    assert all(a in (b, "*") for a, b in zip(shown, name, strict=True))
