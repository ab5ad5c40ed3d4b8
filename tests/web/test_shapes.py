"""One declaration of what is handed in: form, serializer and cells of tables say the same of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms

from zhongzhi.core.errors import BadInput
from zhongzhi.web.shapes import (
    Amount,
    Ask,
    Choice,
    Count,
    Day,
    Kind,
    Line,
    RowChoice,
    Rows,
    Several,
    Shape,
    ShapeForm,
    ShapeSerializer,
    Text,
    Tick,
    YesNo,
    declared,
    shape_of,
)
from zhongzhi.web.sheets import Column

COLOURS = [("red", "红"), ("blue", "蓝")]


def form_of(shape: Shape, data: Any = None, subject: Any = None) -> ShapeForm:
    return type("AForm", (ShapeForm,), {"shape": shape})(data, subject=subject)


def checked(shape: Shape, body: dict[str, Any]) -> ShapeSerializer:
    serializer = shape.serializer(data=body)
    serializer.is_valid()
    return serializer


@pytest.mark.parametrize(
    ("kind", "typed", "sent", "value"),
    [
        (Line("标题"), "甲", "甲", "甲"),
        (Text("内容"), "甲\n乙", "甲\n乙", "甲\n乙"),
        (Choice("颜色", COLOURS), "red", "red", "red"),
        (Choice("分数", [(1, "差"), (2, "好")]), "2", 2, 2),
        (Several("颜色", COLOURS), ["red", "blue"], ["red", "blue"], ["red", "blue"]),
        (YesNo("决定"), "yes", True, True),
        (YesNo("决定"), "no", False, False),
        (Tick("加急"), "on", True, True),
        (Day("日期"), "2026-11-23", "2026-11-23", date(2026, 11, 23)),
        (Amount("金额"), "12.50", "12.50", Decimal("12.50")),
        (Count("人数"), "3", 3, 3),
    ],
    ids=lambda case: case.label if isinstance(case, Kind) else "",
)
def test_page_and_api_hand_the_same_value_on(kind: Kind, typed: Any, sent: Any, value: Any) -> None:
    shape = Shape("AnyIn", it=kind)
    form = form_of(shape, {"it": typed})
    assert form.is_valid(), form.errors
    assert form.arguments() == {"it": value}
    assert shape.api_arguments(checked(shape, {"it": sent}).validated_data) == {"it": value}


@pytest.mark.parametrize(
    ("kind", "page_insists", "api_insists", "mark"),
    [
        (Line("标题"), True, True, True),
        (Line("标题", required=False), False, False, False),
        (Line("标题", page=Ask.TOLD), False, True, True),
        (Line("标题", page=Ask.OPTIONAL), False, True, False),
        (Line("标题", api=Ask.OPTIONAL), True, False, True),
        (Choice("颜色", COLOURS), True, True, False),
    ],
)
def test_how_firmly_it_is_asked_for(kind: Kind, page_insists: bool, api_insists: bool, mark: bool) -> None:
    shape = Shape("AnyIn", it=kind)
    form = form_of(shape, {})
    assert ("it" in form.errors) == page_insists
    assert ("it" in checked(shape, {}).errors) == api_insists
    assert form.fields["it"].must is mark  # type: ignore[attr-defined]


def test_what_one_side_never_asks_for_is_not_there_and_not_handed_on() -> None:
    shape = Shape("AnyIn", page_only=Line("甲", api=Ask.NEVER), api_only=Line("乙", page=Ask.NEVER))
    form = form_of(shape, {"page_only": "甲", "api_only": "乙"})
    assert form.is_valid()
    assert form.arguments() == {"page_only": "甲"}
    given = checked(shape, {"api_only": "乙"})
    assert shape.api_arguments(given.validated_data) == {"api_only": "乙"}
    assert list(checked(shape, {"page_only": "甲", "api_only": "乙"}).errors) == ["page_only"]


def test_a_field_that_does_not_concern_the_subject_is_left_off_the_page() -> None:
    shape = Shape(kind=Line("用哪种", when=lambda subject: subject == "many"), note=Line("说明"))
    assert list(form_of(shape, subject="many").fields) == ["kind", "note"]
    form = form_of(shape, {"note": "甲"}, subject="one")
    assert form.is_valid()
    assert form.arguments() == {"note": "甲"}


def test_what_stands_in_a_field_at_first_may_come_from_the_subject() -> None:
    shape = Shape(
        title=Line("标题", first=str.upper), way=Choice("颜色", COLOURS, first="red"), done=YesNo("好", first=False)
    )
    assert form_of(shape, subject="abc").initial == {"title": "ABC", "way": "red", "done": "no"}


@dataclass(frozen=True)
class Row:
    pk: int
    name: str


ROWS = [Row(1, "甲"), Row(2, "乙")]


def test_a_chosen_row_comes_back_as_the_row_and_none_as_none() -> None:
    shape = Shape(who=RowChoice("谁", lambda subject: ROWS, reads=lambda row: row.name, empty="请选择", required=False))
    assert [label for _, label in form_of(shape).fields["who"].choices] == ["请选择", "甲", "乙"]  # type: ignore[attr-defined]
    for typed, value in (("2", ROWS[1]), ("", None)):
        form = form_of(shape, {"who": typed})
        assert form.is_valid()
        assert form.arguments() == {"who": value}
    assert not form_of(shape, {"who": "3"}).is_valid()


def test_a_row_without_a_key_is_not_asked_for_in_the_api() -> None:
    assert Shape("AnyIn", who=RowChoice("谁", lambda subject: ROWS)).serializer_fields() == {}


@dataclass(frozen=True)
class Part:
    who: str
    what: str = ""


PARTS = Rows(
    "协办",
    Shape("PartIn", who=Line("单位"), what=Line("要求", required=False)),
    Part,
    cells={"who": ("co", "单位"), "what": ("task", "要求")},
    number=2,
)


def test_rows_of_the_page_count_when_what_matters_is_filled_in() -> None:
    form = form_of(Shape(parts=PARTS), {"co_1": "甲", "task_1": "丈量", "co_2": "", "task_2": "无主"})
    assert form.is_valid()
    assert form.arguments() == {"parts": [Part("甲", "丈量")]}
    assert [field.label for field in form.folds[0].rows[1]] == ["单位 2", "要求 2"]


def test_rows_of_the_api_are_a_list_that_may_be_left_out() -> None:
    shape = Shape("AnyIn", parts=PARTS)
    given = checked(shape, {"parts": [{"who": "甲"}, {"who": "乙", "what": "劝解"}]})
    assert shape.api_arguments(given.validated_data) == {"parts": [Part("甲"), Part("乙", "劝解")]}
    assert shape.api_arguments(checked(shape, {}).validated_data) == {"parts": []}


def test_rows_stand_apart_and_are_open_where_there_is_something_to_see() -> None:
    alone, beside = Shape(parts=PARTS), Shape(parts=PARTS, note=Line("说明", required=False))
    assert form_of(alone).folds[0].is_open
    assert not form_of(beside).folds[0].is_open
    assert form_of(beside, {"co_2": "甲"}).folds[0].is_open
    assert [field.name for field in form_of(beside).plain] == ["note"]


def test_a_refusal_stands_at_the_first_field_of_what_it_is_about() -> None:
    shape = Shape(parts=PARTS, who=Line("调解员", told_here=("body",), required=False))
    form = form_of(shape, {})
    form.refuse({"parts": ["请选择。"], "body": ["没有这个组织。"], "elsewhere": ["不行。"]})
    assert form.errors == {"co_1": ["请选择。"], "who": ["没有这个组织。"], "__all__": ["不行。"]}


class OwnForm(ShapeForm):
    shape = Shape(title=Line("标题"))
    uid = forms.CharField(widget=forms.HiddenInput)


def test_a_form_may_have_fields_of_its_own_that_are_no_argument() -> None:
    form = OwnForm({"title": "甲", "uid": "1"})
    assert form.is_valid()
    assert (form.arguments(), form.cleaned_data["uid"]) == ({"title": "甲"}, "1")


TABLE = Shape(
    day=Day("日期", columns={"calls": Column("at", "接警时间"), "letters": Column("on", "登记日期")}),
    people=Count("涉及人数", most=100, noun="人数", unit="人", columns=Column("people", "人数")),
    colour=Choice("颜色", COLOURS, endings=("风险", "色"), columns=Column("colour", "颜色")),
    note=Line("说明"),
)


def test_cells_are_read_by_the_column_of_their_table_and_faults_told_there() -> None:
    faults: dict[str, str] = {}
    cells = {"at": "2026年11月3日 08:15", "on": "x", "people": "3人", "colour": "红色风险", "note": "甲"}
    assert TABLE.read_cells("calls", cells, faults) == {"day": date(2026, 11, 3), "people": 3, "colour": "red"}
    assert faults == {}
    assert TABLE.read_cells("letters", {"on": "x", "people": "0", "colour": "绿", "at": "2026-11-03"}, faults) == {}
    assert faults == {
        "on": "不是一个日期，请写成 2026-11-23 这样。",
        "people": "不是一个人数，请填 1 至 100 的整数。",
        "colour": "没有这个颜色，请填红色或蓝色。",
    }


def test_an_empty_cell_says_nothing() -> None:
    assert TABLE.read_cells("calls", {"at": "", "people": ""}, {}) == {}


@pytest.mark.parametrize("text", ["1e20", "NaN", "甲", "1234567890123"])
def test_a_sum_that_no_column_holds_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="不是一个金额"):
        Amount("金额").read_cell(text)


def test_an_entry_declares_its_shape_on_its_fields() -> None:
    @dataclass(frozen=True)
    class Entry:
        title: str = declared(Line("标题"))
        amount: Decimal | None = declared(Amount("金额", required=False), None)
        uid: str = ""

    shape = shape_of(Entry, "EntryIn")
    assert (list(shape), Entry().title, Entry().amount) == (["title", "amount"], "", None)
    assert list(shape.output_fields()) == ["title", "amount"]
