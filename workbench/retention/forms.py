"""Input of the pages of retention."""

from django import forms

from workbench.administration.forms import day_field, tomorrow
from zhongzhi.web.forms import StyledForm


class PeriodForm(StyledForm):
    """How long, from what day on."""

    starts_on = day_field("启用日期", initial=tomorrow, help_text="最早明天")
    days = forms.IntegerField(label="保存天数", required=False, min_value=1, help_text="一年按 365 天；不填为永久")
    source = forms.CharField(label="依据", max_length=150)
