"""What the dialogs of the auditor ask."""

from django import forms

from zhongzhi.web.forms import StyledForm


class ExportForm(StyledForm):
    """Why a part of the trail is taken out."""

    reason = forms.CharField(label="导出理由", max_length=200)


class ExplainForm(StyledForm):
    """What an alert came to."""

    explanation = forms.CharField(
        label="核实情况", max_length=300, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
