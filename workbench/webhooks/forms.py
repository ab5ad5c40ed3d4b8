"""Input of the pages of webhooks."""

from django import forms

from workbench.exchange.profiles import choices
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
    profile = forms.ChoiceField(
        label="对接方式",
        required=False,
        choices=lambda: [("", "CloudEvents（本系统格式）"), *choices()],
        help_text="按对方系统的报文格式和代码对照报送",
    )
    token = forms.CharField(
        label="对方令牌",
        required=False,
        max_length=500,
        help_text="对方要求时填写，调用时放在 Authorization 头，加密保存",
    )
    is_full = forms.BooleanField(
        label="带案件全文", required=False, help_text="不勾选只带编号、状态、版本；姓名一律脱敏"
    )
