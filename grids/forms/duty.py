"""Input of the duty list."""

from typing import Any

from django import forms

from grids.models import Organisation
from grids.queries import members_of
from zhongzhi.web.forms import StyledForm

MOMENT = {"type": "datetime-local"}


class DutyForm(StyledForm):
    """A turn at an organisation: one of its people, from when to when."""

    person = forms.ChoiceField(label="人员")
    window = forms.CharField(label="窗口", max_length=30, required=False, help_text="进驻部门填写窗口，可不填")
    starts_at = forms.DateTimeField(label="开始", widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"))
    ends_at = forms.DateTimeField(label="结束", widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"))
    leads = forms.BooleanField(label="带班", required=False)

    def __init__(self, data: Any = None, *, organisation: Organisation, **options: Any) -> None:
        """The people are those who serve there today."""
        super().__init__(data, **options)
        self.people = {str(user.pk): user for user in members_of(organisation)}
        self.fields["person"].choices = [(pk, user.name) for pk, user in self.people.items()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The turn, without its person."""
        return {name: value for name, value in self.cleaned_data.items() if name != "person"}
