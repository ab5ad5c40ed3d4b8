"""The cache keeps JSON and never runs what somebody else has put there."""

import pytest
from django.core.cache import cache

from zhongzhi.web.cached import JsonSerializer


def test_values_come_back_and_numbers_are_counted_by_the_server() -> None:
    cache.set("kept", {"rows": [1, "二", None], "at": 1.5}, 60)
    cache.set("number", 1, 60)
    assert cache.get("kept") == {"rows": [1, "二", None], "at": 1.5}
    assert cache.incr("number") == 2


def test_a_pickle_is_nothing() -> None:
    assert JsonSerializer().loads(b"\x80\x04}\x94\x8c\x01a\x94K\x01s.") is None


def test_what_json_has_not_is_refused() -> None:
    with pytest.raises(TypeError):
        JsonSerializer().dumps(object())
