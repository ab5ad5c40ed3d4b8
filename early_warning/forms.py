"""Input of the pages of warnings: why it is so or not, and what is made of it."""

from typing import Any

from django import forms

from grids.lifecycle import UNSETTLED
from grids.models import Hazard, Territory
from intake.models import Case
from zhongzhi.web.forms import StyledForm


def _text(label: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 2}), required=required, max_length=1000)


class WarningForm(StyledForm):
    """The form of one act; it knows the matters that may be chosen."""

    def __init__(
        self, data: Any = None, *, cases: list[Case] | None = None, hazards: list[Hazard] | None = None,
        grids: list[Territory] | None = None,
    ) -> None:  # fmt: skip
        """The matters of the warning that this person sees, and the grids of its place."""
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s")
        self.cases = {str(case.code): case for case in cases or []}
        self.grids = {grid.code: grid for grid in grids or []}
        self._whole = [] if len(self.grids) == 1 else [("", "不指定网格")]
        self.hazards = {str(row.uid): row for row in hazards or [] if row.status in UNSETTLED}
        for name, choices in (
            ("case", [(code, code) for code in self.cases]),
            ("hazard", [(uid, row.narrative[:40]) for uid, row in self.hazards.items()]),
            ("grid", [*self._whole, *((code, grid.name) for code, grid in self.grids.items())]),
        ):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the act takes, matters as rows."""
        given = dict(self.cleaned_data)
        if "case" in given:
            given["case"] = self.cases[given["case"]]
        if "hazard" in given:
            given["hazard"] = self.hazards[given["hazard"]]
        if "grid" in given:
            given["grid"] = self.grids.get(given["grid"])
        return given


class ConfirmForm(WarningForm):
    """It is so."""

    reason = _text("核实情况", required=False)


class DismissForm(WarningForm):
    """It is not so."""

    reason = _text("排除的理由")


class CaseForm(WarningForm):
    """A hazard to register."""

    hazard = forms.ChoiceField(label="排查事项")


class VisitForm(WarningForm):
    """Whom to see."""

    grid = forms.ChoiceField(label="网格", required=False)
    household = forms.CharField(label="走访对象", max_length=80)
    note = forms.CharField(label="提示", max_length=200, required=False)


class LetterForm(WarningForm):
    """About which case, and how sharp."""

    case = forms.ChoiceField(label="案件")
    supervise = forms.BooleanField(label="督办（黄色）", required=False, help_text="不勾选的拟发提醒")
    instruction = _text("要求", required=False)


class TaskForm(WarningForm):
    """What the lead is to do."""

    case = forms.ChoiceField(label="案件")
    what = forms.CharField(label="做什么", max_length=300)
    due_on = forms.DateField(label="完成期限", required=False, widget=forms.DateInput({"type": "date"}))


class ItemForm(WarningForm):
    """Which case goes to today's meeting."""

    case = forms.ChoiceField(label="案件")


DECIDING: dict[str, type[WarningForm]] = {"confirm": ConfirmForm, "dismiss": DismissForm}
TURNING: dict[str, type[WarningForm]] = {
    "visit": VisitForm,
    "item": ItemForm,
    "letter": LetterForm,
    "task": TaskForm,
    "case": CaseForm,
}
