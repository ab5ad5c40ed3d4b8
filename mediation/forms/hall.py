"""Input of the hall's roster, and of a period."""

from typing import Any

from django import forms

from grids.queries import organisation_of
from mediation.actions import DutyEntry
from mediation.forms.base import SubjectForm, day, line
from mediation.queries.hall import hall_organisations
from zhongzhi.web.forms import StyledForm


class DutyForm(SubjectForm):
    """The subject is the centre."""

    organisation = forms.ChoiceField(label="入驻单位")
    day = day("日期")
    window = line("窗口", required=False, longest=20, help_text="轮驻单位必填；随驻单位可留空")
    person = line("值守人员", longest=40)
    phone = line("联系电话", required=False, longest=30)

    def prepare(self) -> None:
        """The organisations of the hall, by the way they are present."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in hall_organisations(self.subject):
            groups.setdefault(row.get_presence_display(), []).append((str(row.pk), row.name))
        nested: list[Any] = list(groups.items())
        self.fields["organisation"].choices = nested  # type: ignore[attr-defined]

    def entry(self) -> DutyEntry:
        """As the action takes it."""
        given = self.cleaned_data
        return DutyEntry(**{**given, "organisation": organisation_of(int(given["organisation"]))})


class PeriodForm(StyledForm):
    """From a day to a day."""

    starts = day("从", required=False, initial=None)
    ends = day("到", required=False, initial=None)

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        given = super().clean() or {}
        if given.get("starts") and given.get("ends") and given["starts"] > given["ends"]:
            raise forms.ValidationError("结束日期不能早于开始日期。")
        return given
