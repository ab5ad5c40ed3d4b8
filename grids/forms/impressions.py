"""What is typed where a seal or a hand is taken into use."""

from django import forms

from grids.models import ImpressionKind
from zhongzhi.web.forms import StyledForm


class ImpressionForm(StyledForm):
    """Whose, how wide on paper, the picture."""

    kind = forms.ChoiceField(label="类别", choices=ImpressionKind.choices)
    name = forms.CharField(label="单位全称或用户名", max_length=100, help_text="印章写单位全称，签名章写用户名")
    width_mm = forms.IntegerField(label="纸上宽度（毫米）", initial=42, help_text="旗县级机关圆形印章42，签名章约24")
    file = forms.FileField(label="图片", help_text="PNG 或 JPG，白色或透明底，四周不留边")
