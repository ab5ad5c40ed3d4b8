"""Input of the phone pages."""

from django import forms

from zhongzhi.web.forms import StyledForm


def lines(label: str, *, required: bool = True) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 3}), required=required, max_length=2000)


class SolveForm(StyledForm):
    result = lines("怎样化解的")


class WatchForm(StyledForm):
    note = lines("关注什么", required=False)
    until = forms.DateField(label="关注至", required=False, widget=forms.DateInput({"type": "date"}))


class ReopenForm(StyledForm):
    reason = lines("为什么重新处置")
