"""What the window and the manager fill in about a person's own data."""

from collections.abc import Sequence
from typing import Any

from django import forms

from grids.models import Organisation
from intake.models import DataRequestKind, ErasureGround
from zhongzhi.web.forms import StyledForm


class RequestForm(StyledForm):
    paper_number = forms.CharField(
        label="证件号码", required=False, max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    name = forms.CharField(label="姓名", required=False, max_length=200, help_text="没有证件号码的，姓名和电话都要填")
    phone = forms.CharField(
        label="电话", required=False, max_length=60, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label="请求", choices=DataRequestKind.choices)
    centre = forms.ChoiceField(label="受理中心")
    reason = forms.CharField(label="事由", max_length=500)
    identity_checked = forms.BooleanField(
        label="已核验本人身份证件", required=False, help_text="代办的，还须核验委托书和代理人身份"
    )

    def __init__(self, data: Any = None, *, centres: Sequence[Organisation]) -> None:
        """`centres` are those at whose window the person serves."""
        super().__init__(data)
        self.centres = {str(centre.pk): centre for centre in centres}
        self.fields["centre"].choices = [(key, c.name) for key, c in self.centres.items()]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """As the action takes them."""
        return self.cleaned_data | {"centre": self.centres[self.cleaned_data["centre"]]}


class OpinionForm(StyledForm):
    opinion = forms.CharField(label="答复意见", max_length=500, widget=forms.Textarea({"rows": 2}))


class RestrictForm(OpinionForm):
    until = forms.DateField(
        label="限制至（可不填）", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class EraseForm(OpinionForm):
    ground = forms.ChoiceField(label="法定依据", choices=ErasureGround.choices)
