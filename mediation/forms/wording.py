"""Words of a form as they are changed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from zhongzhi.web.forms import StyledForm


class WordingForm(StyledForm):
    """The text, and the day from which it holds."""

    text = forms.CharField(label="内容", max_length=5000, widget=forms.Textarea({"rows": 14}))
    starts_on = forms.DateField(
        label="启用日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), help_text="最早明天"
    )
    source = forms.CharField(label="依据", max_length=150, required=False, help_text="如：旗司法局〔2026〕3号")

    def __init__(self, data: Any = None, *, text: str) -> None:
        """The words as they are, from tomorrow on."""
        super().__init__(data, initial={"text": text, "starts_on": timezone.localdate() + timedelta(days=1)})
