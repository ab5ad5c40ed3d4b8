"""Input of the duty list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy

from grids.queries import name_of_place
from zhongzhi.web.forms import PickerWidget, StyledForm

MOMENT = {"type": "datetime-local"}


class DutyForm(StyledForm):
    """A turn at an organisation or for a grid: one of its people, from when to when."""

    person = forms.ChoiceField(label="人员")
    window = forms.CharField(label="窗口", max_length=30, required=False, help_text="进驻部门填写窗口，可不填")
    starts_at = forms.DateTimeField(label="开始", widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"))
    ends_at = forms.DateTimeField(label="结束", widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"))
    leads = forms.BooleanField(label="带班", required=False)

    def __init__(self, data: Any = None, *, people: Mapping[str, str], has_windows: bool, **options: Any) -> None:
        """`people` are the names by key of those who may be put on."""
        super().__init__(data, **options)
        self.fields["person"].choices = list(people.items())  # type: ignore[attr-defined]
        if not has_windows:
            del self.fields["window"]

    def values(self) -> dict[str, Any]:
        """The turn, without its person."""
        return {name: value for name, value in self.cleaned_data.items() if name != "person"}


class PlaceForm(StyledForm):
    """A place to ask about: by its name or code."""

    place = forms.CharField(
        label="村（社区）或网格",
        required=False,
        max_length=15,
        widget=PickerWidget(reverse_lazy("grids:find_place"), name_of_place, {"placeholder": "输入地名或区划代码"}),
    )
