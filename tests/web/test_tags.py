"""Deadlines in words, icons, filters in use."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django import forms
from django.utils.timezone import localtime

from zhongzhi.web.templatetags.zz import (
    due_class,
    due_words,
    exact_time,
    icon,
    in_use,
    lasted,
    money,
    short_day,
    short_time,
)

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("left", "words", "kind"),
    [
        (timedelta(seconds=20), "还有 1 分钟", "near"),
        (timedelta(minutes=59), "还有 59 分钟", "near"),
        (timedelta(hours=3, minutes=5), "还有 3 小时", "near"),
        (timedelta(hours=47), "还有 47 小时", "far"),
        (timedelta(days=3), "还有 3 天", "far"),
        (-timedelta(minutes=5), "已超期 5 分钟", "over"),
        (-timedelta(days=2), "已超期 2 天", "over"),
    ],
)
def test_how_far_a_deadline_is(left: timedelta, words: str, kind: str) -> None:
    assert (due_words(NOW + left, NOW), due_class(NOW + left, NOW)) == (words, kind)


def test_no_deadline_says_nothing() -> None:
    assert (due_words(None), due_class(None)) == ("", "")


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icon("bell")
    assert 'aria-label="消息&lt;"' in icon("bell", "消息<")


class Filters(forms.Form):
    """A search box, a choice of one, a choice of several, and what stays in the address."""

    q = forms.CharField()
    kind = forms.ChoiceField(choices=[("", "全部"), ("a", "甲")])
    levels = forms.MultipleChoiceField(choices=[("r", "红"), ("o", "橙")])
    holder = forms.IntegerField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ({}, 0),
        ({"q": "土地"}, 0),
        ({"kind": "", "holder": ""}, 0),
        ({"kind": "a", "levels": ["r", "o"]}, 2),
        ({"q": "土地", "kind": "nonsense", "holder": "7"}, 2),
    ],
)
def test_filters_in_use_are_counted_but_for_the_search_box(given: dict[str, object], number: int) -> None:
    assert in_use(Filters(given)) == number


def test_a_moment_of_another_year_is_shown_with_its_year() -> None:
    now = localtime().replace(month=6, day=5, hour=8, minute=5, second=9)
    before = now.replace(year=now.year - 1)
    assert (short_time(now), short_day(now.date())) == ("06-05 08:05", "06-05")
    assert short_time(before) == f"{now.year - 1}-06-05 08:05"
    assert short_day(before.date()) == f"{now.year - 1}-06-05"
    assert (exact_time(now), exact_time(before)) == ("06-05 08:05:09", f"{now.year - 1}-06-05 08:05:09")
    assert (short_time(None), short_day(None), exact_time(None), lasted(None)) == ("", "", "", "")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "1 分钟"),
        (timedelta(minutes=59), "59 分钟"),
        (timedelta(hours=47), "47 小时"),
        (timedelta(days=71), "71 天"),
    ],
)
def test_how_long_something_lasts_is_said_in_one_unit(length: timedelta, words: str) -> None:
    assert lasted(localtime() - length) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [(Decimal("486300"), "486,300.00"), (Decimal("300.5"), "300.50"), (Decimal(0), "0.00"), (None, "")],
)
def test_yuan_are_read_in_thousands(amount: Decimal | None, words: str) -> None:
    assert money(amount) == words
