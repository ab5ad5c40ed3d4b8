"""What a citizen fills in: the query code, a rating, a report."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from grids.models import Territory
from intake.public.actions import PublicReport
from zhongzhi.core.errors import DomainError
from zhongzhi.core.querycodes import SHORT, normalised_query_code
from zhongzhi.core.text import to_halfwidth
from zhongzhi.web.forms import StyledForm

SCORES = [(5, "非常满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "非常不满意")]
PICTURES = "image/*,.heic,.heif"


class AskForm(StyledForm):
    code = forms.CharField(
        label="查询码",
        max_length=80,
        help_text="受理告知单上的查询码；只输前 8 位也可以，再填手机号后四位。空格、短横、大小写都不要紧",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    tail = forms.CharField(
        label="手机号后四位（输全 26 位时不用填）",
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """In the one writing of codes."""
        return normalised_query_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        """The beginning alone needs the phone."""
        cleaned = super().clean() or {}
        cleaned["tail"] = re.sub(r"\D", "", to_halfwidth(cleaned.get("tail", "")))[-4:]
        if len(cleaned.get("code", "")) == SHORT and len(cleaned["tail"]) < len("1234"):
            self.add_error("tail", "只输前 8 位时，请填登记时所留手机号的后四位。")
        return cleaned

    @property
    def is_short(self) -> bool:
        """Whether only the beginning was typed."""
        return len(self.cleaned_data["code"]) == SHORT


class RatingForm(StyledForm):
    score = forms.TypedChoiceField(
        label="您对办理结果满意吗",
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。"},
    )
    comment = forms.CharField(
        label="想说的话（可不填）", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Any number of pictures; the action says how many are too many."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """A list, also of one or none."""
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(Photos, self).clean(file, initial) for file in files if file]


class PublicReportForm(StyledForm):
    """Few fields: what, where, and how to reach who reports, if they want to be reached."""

    narrative = forms.CharField(label="发生了什么", max_length=6000, widget=forms.Textarea({"rows": 5}))
    territory = forms.ChoiceField(label="在哪个镇（苏木、街道）")
    place_detail = forms.CharField(label="具体地点（可不填）", required=False, max_length=300)
    photos = Photos(
        label="照片（可不填，最多 3 张）",
        required=False,
        widget=ManyFiles({"accept": PICTURES, "multiple": True, "data-max-bytes": str(20 * 1024 * 1024)}),
    )
    name = forms.CharField(label="您的姓名（可不填）", required=False, max_length=200)
    phone = forms.CharField(
        label="联系电话（可不填）", required=False, max_length=60, widget=forms.TextInput({"inputmode": "tel"})
    )

    version = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="我已阅读并同意以上个人信息处理告知", error_messages={"required": "请阅读后勾选同意。"}
    )

    def __init__(self, data: Any = None, files: Any = None, *, places: QuerySet[Territory], version: int) -> None:
        """`places` are the towns to choose from, `version` that of the text that is shown."""
        super().__init__(data, files, initial={"version": version})
        choices = [("", "请选择"), *((place.code, place.full_name) for place in places)]
        self.fields["territory"].choices = choices  # type: ignore[attr-defined]

    def report(self) -> PublicReport:
        """As the action takes it."""
        names = ("narrative", "territory", "place_detail", "name", "phone")
        return PublicReport(**{name: self.cleaned_data[name] for name in names}, agreed=self.cleaned_data["version"])

    def show_again(self, version: int) -> None:
        """Ask anew where another text is in force than the one that was agreed to."""
        given = {name: value for name, value in self.data.items() if name != "agreed"}
        self.data = given | {"version": str(version)}

    def refuse_for(self, error: DomainError) -> None:
        """Show what the action found wrong beside the fields of this page."""
        own = {"parties.0.phone": "phone", "parties.0.name": "name", "file": "photos"}
        self.refuse({own.get(name, name): texts for name, texts in error.errors.items()}, error.message)
