"""Input of the pages of the system administrator."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse_lazy
from django.utils import timezone

from grids.actions.api_clients import ClientTerms
from grids.actions.organisations import OrganisationFacts
from grids.models import Organisation, OrganisationKind, Presence
from grids.queries import name_of_place
from intake.actions.categories import CategoryFacts
from intake.deadlines.actions import LimitCase, LimitTerms
from intake.deadlines.models import ClockKind
from intake.deadlines.models.clock import UNIT_CHOICES
from intake.models.case import Channel, Complexity, Risk, Tier
from zhongzhi.accounts.models import ClientSight, Scope
from zhongzhi.core.errors import DomainError
from zhongzhi.web.forms import PickerWidget, StyledForm
from zhongzhi.web.sheets import plain_lines

DAY = {"type": "date"}
ANY = [("", "不限")]
LARGEST_TABLE = 1_000_000  # bytes


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(label=label, widget=forms.DateInput(DAY, format="%Y-%m-%d"), **options)


def tomorrow() -> Any:
    """The earliest day on which something new may begin."""
    return timezone.localdate() + timedelta(days=1)


class ReasonForm(StyledForm):
    """Why."""

    reason = forms.CharField(label="原因", max_length=200)


class OrganisationForm(StyledForm):
    """What an organisation is called, what it is, how it is reached; of a new one also where it is."""

    name = forms.CharField(label="名称", max_length=80, help_text="印章上的全称")
    short_name = forms.CharField(label="简称", max_length=30, required=False, help_text="列表中的称呼，不填取全称")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *OrganisationKind.choices])
    presence = forms.ChoiceField(label="入驻方式", choices=Presence.choices, initial=Presence.NONE)
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False, help_text="告知书写明的办公地点")
    answers_complaints = forms.BooleanField(
        label="办理反映件的指定单位",
        required=False,
        help_text="反映干部或单位的案件可决定由它办理，如纪委监委的联系部门",
    )

    def facts(self) -> OrganisationFacts:
        """As typed."""
        given = self.cleaned_data
        kind, presence = OrganisationKind(given["kind"]), Presence(given["presence"])
        names, reached = (given["name"], given["short_name"]), (given["phone"], given["answers_complaints"])
        return OrganisationFacts(*names, kind, presence, *reached, given["address"])


class NewOrganisationForm(OrganisationForm):
    """An organisation with its place."""

    territory = forms.CharField(
        label="所在区划",
        max_length=15,
        widget=PickerWidget(reverse_lazy("system:find_place"), name_of_place, {"placeholder": "输入地名或区划代码"}),
    )
    field_order = ("territory",)


class EndOrganisationForm(StyledForm):
    """Why it ends, and who takes over."""

    reason = forms.CharField(label="撤销的依据或原因", max_length=200)
    successor = forms.ChoiceField(label="由谁接替", required=False, help_text="它名下的案件和公文由接替的机构继续办理")

    def __init__(self, data: Any = None, *, others: Iterable[Organisation]) -> None:
        """The organisations that may take over."""
        super().__init__(data)
        rows = [(str(row.pk), row.name) for row in others]
        self.fields["successor"].choices = [("", "没有接替的机构"), *rows]  # type: ignore[attr-defined]


class AnnouncementForm(StyledForm):
    """The yearly announcement, typed, pasted or as a file."""

    year = forms.IntegerField(label="年份", min_value=2020, max_value=2100)
    source = forms.CharField(label="文号", max_length=60, help_text="如 国办发明电〔2026〕7号")
    lines = forms.CharField(
        label="放假和调休上班的日子",
        required=False,
        widget=forms.Textarea({"rows": 9, "placeholder": "2027-01-01 2027-01-03 休 元旦\n2027-02-14 班"}),
        help_text="每行一段：起（止）日期、休或班、名称；没有写到的日子按周一至周五上班",
    )
    file = forms.FileField(
        label="或选择表格", required=False, widget=forms.FileInput({"accept": ".xlsx,.xls,.et,.csv,.txt"})
    )

    _read = ""

    def clean_file(self) -> "UploadedFile[Any] | None":
        """Read at once, so that a file that is none is said at its field."""
        upload: UploadedFile[Any] | None = self.cleaned_data["file"]
        if upload is not None and (upload.size or 0) > LARGEST_TABLE:
            raise forms.ValidationError("一年的放假安排不会超过 1 MB，请检查是否选错了文件。")
        try:
            self._read = "\n".join(plain_lines(cast("BinaryIO", upload.file), upload.name or "")) if upload else ""
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return upload

    def text(self) -> str:
        """What was pasted, or what the file holds."""
        return self._read or str(self.cleaned_data["lines"])


class OfficeHoursForm(StyledForm):
    """Other hours from a day on."""

    starts_on = day_field("启用日期", initial=tomorrow)
    periods = forms.CharField(label="办公时段", max_length=60, help_text="如 08:30-12:00 14:30-17:30，用空格隔开")


class TimeLimitForm(StyledForm):
    """How long, from what day on."""

    starts_on = day_field("启用日期", initial=tomorrow, help_text="最早明天；已经在走的时限不变")
    amount = forms.IntegerField(label="时长", min_value=1)
    unit = forms.ChoiceField(label="单位", choices=UNIT_CHOICES)
    warn_amount = forms.IntegerField(label="提前提醒", min_value=0, initial=0, help_text="办公小时；0 为不提醒")
    extension_amount = forms.IntegerField(label="每次可延长", min_value=0, initial=0, help_text="0 为不可延长")
    max_extensions = forms.IntegerField(label="最多延长次数", min_value=0, max_value=20, initial=0)
    source = forms.CharField(label="依据", max_length=120)

    def terms(self) -> LimitTerms:
        """As typed."""
        return LimitTerms(**{name: value for name, value in self.cleaned_data.items() if name in LIMIT_FIELDS})


LIMIT_FIELDS = ("amount", "unit", "warn_amount", "extension_amount", "max_extensions", "source")


class NewTimeLimitForm(TimeLimitForm):
    """A limit for something particular."""

    kind = forms.ChoiceField(label="时限", choices=ClockKind.choices)
    complexity = forms.ChoiceField(label="难易程度", choices=[*ANY, *Complexity.choices], required=False)
    tier = forms.ChoiceField(label="层级", choices=[*ANY, *Tier.choices], required=False)
    channel = forms.ChoiceField(label="渠道", choices=[*ANY, *Channel.choices], required=False)
    field_order = ("kind", "complexity", "tier", "channel")

    def case(self) -> LimitCase:
        """What it is for."""
        given = self.cleaned_data
        return LimitCase(ClockKind(given["kind"]), given["complexity"], given["tier"], given["channel"])


class ConsentTextForm(StyledForm):
    """What people are told, from what day on."""

    text = forms.CharField(label="告知内容", max_length=2000, widget=forms.Textarea({"rows": 8}))
    starts_on = day_field("启用日期", initial=tomorrow, help_text="最早明天")


class CitizenTextForm(StyledForm):
    """What applicants are told by text message, from what day on."""

    words = forms.CharField(label="短信内容", required=False, max_length=500, widget=forms.Textarea({"rows": 4}))
    starts_on = day_field("启用日期", initial=tomorrow, help_text="最早明天")


class CategoryForm(StyledForm):
    """What a county decides about a category."""

    name = forms.CharField(label="名称", max_length=60)
    default_lead = forms.CharField(label="建议主办单位", max_length=30, required=False)
    people_mediable = forms.BooleanField(label="可由人民调解", required=False, initial=True)

    def facts(self) -> CategoryFacts:
        """As typed."""
        given = self.cleaned_data
        return CategoryFacts(given["name"], given["people_mediable"], given["default_lead"])


class NewCategoryForm(CategoryForm):
    """A category of the county's own."""

    group = forms.ChoiceField(label="大类")
    field_order = ("group",)

    def __init__(self, data: Any = None, *, groups: dict[str, str]) -> None:
        """The groups by code."""
        super().__init__(data)
        self.fields["group"].choices = list(groups.items())  # type: ignore[attr-defined]


class ClientForm(StyledForm):
    """What an outside system is entitled to. What else a county sets for one stands here, and in `ClientTerms`."""

    scopes = forms.MultipleChoiceField(
        label="接口权限", choices=Scope.choices, widget=forms.CheckboxSelectMultiple, help_text="只勾选它用得着的"
    )
    sight = forms.ChoiceField(
        label="查看范围", choices=ClientSight.choices, initial=ClientSight.ORGANISATION,
        help_text="姓名一律脱敏；个人信息须另有“读取个人信息”权限，逐件写明理由",
    )  # fmt: skip
    channel = forms.ChoiceField(
        label="来源渠道", choices=[("", "由对方填写"), *Channel.choices], required=False,
        help_text="它登记的案件一律按此来源",
    )  # fmt: skip
    highest_risk = forms.ChoiceField(
        label="最高风险等级", choices=[("", "不限"), *((code, f"{label}色") for code, label in Risk.choices)],
        required=False, help_text="它登记的案件不得高于此等级",
    )  # fmt: skip
    sender = forms.CharField(
        label="来源系统名", max_length=30, required=False,
        help_text="它的编号记在这个名下，如 12345；不填取系统名称。别的系统不能使用",
    )  # fmt: skip
    ends_on = day_field("有效期至", required=False, help_text="不填为长期")

    def terms(self) -> ClientTerms:
        """As ticked."""
        said = self.cleaned_data
        limits = {name: said[name] for name in ("sight", "channel", "highest_risk", "sender")}
        return ClientTerms(tuple(said["scopes"]), said["ends_on"], **limits)


class NewClientForm(ClientForm):
    """An outside system with its name and its place."""

    name = forms.CharField(label="名称", max_length=50, help_text="如 12345 热线平台")
    organisation = forms.ChoiceField(label="任职单位", help_text="它以这个单位的名义登记和查看")
    field_order = ("name", "organisation")

    def __init__(self, data: Any = None, *, organisations: Iterable[Organisation]) -> None:
        """The organisations it may serve."""
        super().__init__(data)
        rows = [(str(row.pk), row.name) for row in organisations]
        self.fields["organisation"].choices = [("", "请选择"), *rows]  # type: ignore[attr-defined]


class TokenForm(StyledForm):
    """How long a token works, and what it opens of what its system holds."""

    days = forms.IntegerField(label="有效天数", min_value=1, max_value=1095, initial=365)
    scopes = forms.MultipleChoiceField(
        label="只开放其中几项",
        choices=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾选为全部权限",
    )

    def __init__(self, data: Any = None, *, held: Sequence[str]) -> None:
        """The scopes that the system holds."""
        super().__init__(data)
        self.fields["scopes"].choices = [(scope, Scope(scope).label) for scope in held]  # type: ignore[attr-defined]

    def opened(self) -> list[str] | None:
        """Those ticked; None for all."""
        return self.cleaned_data["scopes"] or None
