"""Filters of lists of cases, the same for page and API. Unknown codes are refused at their field."""

from collections.abc import Hashable
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import BoundField
from django.urls import reverse_lazy
from django.utils import timezone

from grids.queries import is_territory, subtree
from grids.queries.places import named_if_few
from intake.fields import organisation_label, place_label
from intake.lifecycle import OPEN_STATES, State
from intake.models import Case, Channel, Complexity, ExternalReference, Risk, Road, Tier
from intake.queries import (
    category_label,
    changed_since,
    is_category,
    only_on_open_list,
    only_on_open_road,
    only_overdue,
    only_repeats,
)
from intake.search.queries import cases_named, concerning, numbered
from zhongzhi.web.bounds import DayFilter, OffsetMomentFilter, WholeNumberFilter
from zhongzhi.web.forms import HiddenCode, PickerWidget, StyledForm

STATES = [(s.value, s.label) for s in State if s != State.DRAFT]
YES_NO = [("true", "是"), ("false", "否")]
Cases = QuerySet[Case]
FIRST = ("q", "status", "territory", "category")


class OneOrMore(forms.Select):
    """A plain select on the page; addresses may name several values."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All values that were given; an empty one means any."""
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in values if value]


def choices(values: Any, label: str, **options: Any) -> django_filters.MultipleChoiceFilter:
    """Any of some codes."""
    known = list(getattr(values, "choices", values))
    shown = [("", "全部"), *known]
    return django_filters.MultipleChoiceFilter(choices=shown, label=label, widget=OneOrMore, distinct=False, **options)


def known_category(code: str) -> None:
    """Refuse what the table does not hold."""
    if not is_category(code):
        raise ValidationError("没有代码为 %(code)s 的纠纷类别。", code="does_not_exist", params={"code": code})


def known_place(code: str) -> None:
    """Refuse what is no place."""
    if not is_territory(code):
        raise ValidationError("没有区划代码为 %(code)s 的地方。", code="does_not_exist", params={"code": code})


class CaseFilter(django_filters.FilterSet):
    """Filters over `cases_for_list`."""

    q = django_filters.CharFilter(
        label="查找",
        method="named",
        max_length=60,
        help_text="编号、内部编号、词语、姓名、电话、证件号、拼音首字母",
    )
    status = choices(STATES, "状态")
    open = django_filters.ChoiceFilter(label="在办", choices=YES_NO, empty_label="不限", method="being_open")
    hung_up = django_filters.ChoiceFilter(label="挂账", choices=YES_NO, empty_label="不限", method="on_open_list")
    repeat = django_filters.ChoiceFilter(label="重复诉求", choices=YES_NO, empty_label="不限", method="being_repeat")
    road_open = django_filters.ChoiceFilter(
        label="途径待结果", choices=YES_NO, empty_label="不限", method="on_open_road"
    )
    overdue = django_filters.ChoiceFilter(label="超期", choices=YES_NO, empty_label="不限", method="being_overdue")
    road = choices(Road, "引导途径")
    tier = choices(Tier, "层级")
    risk = choices(Risk, "风险等级")
    complexity = choices(Complexity, "难易程度")
    channel = choices(Channel, "来源渠道")
    internal_number = django_filters.CharFilter(label="内部编号", max_length=40)
    external_system = django_filters.CharFilter(label="来源系统", method="of_system", max_length=30)
    external_number = django_filters.CharFilter(label="来源编号", method="of_number", max_length=60)
    category = django_filters.CharFilter(
        label="类别",
        method="of_category",
        max_length=4,
        validators=[known_category],
        widget=PickerWidget(reverse_lazy("intake:categories"), category_label),
    )
    territory = django_filters.CharFilter(
        label="发生地、涉及地（含下级）",
        method="within",
        max_length=15,
        validators=[known_place],
        widget=PickerWidget(reverse_lazy("intake:places"), place_label),
    )
    registered_from = DayFilter(label="登记日期自", method="from_day", widget=forms.DateInput({"type": "date"}))
    registered_to = DayFilter(label="登记日期至", method="to_day", widget=forms.DateInput({"type": "date"}))
    updated_since = OffsetMomentFilter(
        label="此时以来有变化", method="changed_since", widget=forms.HiddenInput, help_text="含此时；须带时区"
    )
    holder = WholeNumberFilter(label="办理单位", field_name="holder_id", widget=HiddenCode(organisation_label))
    centre = WholeNumberFilter(label="负责中心", field_name="centre_id", widget=HiddenCode(organisation_label))

    class Meta:
        model = Case
        form = StyledForm
        fields: list[str] = []

    LASTING = frozenset({
        "status", "open", "hung_up", "repeat", "road_open", "overdue", "road", "tier", "risk", "complexity", "channel",
        "category", "holder", "centre",
    })  # fmt: skip
    """Filters that say the same at any time: they read nothing, and hold no moment."""

    @property
    def name(self) -> Hashable:
        """What is asked for; of filters that are valid."""
        asked = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        return tuple(sorted((name, repr(value)) for name, value in asked.items()))

    @property
    def first_fields(self) -> list[BoundField]:
        """Those that the page shows at once."""
        return [self.form[name] for name in FIRST]

    @property
    def other_fields(self) -> list[BoundField]:
        """Those behind 更多."""
        return [field for field in self.form.visible_fields() if field.name not in FIRST]

    @property
    def given(self) -> list[str]:
        """The names of those in use."""
        return [name for name in self.filters if self.data.get(name)]

    def named(self, rows: Cases, name: str, value: str) -> Cases:
        """By code, words, names, whole numbers or initials."""
        return cases_named(rows, value, getattr(self.request, "user", None))

    def being_open(self, rows: Cases, name: str, value: str) -> Cases:
        """Not yet at rest."""
        return rows.filter(status__in=OPEN_STATES) if value == "true" else rows.exclude(status__in=OPEN_STATES)

    def on_open_list(self, rows: Cases, name: str, value: str) -> Cases:
        """On the open list of what cannot be solved now."""
        return only_on_open_list(rows, yes=value == "true")

    def being_repeat(self, rows: Cases, name: str, value: str) -> Cases:
        """Linked as the repeat of an earlier case."""
        return only_repeats(rows, yes=value == "true")

    def on_open_road(self, rows: Cases, name: str, value: str) -> Cases:
        """Led to court, arbitration, reconsideration …, and the result not known yet."""
        return only_on_open_road(rows, yes=value == "true")

    def being_overdue(self, rows: Cases, name: str, value: str) -> Cases:
        """With a running limit that has passed."""
        return only_overdue(rows, yes=value == "true")

    def of_system(self, rows: Cases, name: str, value: str) -> Cases:
        """Those that came from a system, whatever else they are called."""
        return rows.filter(Exists(ExternalReference.objects.filter(case=OuterRef("pk"), system=value)))

    def of_number(self, rows: Cases, name: str, value: str) -> Cases:
        """Those with this number in the system they came from."""
        return rows.filter(pk__in=numbered(value))

    def of_category(self, rows: Cases, name: str, value: str) -> Cases:
        """A leaf, or all leaves of a group."""
        return rows.filter(category__code__startswith=value)

    def within(self, rows: Cases, name: str, value: str) -> Cases:
        """A place and all below it."""
        places = named_if_few(subtree(value))
        return rows.filter(Q(territory__in=places) | concerning(places))

    def from_day(self, rows: Cases, name: str, value: Any) -> Cases:
        """From the first moment of that day on."""
        return rows.filter(registered_at__gte=_midnight(value))

    def changed_since(self, rows: Cases, name: str, value: datetime) -> Cases:
        """Those that the feed of changes names at this moment or later."""
        return rows.filter(pk__in=changed_since(value))

    def to_day(self, rows: Cases, name: str, value: Any) -> Cases:
        """To the last moment of that day."""
        return rows if value == date.max else rows.filter(registered_at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
