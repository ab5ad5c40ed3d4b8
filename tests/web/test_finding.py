"""Boxes of lists and pickers: a part of a name in either form of its characters, initials, tails of codes."""

import pytest

from grids.models import Organisation
from grids.queries import search_places
from grids.queries.kept_organisations import organisations_named
from intake.queries import reachable_organisations, search_categories
from tests.intake import ways
from tests.people import Ground
from zhongzhi.core.han import spellings
from zhongzhi.web.finding import keys_by_initials, letters_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["wjz", "WJZ", "ｗｊｚ", "五家子", "jrhzwjz", "103200"])
def test_a_place_is_found_by_name_initials_or_the_tail_of_its_code(typed: str, ground: Ground) -> None:
    assert "150526103200" in [place.code for place in search_places(typed)]


def test_a_place_is_found_in_traditional_characters(ground: Ground) -> None:
    assert "150526100" in [place.code for place in search_places("魯北鎮")]


def test_what_is_no_place_finds_none(ground: Ground) -> None:
    assert [list(search_places(typed)) for typed in ("qqq", "没有的村", "201x")] == [[], [], []]


@pytest.mark.parametrize("typed", ["sfj", "司法局", "SFJ"])
def test_an_organisation_is_found_by_name_or_initials(typed: str, ground: Ground) -> None:
    case = ways.accepted(ground)
    assert ground.justice_bureau in reachable_organisations(case, typed)
    assert ground.justice_bureau in organisations_named(Organisation.objects.all(), typed)


def test_a_category_is_found_in_traditional_characters(ground: Ground) -> None:
    wanted = [leaf.code for leaf in search_categories("土地")]
    assert wanted
    simplified = [leaf.code for leaf in search_categories("劳动")]
    assert simplified
    assert [leaf.code for leaf in search_categories("勞動")] == simplified


def test_two_letters_are_the_beginning_and_more_may_stand_within(ground: Ground) -> None:
    rows = Organisation.objects.filter(pk=ground.justice_bureau.pk)
    short = ground.justice_bureau.short_name
    rows.update(name="扎鲁特旗司法局", short_name=short)
    assert keys_by_initials(rows, "fj", "name") == []
    assert keys_by_initials(rows, "tqsf", "name") == keys_by_initials(rows, "zl", "name") == [ground.justice_bureau.pk]


def test_letters_are_letters_only() -> None:
    assert [letters_of(text) for text in ("ＳＦＪ", "s", "sfj1", "司法局", "abcdefghi")] == ["sfj", "", "", "", ""]


def test_a_text_has_its_simplified_and_traditional_spelling_once() -> None:
    assert spellings("張國榮") == ("張國榮", "张国荣")
    assert spellings("张国荣") == ("张国荣", "張國榮")
    assert spellings("王海") == ("王海",)
    assert spellings("GD2026") == ("GD2026",)
