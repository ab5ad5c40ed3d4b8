"""How far numbers and days reach that are handed in or asked for: what the database and the calendar can take."""

from datetime import date, datetime
from typing import Any, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.drainage import set_override
from rest_framework import serializers

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
LARGEST: Final = 2**31 - 1
"""Of a whole number; numbers of rows are smaller by far."""
BETWEEN: Final = f"日期须在 {FIRST_DAY} 至 {LAST_DAY} 之间。"
YEARS: Final = "^(19|20|21)[0-9]{2}-"
"""The same, of how a day or a moment is written."""
ROW: Final = {"type": "integer", "minimum": 1, "maximum": LARGEST}
DAY: Final = {"type": "string", "format": "date", "pattern": YEARS}
MOMENT: Final = {"type": "string", "format": "date-time", "pattern": YEARS}
"""How the API's document says it."""
NO_NUL: Final = r"^[^\x00]*$"
"""Of a text that is looked for, the one character that the database does not know."""
NO_OFFSET: Final = "须为带时区的时间，如 2026-11-30T08:00:00+08:00（地址中的加号须转义）。"
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
        set_override(field, "field", MOMENT)
    elif isinstance(field, serializers.DateField):
        field.validators.extend(day_validators())
        set_override(field, "field", DAY)
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


class _OffsetMoment(django_filters.fields.IsoDateTimeField):  # type: ignore[misc]
    """A moment that says where its clock hangs."""

    def to_python(self, value: Any) -> datetime | None:
        """Refused where it does not."""
        found: datetime | None = super().to_python(value)
        written = parse_datetime(str(value).strip()) if found else None
        if found and (written is None or written.tzinfo is None):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class OffsetMomentFilter(MomentFilter):
    """A moment that is refused without its offset."""

    field_class = _OffsetMoment

    def __init__(self, *args: Any, **options: Any) -> None:
        """With words of its own for what is none."""
        super().__init__(*args, error_messages={"invalid": NO_OFFSET}, **options)


class WholeNumberFilter(django_filters.NumberFilter):  # type: ignore[misc]
    """The number of a row."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        """With its bounds."""
        super().__init__(*args, min_value=1, max_value=LARGEST, **options)

    def get_max_validator(self) -> None:
        """The bounds say it already."""


class BoundsOfFilters(DjangoFilterExtension):
    """The bounds of filters, in the API's document: who keeps to it is not refused."""

    priority = 1

    def resolve_filter_field(self, *args: Any) -> list[Any]:
        """As the library says it, with the bounds of numbers and days."""
        parameters: list[Any] = super().resolve_filter_field(*args)  # type: ignore[no-untyped-call]
        for parameter in parameters:
            schema = parameter["schema"]
            schema |= _bounds_in_schema(args[-1])
            if schema.get("type") == "array":
                schema["minItems"] = 1
            for codes in (schema.get("enum", []), schema.get("items", {}).get("enum", [])):
                codes[:] = [code for code in codes if code]  # the empty choice of the page is no code
            for named in (schema, schema.get("items", {})):
                named.pop("title", None)  # generators would name a class of the client after it
        return parameters


def _bounds_in_schema(row_filter: Any) -> dict[str, Any]:
    if isinstance(row_filter, WholeNumberFilter):
        return ROW
    if isinstance(row_filter, DayFilter):
        return DAY
    if isinstance(row_filter, django_filters.CharFilter):
        longest = row_filter.extra.get("max_length")
        return {"pattern": NO_NUL} | ({"maxLength": longest} if longest else {})
    return MOMENT if isinstance(row_filter, MomentFilter) else {}
