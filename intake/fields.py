"""Kinds of values that stand for something else: a place, a category, a case, an organisation, a person, a party.

On the page they are found by typing or chosen from a list; programs name them by code or number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from rest_framework import serializers

from grids.models import Organisation, OutsideOrganisation
from grids.queries import organisations, territories
from grids.queries.outside import outside_organisations
from intake.models import Case
from intake.queries import category_label, dispatch_targets_of, lines_of_organisations
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import people
from zhongzhi.web.fields import RowKey, text
from zhongzhi.web.forms import PickerWidget
from zhongzhi.web.shapes import ApiField, Ask, Kind

MAX_ROWS = 40
"""Of parties on the page of an entry."""
MOST_PLACES = 3
"""That a case concerns beside the leading one: at a boundary stone four meet."""


def place_label(code: str) -> str:
    """How a place reads in its field."""
    return next((t.full_name for t in territories().filter(code=code)), "")


def organisation_label(pk: str) -> str:
    """How an organisation reads in its field."""
    found = organisations().filter(pk=pk).first() if pk.isdecimal() else None
    return lines_of_organisations([found], "")[0][1] if found else ""


@dataclass(frozen=True, eq=False)
class Code(Kind):
    """Something by its code; the action checks that it is there."""

    longest = 24

    def widget(self, subject: Any) -> PickerWidget:
        """The list that answers to what is typed."""
        raise NotImplementedError

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """A name is typed, its code is handed in."""
        return forms.CharField(widget=self.widget(subject), max_length=self.longest, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """The code."""
        return text(**options)


@dataclass(frozen=True, eq=False)
class Place(Code):
    """A place by name or code."""

    label: str = "发生地"
    longest = 15

    def widget(self, subject: Any) -> PickerWidget:
        """All places of the county."""
        return PickerWidget(reverse_lazy("intake:places"), place_label)


@dataclass(frozen=True, eq=False)
class OtherPlaces(Place):
    """Further places beside the leading one: some fields on the page, a list of codes in the API."""

    label: str = "涉及的其他地方"
    required: bool = False
    most: int = MOST_PLACES

    def places(self, name: str) -> list[str]:
        """The names of the fields of the page."""
        return [name, *(f"{name}_{at}" for at in range(2, self.most + 1))]

    def form_fields(self, name: str, subject: Any = None) -> dict[str, forms.Field]:
        """The first with the help, the others numbered."""
        first, *others = self.places(name)
        more = {
            place: replace(self, label=f"{self.label} {at}", help_text="").form_field(subject)
            for at, place in enumerate(others, start=2)
        }
        return {first: self.form_field(subject), **more}

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """Those that were filled in."""
        return {name: tuple(code for place in self.places(name) if (code := cleaned.get(place, "").strip()))}

    def values(self, name: str, codes: Sequence[str]) -> dict[str, str]:
        """What stands in the fields for these codes."""
        return dict(zip(self.places(name), codes, strict=False))

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Codes; the action checks them."""
        return serializers.ListField(child=text(), max_length=self.most, **options)

    def api_arguments(self, name: str, validated: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """As they came."""
        return {name: tuple(validated[name])} if name in validated else {}


@dataclass(frozen=True, eq=False)
class CategoryLeaf(Code):
    """A leaf of the category table by name or code."""

    label: str = "纠纷类别"
    longest = 4

    def widget(self, subject: Any) -> PickerWidget:
        """The leaves in use."""
        return PickerWidget(reverse_lazy("intake:categories"), category_label)


@dataclass(frozen=True, eq=False)
class CaseCode(Code):
    """Another case by its code, listed where it suits what is done with it (`asked_for`: merge or link); the action
    checks that it is in sight."""

    page: Ask | None = Ask.OPTIONAL
    asked_for: str = "link"

    def widget(self, subject: Case) -> PickerWidget:
        """Those that may belong to this one."""
        return PickerWidget(f"{reverse('intake:candidates', args=[subject.code])}?for={self.asked_for}", str)


class OrganisationField(forms.CharField):
    """An organisation within reach of the case's centre; its value is the organisation, None when left empty."""

    def __init__(self, label: str, **options: Any) -> None:
        """Refusals of the action say what is missing."""
        widget = PickerWidget("", organisation_label)
        super().__init__(**{"label": label, "widget": widget, "max_length": 12, **options, "required": False})
        self.case: Case | None = None

    def of(self, case: Case) -> "OrganisationField":
        """The same for a case: its list holds what the case's centre may reach."""
        self.case = case
        self.widget.url = reverse("intake:organisations", args=[case.code])
        return self

    def clean(self, value: Any) -> Organisation | None:
        """The organisation behind the number, if the centre may hand the case to it."""
        text = str(super().clean(value))
        if not text or self.case is None or self.case.centre is None:
            return None
        found = dispatch_targets_of(self.case).filter(pk=text).first() if text.isdecimal() else None
        if found is None:
            raise forms.ValidationError("请从列表中选择单位。")
        return found


class OrganisationKey(RowKey[Organisation]):
    """An organisation in force, by its number."""

    def get_queryset(self) -> QuerySet[Organisation]:
        """As of today, not as of when the program started."""
        return organisations()


@dataclass(frozen=True, eq=False)
class OrganisationInReach(Kind):
    """An organisation to which the case's centre may hand the case."""

    @property
    def on_page(self) -> Ask:
        """What is missing is told by the action."""
        return self.page or (Ask.TOLD if self.required else Ask.OPTIONAL)

    def make_form_field(self, subject: Case, **options: Any) -> forms.Field:
        """Found by typing."""
        return OrganisationField(**options).of(subject)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """By its number; the action checks the reach."""
        return OrganisationKey(**options)


def outside_label(pk: str) -> str:
    """How an outside organisation reads in its field."""
    return next((o.name for o in outside_organisations().filter(pk=pk)), "") if pk.isdecimal() else ""


class OutsideField(forms.CharField):
    """An organisation of the outside book; its value is the organisation, None when left empty."""

    def __init__(self, **options: Any) -> None:
        """Found by typing."""
        widget = PickerWidget(reverse_lazy("intake:outside_organisations"), outside_label)
        super().__init__(**{"widget": widget, "max_length": 12, **options, "required": False})

    def clean(self, value: Any) -> OutsideOrganisation | None:
        """The organisation behind the number, if it stands in the book."""
        text = str(super().clean(value))
        if not text:
            return None
        found = outside_organisations().filter(pk=text).first() if text.isdecimal() else None
        if found is None:
            raise forms.ValidationError("请从名录中选择单位；没有的先在“外单位名录”中登记。")
        return found


class OutsideKey(RowKey[OutsideOrganisation]):
    """An organisation of the outside book, by its number."""

    def get_queryset(self) -> QuerySet[OutsideOrganisation]:
        """As of today."""
        return outside_organisations()


@dataclass(frozen=True, eq=False)
class OutsideReceiver(Kind):
    """An organisation of the outside book."""

    required: bool = False
    nullable: bool = True

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Found by typing."""
        return OutsideField(**options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """By its number."""
        return OutsideKey(**options)


class PersonKey(RowKey[User]):
    """A person by number."""

    def get_queryset(self) -> QuerySet[User]:
        """People who can sign in."""
        return people()


@dataclass(frozen=True, eq=False)
class PartyPosition(Kind):
    """Which party of the list an agent or guardian stands for, by its position from 0."""

    required: bool = False
    nullable: bool = True

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """One of the rows of the page."""
        rows = [("", "请选择"), *((at, f"第 {at + 1} 位当事人") for at in range(MAX_ROWS))]
        return forms.TypedChoiceField(choices=rows, coerce=int, empty_value=None, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """A position."""
        return serializers.IntegerField(min_value=0, **options)


@dataclass(frozen=True, eq=False)
class Ethnic(Kind):
    """A code of GB/T 3304; it comes from identity cards and systems, nobody types it."""

    required: bool = False
    page: Ask | None = Ask.NEVER

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Two digits."""
        return serializers.RegexField(r"^\d{2}$", allow_blank=True, **options)
