"""What the API's document says of a text is what its field takes, and nothing else."""

import re
from typing import Any

import pytest
from drf_spectacular.drainage import get_override
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

from zhongzhi.web.fields import PlainText, text

TRIED = [
    "",
    " ",
    "\ufeff",
    " \ufeff ",
    "\u3000",
    "a",
    " 王 ",
    "a\nb\tc",
    "\x00",
    "a\x07",
    "\u202e",
    "\uffff",
    "\u200b",
    "字" * 10,
    "字" * 11,
]


def takes(field: PlainText, value: str) -> bool:
    """Whether the field takes it, asked as a serializer asks."""

    class Asked(Serializer[Any]):
        words = field

    return Asked(data={"words": value}).is_valid()


def allows(stated: dict[str, Any], value: str) -> bool:
    """Whether the document allows it, read by hand."""
    fits = stated.get("minLength", 0) <= len(value) <= stated.get("maxLength", len(value))
    return fits and re.search(stated["pattern"], value) is not None


@pytest.mark.parametrize("value", TRIED)
@pytest.mark.parametrize("options", [{"required": True}, {"required": True, "max_length": 10}, {"max_length": 10}, {}])
def test_a_text_takes_what_its_document_allows(options: dict[str, Any], value: str) -> None:
    field = text(**options)
    assert takes(field, value) == allows(get_override(field, "field"), value)


def test_the_two_are_what_an_office_wants() -> None:
    must, may = text(required=True, max_length=3), text()
    assert [takes(must, value) for value in ("", " \u3000", "王", "王\n三", "王三五六", "王\x07")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    assert (takes(may, ""), takes(may, "\u202e")) == (True, False)


def test_a_refusal_says_which_character_and_how_much_too_long() -> None:
    with pytest.raises(ValidationError, match="第 2 个字符是无法保存的控制字符（U\\+0007）"):
        text().run_validation("a\x07")
    with pytest.raises(ValidationError, match="最多 3 个字，现在是 4 个"):
        text(max_length=3).run_validation("一二三四")
