"""What is chosen for one item of the agenda."""

from typing import Any

from django import forms
from django.urls import reverse

from intake.coordination.models import AgendaItem, Decision
from intake.fields import CategoryLeaf, OrganisationField
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Complexity, Risk
from intake.queries import SuggestedLead
from workbench.meetings.actions import Wanted
from zhongzhi.web.forms import PickerWidget, StyledForm
from zhongzhi.web.shapes import Text

HANDED = "decision=dispatch|joint"
SHOWN_IF = {
    "category": "decision=accept|dispatch|joint",
    "complexity": "decision=accept|dispatch|joint",
    "risk": "decision=accept|dispatch|joint",
    "lead": HANDED,
    "co_1": "decision=joint",
    "co_2": "decision=joint",
    "co_3": "decision=joint",
    "receiver": "decision=guide",
    "target": "decision=merge",
}
CO = ("co_1", "co_2", "co_3")


class DecisionForm(StyledForm):
    """One decision; the fields that it needs are shown with it."""

    decision = forms.ChoiceField(
        label="决定", widget=forms.RadioSelect, error_messages={"required": "请选择一项决定。"}
    )
    category = CategoryLeaf(required=False).form_field()
    complexity = forms.ChoiceField(label="难易程度", choices=Complexity.choices, required=False)
    risk = forms.ChoiceField(label="风险等级", choices=Risk.choices, required=False)
    lead = OrganisationField("主办单位")
    co_1 = OrganisationField("协办单位一")
    co_2 = OrganisationField("协办单位二")
    co_3 = OrganisationField("协办单位三")
    receiver = OrganisationField("导引至")
    target = forms.CharField(label="并入案件", required=False, max_length=24)
    note = Text("决定意见", required=False, rows=2).form_field()

    def __init__(self, data: Any = None, *, item: AgendaItem, suggested: SuggestedLead | None) -> None:
        """The form knows its case: what may be decided, what stands there already, who is likely to handle it."""
        case = item.case
        open_choices = choices_for(item)
        super().__init__(
            data,
            initial={
                "decision": open_choices[0][0] if open_choices else "",
                "category": case.category_id or "",
                "complexity": case.complexity,
                "risk": case.risk,
                "lead": str(suggested.organisation.pk) if suggested else "",
            },
        )
        self.fields["decision"].choices = open_choices  # type: ignore[attr-defined]
        self.fields["target"].widget = PickerWidget(
            f"{reverse('intake:candidates', args=[case.code])}?for=merge", str, {"class": "form-control"}
        )
        for name, field in self.fields.items():
            field.shown_if = SHOWN_IF.get(name, "")  # type: ignore[attr-defined]
            if isinstance(field, OrganisationField):
                field.of(case)

    def wanted(self) -> Wanted:
        """As the action takes it."""
        values = self.cleaned_data
        names = ("decision", "note", "category", "complexity", "risk", "lead", "receiver", "target")
        chosen = {name: values[name] for name in names}
        return Wanted(**chosen, co_handlers=tuple(values[name] for name in CO if values[name]))


def choices_for(item: AgendaItem) -> list[tuple[str, str]]:
    """The decisions that are open for the case as it stands, the usual one first."""
    state = State(item.case.status)
    found = []
    if state in (State.REGISTERED, State.ACCEPTED):
        found += [Decision.DISPATCH, Decision.JOINT]
    if LIFECYCLE.allows(state, Event.ACCEPT):
        found.append(Decision.ACCEPT)
    if LIFECYCLE.allows(state, Event.MERGE):
        found.append(Decision.MERGE)
    if LIFECYCLE.allows(state, Event.GUIDE):
        found.append(Decision.GUIDE)
    found += [Decision.DEFER] if found else [Decision.FOLLOW, Decision.DEFER]
    return [(choice.value, str(choice.label)) for choice in found]


class CloseForm(StyledForm):
    """What the minutes need beside the decisions."""

    chair = forms.CharField(label="主持人", required=False, max_length=200)
    attendees = Text("出席", required=False, rows=2, help_text="单位和姓名").form_field()
    absentees = Text("请假", required=False, rows=1).form_field()
    observers = Text("列席", required=False, rows=1).form_field()
    notes = Text("议定的其他事项", required=False).form_field()
