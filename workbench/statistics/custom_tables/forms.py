"""A table as it is put together on a page."""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone

from grids.models import Territory
from grids.queries import name_of_place
from workbench.models import CustomTable, Lines
from workbench.statistics.custom_tables.layout import SPLITS, TableLayout, choosable
from workbench.statistics.custom_tables.queries import organisations_of
from workbench.statistics.periods import PRESETS, Period, asked_period
from workbench.statistics.permissions import place_for
from zhongzhi.accounts.models import User
from zhongzhi.web.forms import PickerWidget, StyledForm

CUSTOM = "days"


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class LayoutForm(StyledForm):
    """What the table shows."""

    figures = forms.MultipleChoiceField(
        label="指标", required=False, choices=lambda: [(name, figure.label) for name, figure in choosable().items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    axis = forms.ChoiceField(label="拆分", required=False, choices=[("", "不拆分"), *SPLITS.items()])
    lines = forms.ChoiceField(label="每一行", choices=Lines.choices, initial=Lines.PLACES, widget=forms.RadioSelect)
    period = forms.ChoiceField(
        label="期间", choices=[*((name, label) for name, (label, _) in PRESETS.items()), (CUSTOM, "自定日期")]
    )
    start = _day("自")
    end = _day("至")
    place = forms.CharField(
        label="范围", required=False, max_length=15,
        widget=PickerWidget(reverse_lazy("intake:places"), name_of_place, {"placeholder": "不填为我的全部范围"}),
    )  # fmt: skip

    @property
    def layout(self) -> TableLayout:
        """Figures, split and lines."""
        data = self.cleaned_data
        return TableLayout(tuple(data["figures"]), data["axis"], data["lines"])

    @property
    def days(self) -> tuple[date, date] | None:
        """The two days, where no period with a name is chosen."""
        data = self.cleaned_data
        return (data["start"], data["end"]) if data["period"] == CUSTOM else None

    def clean(self) -> dict[str, Any]:
        """Two days where the period has none of its own."""
        if self.cleaned_data.get("period") == CUSTOM:
            for name in ("start", "end"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, "请填写日期。")
        return self.cleaned_data

    def period_asked(self) -> Period:
        """The period as of today. BadInput for days in the wrong order or too far apart."""
        today, days = timezone.localdate(), self.days
        if days is None:
            return asked_period(today, name=self.cleaned_data["period"])
        return asked_period(today, start=f"{days[0]}", end=f"{days[1]}")

    def place_for(self, user: User) -> Territory:
        """The place, in the person's territory; NotFound beyond it."""
        return place_for(user, self.cleaned_data["place"])


class TableForm(LayoutForm):
    """The table with its name and who uses it."""

    name = forms.CharField(label="名称", max_length=40, help_text="如：各镇受理情况月报；名称相同的，换成新内容")
    shared_with = forms.TypedChoiceField(label="谁用", required=False, coerce=int, empty_value=None)
    with_below = forms.BooleanField(label="下级单位也用，各看各的范围", required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        """`user` may share with the organisations they serve at."""
        super().__init__(*args, **options)
        shared = [(str(row.pk), f"{row.short_name}共用") for row in organisations_of(user)]
        self.fields["shared_with"].choices = [("", "只有自己用"), *shared]  # type: ignore[attr-defined]


def first_values(table: CustomTable) -> dict[str, Any]:
    """A table that is there, to be changed or kept under another name."""
    return {
        "figures": table.figures, "axis": table.axis, "lines": table.lines, "period": table.period or CUSTOM,
        "start": table.start, "end": table.end, "place": table.place.code, "name": table.name,
        "shared_with": table.shared_with_id, "with_below": table.with_below,
    }  # fmt: skip
