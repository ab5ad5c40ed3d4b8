"""Grades that an entry suggests, with their reasons; earlier cases offered while one types."""

from decimal import Decimal
from typing import Any

import pytest

from intake.models import Case
from intake.queries import Facts, Suggestion, suggestions_for
from tests.browsing import signed_in
from tests.intake import ways
from tests.intake.test_pages_register import row, sent
from tests.people import Ground
from zhongzhi.core.pinyin import initials, name_initials

LOW = {"scale": "01", "complexity": "simple", "risk": "blue"}


def by_field(facts: Facts) -> dict[str, Suggestion]:
    return {row.field: row for row in suggestions_for(facts)}


@pytest.mark.parametrize(
    ("facts", "field", "value", "reason"),
    [
        (Facts(text="扬言要报复邻居"), "risk", "orange", "“扬言”“报复”"),
        (Facts(text="多次争吵后持刀"), "risk", "red", "“持刀”"),
        (Facts(text="多次报警"), "risk", "yellow", "“多次”“报警”"),
        (Facts(minors=1), "risk", "yellow", "未成年人"),
        (Facts(people=30), "risk", "orange", "重大群体"),
        (Facts(people=5), "scale", "02", "涉及 5 人"),
        (Facts(parties=6), "scale", "02", "涉及 6 人"),
        (Facts(people=31), "scale", "03", "31 人"),
        (Facts(amount=Decimal(100000)), "complexity", "ordinary", "100,000 元"),
        (Facts(amount=Decimal("1000000.00")), "complexity", "complex", "1,000,000 元"),
        (Facts(category="1401"), "complexity", "complex", "不属民间纠纷"),
        (Facts(parties=4), "complexity", "ordinary", "当事人 4 位"),
        (Facts(people=40), "complexity", "hard", "40 人"),
        (Facts(earlier=2), "complexity", "complex", "已有 2 件"),
    ],
)
def test_what_is_suggested_and_why(facts: Facts, field: str, value: str, reason: str) -> None:
    found = by_field(facts)[field]
    assert found.value == value
    assert reason in "；".join(found.reasons)


def test_nothing_is_suggested_for_a_plain_matter_nor_below_what_stands_there() -> None:
    assert suggestions_for(Facts(text="羊吃了玉米", people=2, parties=2, amount=Decimal(300), now=LOW)) == []
    assert suggestions_for(Facts(text="扬言报复", now={**LOW, "risk": "red"})) == []
    assert suggestions_for(Facts(text="扬言报复", now={**LOW, "risk": "orange"})) == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王小明", "wxm"), ("曾小贤", "zxx"), ("单田芳", "stf"), ("解晓东", "xxd"), ("仇和", "qh"), ("区伯", "ob"),
        ("查良镛", "zly"), ("朴槿惠", "pjh"), ("尉迟恭", "ycg"), ("乌云其木格", "wyqmg"), ("", ""), ("单", "s"),
        ("鲁北镇A公司12", "lbzags12"), ("张*·3", "z3"),
    ],
)  # fmt: skip
def test_initials_of_names_know_the_readings_of_surnames(name: str, letters: str) -> None:
    assert name_initials(name) == letters


def test_terms_are_read_as_terms() -> None:
    assert initials("曾经") == "cj"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "code"), [("tdcb", "0901"), ("承包", "0901"), ("0901", "0901"), ("09", "0901"), ("LLJF", "0201")]
)
def test_a_category_is_found_by_chinese_initials_and_code(typed: str, code: str, ground: Ground) -> None:
    page = signed_in(ground.clerk).get("/cases/parts/categories/", {"q": typed}).content.decode()
    assert f'data-value="{code}"' in page


@pytest.mark.django_db
def test_a_place_is_found_by_several_words(ground: Ground) -> None:
    page = signed_in(ground.clerk).get("/cases/parts/places/", {"q": "五家子 第1"}).content.decode()
    assert 'data-value="150526103200001"' in page
    assert 'data-value="150526103201001"' not in page


# --- on the page -----------------------------------------------------------------------------------------


def hints(user: Any, **changes: str) -> str:
    return str(signed_in(user).post("/cases/parts/suggestions/", sent(**changes)).content.decode())


@pytest.mark.django_db
def test_the_page_shows_suggestions_and_the_same_matter_at_the_same_place(ground: Ground) -> None:
    case = ways.registered(ground)
    page = hints(ground.clerk, narrative="扬言报复")
    assert "风险等级建议" in page
    assert 'data-take="risk" data-value="orange"' in page
    assert f'data-beside="merge" data-code="{case.code}"' in page
    elsewhere = hints(ground.clerk, territory="150526100001")
    assert "这一类可以参考" in elsewhere and str(case.code) not in elsewhere and "风险等级建议" not in elsewhere
    assert str(case.code) not in hints(ground.stranger)
    odd = hints(ground.clerk, amount="NaN", people_count="９", territory="x")
    assert str(case.code) not in odd and "建议" not in odd
    assert signed_in(ground.leader).post("/cases/parts/suggestions/", sent()).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "status"), [("merge", "merged"), ("repeat", "registered")])
def test_an_earlier_case_is_merged_into_or_linked_by_the_same_press(how: str, status: str, ground: Ground) -> None:
    earlier = ways.registered(ground)
    answer = signed_in(ground.clerk).post("/cases/new/", sent(earlier=str(earlier.code), beside=how))
    case = Case.objects.latest("pk")
    assert (answer.status_code, case.status) == (302, status)
    assert case.repeats_of.count() == (how == "repeat")


@pytest.mark.django_db
def test_a_closed_case_is_offered_as_a_repeat_only_and_the_fast_track_links(ground: Ground) -> None:
    earlier = ways.closed(ground)
    page = signed_in(ground.clerk).post("/cases/parts/person/", {"prefix": "parties-0", **row(0, phone="13847500001")})
    assert 'data-beside="repeat"' in page.content.decode()
    assert 'data-beside="merge"' not in page.content.decode()
    form = sent("settle", outcome="settlement", note="当场退还。", earlier=str(earlier.code), beside="repeat")
    signed_in(ground.clerk).post("/cases/new/", form)
    assert Case.objects.latest("pk").repeats_of.get().earlier == earlier
    answer = signed_in(ground.clerk).post("/cases/new/", sent(earlier=str(earlier.code), beside="merge"))
    assert answer.status_code == 422
    assert "已办结" in answer.content.decode()
