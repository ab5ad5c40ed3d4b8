"""Kinds for days, moments, sums of money and counts."""

from dataclasses import KW_ONLY, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.utils import timezone
from rest_framework import serializers

from zhongzhi.core.errors import BadInput
from zhongzhi.core.text import to_halfwidth
from zhongzhi.web.shapes.kinds import ApiField, Kind
from zhongzhi.web.written_days import read_day

DIGITS: Final = 14
"""Of a sum of money, the two after the point among them."""


def today(subject: Any) -> date:
    """For fields in which today stands at first."""
    return timezone.localdate()


@dataclass(frozen=True, eq=False)
class Day(Kind):
    """A day."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Always in the form that browsers want."""
        return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """As 2026-11-23."""
        return serializers.DateField(**options)

    def output_fields(self, name: str) -> dict[str, ApiField]:
        """Null where it is not known."""
        return {name: serializers.DateField(allow_null=True, help_text=self.label)}

    def read_cell(self, text: str) -> Any:
        """In the ways that offices write days; a time after it is passed over."""
        return read_day(text)


@dataclass(frozen=True, eq=False)
class Moment(Kind):
    """A moment, to the minute."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Day and time in one field."""
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=widget, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """With its time zone."""
        return serializers.DateTimeField(**options)


@dataclass(frozen=True, eq=False)
class Amount(Kind):
    """A sum of money in yuan."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """To the fen."""
        return forms.DecimalField(max_digits=DIGITS, decimal_places=2, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """To the fen."""
        return serializers.DecimalField(DIGITS, 2, **options)

    def output_fields(self, name: str) -> dict[str, ApiField]:
        """Null where it is not known."""
        return {name: serializers.DecimalField(DIGITS, 2, allow_null=True, help_text=self.label)}

    def read_cell(self, text: str) -> Any:
        """With or without commas and 元."""
        try:
            amount = Decimal("".join(to_halfwidth(text).replace(",", "").split()).lstrip("¥￥").removesuffix("元"))
        except InvalidOperation:
            raise BadInput("不是一个金额，请只填数字（元）。") from None
        if not amount.is_finite() or amount.adjusted() >= DIGITS - 2:
            raise BadInput("不是一个金额，请只填数字（元）。")
        return amount.quantize(Decimal("0.01"))


@dataclass(frozen=True, eq=False)
class Count(Kind):
    """A whole number within bounds. `noun` and `unit` are how a table speaks of it: 人数, 人."""

    _: KW_ONLY
    least: int = 1
    most: int | None = None
    noun: str = "整数"
    unit: str = ""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Within the bounds."""
        return forms.IntegerField(min_value=self.least, max_value=self.most, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Within the bounds."""
        if self.most is not None:
            options["max_value"] = self.most
        return serializers.IntegerField(min_value=self.least, **options)

    def output_fields(self, name: str) -> dict[str, ApiField]:
        """Null where it is not known."""
        return {name: serializers.IntegerField(allow_null=True, help_text=self.label)}

    def read_cell(self, text: str) -> Any:
        """With or without the unit."""
        number = "".join(to_halfwidth(text).split()).removesuffix(self.unit)
        most = self.most or 10**9
        if not (number.isascii() and number.isdigit() and self.least <= int(number[:9]) <= most):
            raise BadInput(f"不是一个{self.noun}，请填 {self.least} 至 {most} 的整数。")
        return int(number)
