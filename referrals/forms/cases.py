"""Input of the acts on a case, one small form each; the fields carry the names of the action's arguments."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from intake.actions import CoHandler
from intake.forms.acts import ActForm, WithOrganisation, text
from intake.forms.pickers import OrganisationField
from intake.models import Case
from referrals.acts import CaseAct
from referrals.models import Purpose
from referrals.queries import kinds_in_force

CO_ROWS = 4


class WithCoHandlers(WithOrganisation):
    """A form with rows of co-handlers, each with what it is to do; rows left empty do not count."""

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The rows are added to the form's own fields."""
        super().__init__(data, case=case)
        for at in range(1, CO_ROWS + 1):
            field = OrganisationField(f"协办单位 {at}")
            field.case, field.must = case, False  # type: ignore[attr-defined]
            field.widget.url = reverse("intake:organisations", args=[case.code])
            field.widget.attrs["class"] = "form-control"
            self.fields[f"co_{at}"] = field
            task = forms.CharField(label=f"协办要求 {at}", required=False, max_length=2000)
            task.widget.attrs["class"] = "form-control"
            self.fields[f"co_task_{at}"] = task

    @property
    def folded(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows, for the part of the dialog that opens on demand."""
        return [(self[f"co_{at}"], self[f"co_task_{at}"]) for at in range(1, CO_ROWS + 1)]

    @property
    def plain(self) -> list[forms.BoundField]:
        """All other fields that are seen."""
        return [field for field in self.visible_fields() if not field.name.startswith("co_")]

    @property
    def has_folded(self) -> bool:
        """Whether a row is filled or wrong."""
        return any(field.data or field.errors for row in self.folded for field in row)

    def arguments(self) -> dict[str, Any]:
        """The rows as co-handlers."""
        values = super().arguments()
        rows = [(values.pop(f"co_{at}"), values.pop(f"co_task_{at}")) for at in range(1, CO_ROWS + 1)]
        values["co_handlers"] = [CoHandler(found, task) for found, task in rows if found is not None]
        return values

    def refuse(self, errors: dict[str, list[str]], message: str = "") -> None:
        """What is wrong with the co-handlers stands at the first row."""
        known = {"co_1" if name == "co_handlers" else name: sentences for name, sentences in errors.items()}
        super().refuse(known, message)


class DispatchForm(WithCoHandlers):
    organisation = OrganisationField("承办单位（主办）")
    instruction = text("交办要求", required=False)
    kind = forms.ChoiceField(label="用哪种单", required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The choice of a kind is asked for only where there is one."""
        super().__init__(data, case=case)
        kinds = kinds_in_force(timezone.localdate()).filter(purpose=Purpose.DISPATCH)
        self.fields["kind"].choices = [(kind.code, kind.name) for kind in kinds]  # type: ignore[attr-defined]
        if len(kinds) < 2:
            del self.fields["kind"]


class AddCoHandlersForm(WithCoHandlers):
    """Only the rows."""


class HandDownForm(WithOrganisation):
    centre = OrganisationField("交由哪个中心", help_text="案件发生地所属的下一级综治中心")
    reason = text("办理要求")


FORMS: dict[str, type[ActForm]] = {
    "dispatch": DispatchForm,
    "add-co-handlers": AddCoHandlersForm,
    "hand-down": HandDownForm,
}


def case_act_form(act: CaseAct, case: Case, data: Any = None) -> ActForm:
    """The form of an act."""
    return FORMS[act.name](data, case=case)
