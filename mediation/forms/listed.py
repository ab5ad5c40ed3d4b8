"""Input of performance by the list of a group."""

from django import forms
from django.utils import timezone

from zhongzhi.web.forms import StyledForm

PICTURES = "image/*,.heic,.heif,application/pdf,.ofd"


class TogetherForm(StyledForm):
    """What was paid, to those who are ticked or in one whole instalment."""

    due_on = forms.ChoiceField(label="哪些人", required=False)
    on = forms.DateField(label="履行日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label="履行情况", max_length=500)
    proof = forms.FileField(label="凭证", required=False, widget=forms.FileInput({"accept": PICTURES}))

    def __init__(self, *args: object, days: list[tuple[str, str]]) -> None:
        """With the instalments of which something is open."""
        initial = {"on": timezone.localdate(), "note": "已支付"}
        super().__init__(*args, initial=initial)
        self.fields["due_on"].choices = [("", "勾选的人"), *days]  # type: ignore[attr-defined]
