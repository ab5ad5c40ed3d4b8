"""Input of the pages of webhooks."""

from django import forms

from workbench.models import EventKind
from zhongzhi.web.forms import StyledForm


class WebhookForm(StyledForm):
    """Where, of what, how much."""

    url = forms.CharField(
        label="接收地址", max_length=500, help_text="HTTPS 地址；内部网络的须先由运维列入 WEBHOOK_NETWORKS"
    )
    kinds = forms.MultipleChoiceField(
        label="事件", choices=EventKind.choices, initial=EventKind.values, widget=forms.CheckboxSelectMultiple
    )
    is_full = forms.BooleanField(
        label="带案件全文", required=False, help_text="不勾选只带编号、状态、版本；姓名一律脱敏"
    )
