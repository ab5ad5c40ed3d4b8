"""Compiled templates: they escape, and render inputs as Django's own templates do."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template, engines
from django.test import SimpleTestCase

from zhongzhi.web.compiled import FieldRenderer
from zhongzhi.web.forms import PickerWidget, style

NASTY = '"><script>alert(1)</script>'
CHOICES = [("", "请选择"), ("a", "一"), ("b", NASTY), ("c", "三")]
WIDGETS = [
    (forms.TextInput(), NASTY),
    (forms.TextInput({"placeholder": NASTY, "required": True, "hidden": False}), None),
    (forms.NumberInput(), 1234567),
    (forms.Textarea(), f"第一行\n{NASTY}"),
    (forms.CheckboxInput(), True),
    (forms.Select(choices=CHOICES), "b"),
    (forms.SelectMultiple(choices=[("组", CHOICES)]), ["a", "b"]),
    (forms.RadioSelect(choices=CHOICES), "c"),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ["a"]),
    (forms.DateInput(), "2026-11-30"),
    (forms.HiddenInput(), "x"),
    (forms.ClearableFileInput(), None),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
def test_inputs_are_those_of_django(widget: forms.Widget, value: Any) -> None:
    ours = widget.render("名", value, {"id": "id_x"}, FieldRenderer())
    djangos = widget.render("名", value, {"id": "id_x"}, DjangoTemplates())
    SimpleTestCase().assertHTMLEqual(ours, djangos)
    assert "<script" not in ours


def test_a_select_is_found_in_by_typing_from_nine_choices_on() -> None:
    field = forms.ChoiceField(choices=[(str(n), f"第{n}项{NASTY}") for n in range(9)])
    style(field)
    shown = field.widget.render("x", "3", {}, FieldRenderer())
    assert "data-typed" in shown
    assert 'data-initials="d3x' in shown
    assert '<option value="3" selected' in shown
    assert "<script" not in shown
    few = forms.ChoiceField(choices=CHOICES)
    style(few)
    assert "data-typed" not in few.widget.render("x", "a", {}, FieldRenderer())


def test_a_picker_shows_what_a_code_says_and_keeps_the_code() -> None:
    shown = PickerWidget("/places/", lambda code: f"{code}{NASTY}").render(
        "place", "150526", {"id": "p"}, FieldRenderer()
    )
    assert '<input type="hidden" name="place" value="150526">' in shown
    assert 'id="p-list"' in shown
    assert "<script" not in shown
    assert 'name="place" value=""' in PickerWidget("/", str).render("place", None, {"id": "p"}, FieldRenderer())


def test_lines_escape_what_they_are_given_and_write_nothing_for_nothing() -> None:
    engine = engines["compiled"]
    assert engine.from_string("{{ a }}{{ b }}").render({"a": "<b>", "b": None}) == "&lt;b&gt;"
    case = {"code": "ZJ1505262026112400001Y", "title": NASTY, "status": "handling", "territory": None, "holder": None}
    words = {"get_status_display": lambda: "办理中", "get_risk_display": lambda: ""}
    row = {"names": NASTY, "case": case | words}
    part = Template('{% compiled "intake/rows.html" rows=rows tick=True %}')
    shown = part.render(Context({"rows": [row]}))
    assert "<script" not in shown
    assert shown.count("<td") == 9
