"""Input of plans of visits and of outreach."""

from typing import Any

from django import forms

from grids.forms.roster import day, line
from grids.models import OutreachKind, Territory, VisitReason
from zhongzhi.web.forms import StyledForm


class PlanForm(StyledForm):
    """Households to see in a month, one a line."""

    territory = forms.ChoiceField(label="网格")
    month = forms.DateField(
        label="月份", input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, format="%Y-%m")
    )
    households = forms.CharField(
        label="走访对象", widget=forms.Textarea({"rows": 5}), max_length=4000, help_text="一行一户"
    )
    reason = forms.ChoiceField(label="事由", choices=VisitReason.choices)
    note = line("提示", 200)

    def __init__(self, data: Any = None, *, places: list[Territory], **options: Any) -> None:
        """The grids are those one may plan for."""
        super().__init__(data, **options)
        self.places = {place.code: place for place in places}
        self.fields["territory"].choices = [(p.code, p.full_name) for p in places]  # type: ignore[attr-defined]


class OutreachForm(StyledForm):
    """A talk that was held."""

    territory = forms.ChoiceField(label="地点")
    kind = forms.ChoiceField(label="类别", choices=OutreachKind.choices)
    topic = line("主题", 100, required=True)
    held_on = day("日期")
    reached = forms.IntegerField(label="到场人数", min_value=1)
    note = line("说明", 500)

    def __init__(self, data: Any = None, *, places: list[Territory], **options: Any) -> None:
        """The places are those one may note for."""
        super().__init__(data, **options)
        self.places = {place.code: place for place in places}
        self.fields["territory"].choices = [(p.code, p.full_name) for p in places]  # type: ignore[attr-defined]
