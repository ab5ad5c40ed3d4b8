"""Fields that find a place, a category or an organisation by typing."""

from typing import Any

from django import forms
from django.urls import reverse_lazy

from grids.models import Organisation
from grids.queries import dispatch_targets, organisations, territories
from intake.models import Case
from intake.queries import category_label
from zhongzhi.web.forms import PickerWidget


def place_label(code: str) -> str:
    """How a place reads in its field."""
    return next((t.full_name for t in territories().filter(code=code)), "")


def organisation_label(pk: str) -> str:
    """How an organisation reads in its field."""
    return next((o.name for o in organisations().filter(pk=pk)), "") if pk.isdecimal() else ""


def place_field(**options: Any) -> forms.CharField:
    """A place by name or code; its value is the code, which the action checks."""
    widget = PickerWidget(reverse_lazy("intake:places"), place_label)
    return forms.CharField(label="发生地", widget=widget, max_length=15, **options)


def category_field(**options: Any) -> forms.CharField:
    """A leaf of the category table by name or code."""
    widget = PickerWidget(reverse_lazy("intake:categories"), category_label)
    return forms.CharField(label="纠纷类别", widget=widget, max_length=4, **options)


class CaseField(forms.CharField):
    """A case by its code; the action checks that it is in sight."""

    def __init__(self, label: str, **options: Any) -> None:
        """The form names the address of the list."""
        super().__init__(label=label, widget=PickerWidget("", str), required=False, max_length=24, **options)


class OrganisationField(forms.CharField):
    """An organisation within reach of the case's centre; its value is the organisation, None when left empty."""

    def __init__(self, label: str, **options: Any) -> None:
        """Refusals of the action say what is missing."""
        widget = PickerWidget("", organisation_label)
        super().__init__(label=label, widget=widget, required=False, max_length=12, **options)
        self.case: Case | None = None

    def clean(self, value: Any) -> Organisation | None:
        """The organisation behind the number, if the centre may hand the case to it."""
        text = str(super().clean(value))
        if not text or self.case is None or self.case.centre is None:
            return None
        found = dispatch_targets(self.case.centre).filter(pk=text).first() if text.isdecimal() else None
        if found is None:
            raise forms.ValidationError("请从列表中选择单位。")
        return found
