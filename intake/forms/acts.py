"""Input of the acts, one small form each; the fields carry the names of the action's arguments."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from grids.queries import leaders_over
from intake.available_actions import Act
from intake.forms.pickers import CaseField, OrganisationField, category_field
from intake.models import Case, Complexity, ContactWay, Outcome, Performance, Risk, Road, Satisfaction
from intake.queries import ended_roads_of, open_roads_of
from zhongzhi.core.errors import DomainError, VersionConflict
from zhongzhi.web.forms import StyledForm

UNCHANGED = ("", "（不变）")
YES_NO = [("yes", "同意"), ("no", "不同意")]


def text(label: str, *, required: bool = True, rows: int = 3, **options: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=required, max_length=5000, **options)


class ActForm(StyledForm):
    """The input of one act on one case, and the version of the case that the person looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The form knows its case: for what may be chosen, and for what stands there already."""
        super().__init__(data, initial=self.first_values(case))
        self.case = case

    def first_values(self, case: Case) -> dict[str, Any]:
        """What the fields show when the form opens."""
        return {"version": case.version}

    def arguments(self) -> dict[str, Any]:
        """The action's arguments, the version among them."""
        return dict(self.cleaned_data)

    def refuse_for(self, error: DomainError) -> None:
        """Show a refusal; after a conflict the newer version is taken up, and nothing typed is lost."""
        self.refuse(error.errors, error.message)
        if isinstance(error, VersionConflict):
            self.data = {**self.data.dict(), "version": self.case.version}  # type: ignore[attr-defined]


class AcceptForm(ActForm):
    category = category_field(required=False)
    complexity = forms.ChoiceField(label="难易程度", choices=Complexity.choices, help_text="决定办理时限")
    risk = forms.ChoiceField(label="风险等级", choices=Risk.choices, help_text="决定关注程度")
    note = text("研判意见", required=False, rows=2)

    def first_values(self, case: Case) -> dict[str, Any]:
        """As it was registered."""
        known = {"category": case.category_id or "", "complexity": case.complexity, "risk": case.risk}
        return {**super().first_values(case), **known}


class WithOrganisation(ActForm):
    """A form with one organisation to choose."""

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The list holds what the case's centre may reach."""
        super().__init__(data, case=case)
        for field in self.fields.values():
            if isinstance(field, OrganisationField):
                field.case, field.must = case, True  # type: ignore[attr-defined]
                field.widget.url = reverse("intake:organisations", args=[case.code])


class GuideForm(WithOrganisation):
    receiver = OrganisationField("导引至", help_text="必须写明接收单位，不得只告知“不归我们管”")
    note = text("导引说明")


class ReasonForm(ActForm):
    reason = text("理由")


class OptionalReasonForm(ActForm):
    reason = text("说明", required=False, rows=2)


class NoteForm(ActForm):
    note = text("意见", required=False, rows=2)


class RequiredNoteForm(ActForm):
    note = text("协办情况", rows=4)


class OutcomeForm(ActForm):
    outcome = forms.ChoiceField(label="办理结果", choices=[("", "请选择"), *Outcome.choices])
    road = forms.ChoiceField(
        label="引导走哪条法律途径", choices=[("", "请选择"), *Road.choices], required=False, help_text="未化解的必填"
    )
    note = text("办理情况", rows=5)


class RoadResultForm(ActForm):
    road = forms.ChoiceField(label="途径")
    ended_on = forms.DateField(
        label="结果日期", initial=timezone.localdate, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    number = forms.CharField(label="文号、案号", required=False, max_length=80, help_text="如 （2026）内0526民初12号")
    result = text("结果", rows=3)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The roads whose result is waited for."""
        super().__init__(data, case=case)
        self.fields["road"].choices = [(r.road, r.get_road_display()) for r in open_roads_of(case)]  # type: ignore[attr-defined]


class RoadCorrectionForm(RoadResultForm):
    """The result as it should read; it opens with what is recorded, where one road has a result."""

    row = forms.TypedChoiceField(label="更正哪条途径的结果", coerce=int)
    reason = text("更正理由", rows=2)
    field_order = ("row", "ended_on", "number", "result", "reason")

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The roads whose result is recorded."""
        super().__init__(data, case=case)
        del self.fields["road"]
        rows = ended_roads_of(case)
        self.fields["row"].choices = [(r.pk, f"{r.get_road_display()}：{r.ended_on}") for r in rows]  # type: ignore[attr-defined]

    def first_values(self, case: Case) -> dict[str, Any]:
        """What is recorded."""
        rows = ended_roads_of(case)
        only = rows[0] if len(rows) == 1 else None
        known = {name: getattr(only, name, None) for name in ("ended_on", "number", "result")}
        return super().first_values(case) | known


class RegradeForm(ActForm):
    complexity = forms.ChoiceField(label="难易程度", choices=[UNCHANGED, *Complexity.choices], required=False)
    risk = forms.ChoiceField(label="风险等级", choices=[UNCHANGED, *Risk.choices], required=False)
    reason = text("理由")


class MergeForm(ActForm):
    target = CaseField("并入哪件案件", help_text="输入编号、标题或姓名查找；先列出同一当事人或同地同类的案件")
    reason = text("理由", rows=2)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The list holds what may belong together."""
        super().__init__(data, case=case)
        self.fields["target"].widget.url = reverse("intake:candidates", args=[case.code])


class LinkForm(ActForm):
    earlier = CaseField("此前的案件", help_text="输入编号、标题或姓名查找")
    note = text("说明", required=False, rows=2)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The list holds what may belong together."""
        super().__init__(data, case=case)
        self.fields["earlier"].widget.url = reverse("intake:candidates", args=[case.code])


class UnlinkForm(ActForm):
    earlier = forms.ChoiceField(label="取消与哪件案件的关联")

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The links that are there."""
        super().__init__(data, case=case)
        links = case.repeats_of.select_related("earlier")
        self.fields["earlier"].choices = [(row.earlier.code, str(row.earlier)) for row in links]  # type: ignore[attr-defined]


class HangUpForm(ActForm):
    review_on = forms.DateField(
        label="复核日期", required=False, widget=forms.DateInput({"type": "date"}), help_text="到期将列入待复核清单"
    )
    reason = text("挂账理由", rows=3)


class LeaderForm(ActForm):
    leader = forms.TypedChoiceField(label="包案领导", required=False, empty_value=None)
    reason = text("说明", rows=2)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        """The leaders over the place."""
        super().__init__(data, case=case)
        self.leaders = {str(user.pk): user for user in leaders_over(case.territory)} if case.territory else {}
        field = self.fields["leader"]
        field.choices = [("", "请选择"), *((pk, user.name) for pk, user in self.leaders.items())]  # type: ignore[attr-defined]
        field.coerce = self.leaders.get  # type: ignore[attr-defined]


class FollowUpForm(ActForm):
    way = forms.ChoiceField(label="方式", choices=ContactWay.choices, widget=forms.RadioSelect, initial="phone")
    reached = forms.ChoiceField(
        label="是否联系上", choices=[("yes", "联系上"), ("no", "没有联系上")], widget=forms.RadioSelect, initial="yes"
    )
    satisfaction = forms.TypedChoiceField(
        label="满意度",
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        required=False,
        coerce=int,
        empty_value=None,
    )
    performance = forms.ChoiceField(
        label="履行情况", choices=Performance.choices, widget=forms.RadioSelect, required=False
    )
    escalating = forms.BooleanField(label="有激化苗头（须写明情况）", required=False)
    note = text("回访记录", required=False, rows=3)

    def first_values(self, case: Case) -> dict[str, Any]:
        """By phone, and reached."""
        return {**super().first_values(case), "way": ContactWay.PHONE, "reached": "yes"}

    def arguments(self) -> dict[str, Any]:
        """As the action knows it; what nobody said is not sent."""
        return {**super().arguments(), "reached": self.cleaned_data["reached"] == "yes"}


class DecisionForm(ActForm):
    granted = forms.ChoiceField(label="决定", choices=YES_NO, widget=forms.RadioSelect)
    note = text("意见", required=False, rows=2, help_text="不同意的须写明理由")

    def arguments(self) -> dict[str, Any]:
        """Yes or no as the action knows it."""
        return {**super().arguments(), "granted": self.cleaned_data["granted"] == "yes"}


FORMS: dict[str, type[ActForm]] = {
    "accept": AcceptForm,
    "guide": GuideForm,
    "return": ReasonForm,
    "report-outcome": OutcomeForm,
    "send-back": ReasonForm,
    "close": NoteForm,
    "reopen": ReasonForm,
    "archive": NoteForm,
    "suspend": ReasonForm,
    "resume": OptionalReasonForm,
    "withdraw": ReasonForm,
    "merge": MergeForm,
    "split": ReasonForm,
    "link-repeat": LinkForm,
    "unlink-repeat": UnlinkForm,
    "hang-up": HangUpForm,
    "name-leader": LeaderForm,
    "follow-up": FollowUpForm,
    "road-result": RoadResultForm,
    "correct-road-result": RoadCorrectionForm,
    "regrade": RegradeForm,
    "report-part": RequiredNoteForm,
    "return-part": ReasonForm,
    "escalate": ReasonForm,
    "ask-extension": ReasonForm,
    "decide-extension": DecisionForm,
    "decide-return": DecisionForm,
}


def act_form(act: Act, case: Case, data: Any = None) -> ActForm:
    """The form of an act; acts without input have only the version."""
    return FORMS.get(act.name, ActForm)(data, case=case)
