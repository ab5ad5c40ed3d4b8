"""Input of the acts on a case, one small form each; the fields carry the names of the action's arguments."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from intake.coordination.actions import CoHandler
from intake.coordination.models import TaskKind
from intake.forms.acts import ActForm, WithOrganisation, text
from intake.forms.pickers import OrganisationField
from intake.models import Case
from referrals.actions import Resolved
from referrals.actions.case_letters import SUPERVISED
from referrals.available_actions import CaseAct
from referrals.models import Danger, Level, Purpose
from referrals.queries import kinds_in_force

CO_ROWS = 4
TASK_ROWS = range(1, 5)
CARE_REASONS = [("mental", "精神卫生"), ("minor", "未成年人"), ("other", "其他")]


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

    folded_title = "协办单位（多部门联动）"

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


class WithHandlings(ActForm):
    """A form that chooses among the organisations that handle the case now."""

    PARTS: tuple[str, ...] = ("lead", "co")

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The open handlings, by number."""
        super().__init__(data, case=case)
        rows = case.handlings.filter(closed_at=None, part__in=self.PARTS).select_related("organisation")
        self.handlings = {str(row.pk): row for row in rows}
        for name, field in self.fields.items():
            if name.startswith("handling"):
                field.choices = [("", "请选择"), *self.named()]  # type: ignore[attr-defined]
                field.coerce = self.handlings.get  # type: ignore[attr-defined]

    def named(self) -> list[tuple[str, str]]:
        """The organisations with their part, for the lists."""
        return [(pk, f"{row.organisation.name}（{row.get_part_display()}）") for pk, row in self.handlings.items()]


def handling_field(label: str) -> forms.TypedChoiceField:
    """One of the organisations that handle the case; None when left empty."""
    return forms.TypedChoiceField(label=label, required=False, empty_value=None)


class TaskForm(WithHandlings):
    handling = handling_field("由哪个单位完成")
    what = forms.CharField(label="任务", max_length=300)
    kind = forms.ChoiceField(label="类别", choices=TaskKind.choices, help_text="特殊关爱对象的转送，须先登记监护人同意")
    due_on = forms.DateField(label="完成期限", required=False, widget=forms.DateInput({"type": "date"}))


_TaskRows = type(
    "_TaskRows",
    (forms.Form,),
    {f"handling_{at}": handling_field(f"承担单位 {at}") for at in TASK_ROWS}
    | {f"task_{at}": forms.CharField(label=f"任务 {at}", max_length=300, required=False) for at in TASK_ROWS},
)


class MeetingForm(WithHandlings, _TaskRows):  # type: ignore[misc,valid-type]
    """A meeting, with rows of decisions that become tasks."""

    held_at = forms.DateTimeField(
        label="会议时间", widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label="地点", max_length=100)
    people = forms.CharField(label="参加人员", max_length=500, required=False, help_text="单位和姓名")
    decided = text("议定事项", rows=4)

    folded_title = "议定的任务"

    @property
    def plain(self) -> list[forms.BoundField]:
        """Fields of the meeting itself."""
        return [self[name] for name in ("held_at", "place", "people", "decided")]

    @property
    def folded(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows of tasks."""
        return [(self[f"handling_{at}"], self[f"task_{at}"]) for at in TASK_ROWS]

    @property
    def has_folded(self) -> bool:
        """Decisions are the point of a meeting."""
        return True

    def arguments(self) -> dict[str, Any]:
        """Rows as decisions; everybody who handles the case was there."""
        values = super().arguments()
        rows = [(values.pop(f"handling_{at}"), values.pop(f"task_{at}")) for at in TASK_ROWS]
        values["tasks"] = [Resolved(handling, what) for handling, what in rows if handling is not None and what]
        values["present"] = [row.organisation for row in self.handlings.values()]
        return values


class ReleasePartForm(WithHandlings):
    PARTS = ("co",)
    handling = handling_field("协办单位")
    reason = text("理由")


class LetterForm(WithOrganisation):
    kind = forms.TypedChoiceField(label="文种", required=False, empty_value=None)
    addressee = OrganisationField("主送单位", help_text="不填则送主办单位")
    trigger = forms.ChoiceField(label="起因", choices=[(t.value, t.label) for t in SUPERVISED], required=False)
    level = forms.ChoiceField(label="督办级别", choices=[("", "（非督办单不填）"), *Level.choices], required=False)
    instruction = text("要说明的事项", required=False, help_text="每行一项；不填按案件情况生成，签发前都可以修改")

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """Kinds in force but those that dispatch."""
        super().__init__(data, case=case)
        kinds = kinds_in_force(timezone.localdate()).exclude(purpose=Purpose.DISPATCH)
        known = {str(kind.pk): kind for kind in kinds}
        field = self.fields["kind"]
        field.choices = [("", "请选择"), *((pk, kind.name) for pk, kind in known.items())]  # type: ignore[attr-defined]
        field.coerce = known.get  # type: ignore[attr-defined]
        self.fields["addressee"].must = False  # type: ignore[attr-defined]


class CareForm(WithHandlings):
    reason = forms.ChoiceField(label="关爱事由", choices=CARE_REASONS)
    danger = forms.TypedChoiceField(label="危险性评估", choices=Danger.choices, coerce=int, initial=0)
    shared_with = forms.TypedMultipleChoiceField(
        label="知悉单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只有所选单位和本中心负责人能看到这份记录",
    )
    notes = text("情况说明", required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """May be shared with those who handle the case."""
        super().__init__(data, case=case)
        known = {str(row.organisation_id): row.organisation for row in self.handlings.values()}
        field = self.fields["shared_with"]
        field.choices = [(pk, org.name) for pk, org in known.items()]  # type: ignore[attr-defined]
        field.coerce = known.get  # type: ignore[attr-defined]


FORMS: dict[str, type[ActForm]] = {
    "dispatch": DispatchForm,
    "add-co-handlers": AddCoHandlersForm,
    "hand-down": HandDownForm,
    "add-task": TaskForm,
    "meeting": MeetingForm,
    "release-part": ReleasePartForm,
    "draft": LetterForm,
    "mark-care": CareForm,
}


def case_act_form(act: CaseAct, case: Case, data: Any = None) -> ActForm:
    """The form of an act."""
    return FORMS[act.name](data, case=case)
