"""How far numbers and days reach that are handed in or asked for: what the database and the calendar can take."""

from datetime import date, datetime
from typing import Any, Final

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from rest_framework import serializers

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
LARGEST: Final = 2**31 - 1
"""Of a whole number; numbers of rows are smaller by far."""
BETWEEN: Final = f"日期须在 {FIRST_DAY} 至 {LAST_DAY} 之间。"
TOO_MUCH: Final = f"数字最大为 {LARGEST}。"


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def day_validators() -> list[Any]:
    """For days: within the years that a register of cases can know of."""
    return [MinValueValidator(FIRST_DAY, BETWEEN), MaxValueValidator(LAST_DAY, BETWEEN)]


def moment_validators() -> list[Any]:
    """The same for moments."""
    bounds = (_moment(FIRST_DAY), _moment(LAST_DAY))
    return [MinValueValidator(bounds[0], BETWEEN), MaxValueValidator(bounds[1], BETWEEN)]


def bounded(field: Any) -> Any:
    """A fresh field of an input with the bounds that it lacks; of a list those of its items."""
    if isinstance(field, serializers.ListField):
        bounded(field.child)
    elif isinstance(field, serializers.IntegerField) and field.max_value is None:
        field.max_value = LARGEST
        field.validators.append(MaxValueValidator(LARGEST, TOO_MUCH))
    elif isinstance(field, serializers.DateTimeField):
        field.validators.extend(moment_validators())
    elif isinstance(field, serializers.DateField):
        field.validators.extend(day_validators())
    return field


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """A day."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """With its bounds."""
        super().__init__(*args, validators=day_validators(), **options)


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """A moment, in RFC 3339."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """With its bounds."""
        super().__init__(*args, validators=moment_validators(), **options)


class WholeNumberFilter(django_filters.NumberFilter):  # type: ignore[misc]
    """The number of a row."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        """With its bounds."""
        super().__init__(*args, min_value=1, max_value=LARGEST, **options)

    def get_max_validator(self) -> None:
        """The bounds say it already."""
