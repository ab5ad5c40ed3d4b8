"""What the dialogs of the security administrator ask."""

from typing import Any

from django import forms

from grids.models import Role
from grids.roles import POST_OF_SYSTEMS
from zhongzhi.accounts.models import DormancyDecision
from zhongzhi.accounts.security_rules import NUMBERS, RuleName, number_of
from zhongzhi.web.forms import StyledForm

ROLES = [choice for choice in Role.choices if choice[0] != POST_OF_SYSTEMS]


class ReasonForm(StyledForm):
    """Why; asked for every act on somebody else's account."""

    reason = forms.CharField(label="理由", max_length=120, widget=forms.TextInput(attrs={"autofocus": True}))


class ReviewForm(ReasonForm):
    """What becomes of an account that nobody uses."""

    decision = forms.ChoiceField(label="处理", choices=DormancyDecision.choices)
    field_order = ("decision", "reason")


class NumberForm(ReasonForm):
    """A new number for a rule."""

    number = forms.IntegerField(label="改为")
    field_order = ("number", "reason")

    def __init__(self, data: Any, *, name: RuleName) -> None:
        super().__init__(data)
        limits, field = NUMBERS[name], self.fields["number"]
        field.help_text = f"{limits.low} 至 {limits.high}，现为 {number_of(name)}，默认 {limits.default()}。"
        field.initial = number_of(name)


class NetworksForm(ReasonForm):
    """Address ranges, a line each."""

    networks = forms.CharField(
        label="地址段",
        required=False,
        max_length=2500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一个，如 10.15.0.0/16 或 10.15.3.8；留空为不限。",
    )
    field_order = ("networks", "reason")

    def ranges(self) -> list[str]:
        """The lines as typed."""
        return str(self.cleaned_data["networks"]).split()


class FactorRolesForm(StyledForm):
    """Which roles show a second factor."""

    roles = forms.MultipleChoiceField(
        label="须二次验证的岗位", choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(label="新加的岗位从", widget=forms.DateInput(attrs={"type": "date"}))
