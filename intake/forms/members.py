"""Input of the list of a group."""

from django import forms

from intake.models import MemberConsent, PartySide
from zhongzhi.web.forms import StyledForm

DAY = {"type": "date"}
SIDES = [(side.value, side.label) for side in (PartySide.APPLICANT, PartySide.RESPONDENT)]


class TableForm(StyledForm):
    """A table, or a text pasted from one."""

    file = forms.FileField(
        label="表格",
        required=False,
        help_text="XLSX、XLS、ET 或 CSV，最多 2,000 人",
        widget=forms.FileInput({"accept": ".xlsx,.xls,.et,.csv"}),
    )
    text = forms.CharField(
        label="或者粘贴",
        required=False,
        max_length=400_000,
        widget=forms.Textarea({"rows": 4}),
        help_text="一行一人：姓名、身份证号、电话、金额；可从表格直接复制",
    )
    side = forms.ChoiceField(label="哪一方", choices=SIDES)


class JoinForm(StyledForm):
    """One person who comes later."""

    name = forms.CharField(label="姓名", max_length=80)
    paper_number = forms.CharField(label="身份证号", required=False, max_length=40)
    phone = forms.CharField(label="电话", required=False, max_length=40)
    amount = forms.DecimalField(label="金额（元）", required=False)


class ChosenForm(StyledForm):
    """What is done with those who are ticked."""

    do = forms.ChoiceField(
        label="办理",
        choices=[("represent", "推选为代表人"), ("consent", "登记本人同意"), ("remove", "移出名册")],
    )
    on = forms.DateField(label="日期", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    mandate = forms.CharField(label="推选书、授权书", required=False, max_length=40)
    consent = forms.ChoiceField(label="同意方式", choices=MemberConsent.choices, required=False)
    everybody = forms.BooleanField(label="所有还没有登记同意的人", required=False)


class MessageForm(StyledForm):
    """A text message to the group."""

    to_all = forms.ChoiceField(
        label="发给", choices=[("", "代表人"), ("yes", "名册上的所有人")], required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(label="短信内容", max_length=300, widget=forms.Textarea({"rows": 3}))
