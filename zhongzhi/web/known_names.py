"""Nothing is passed over: names that are not known are refused, each with the known one that is nearest."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from zhongzhi.web.bounds import bounded

OF_FORMS = frozenset({"csrfmiddlewaretoken"})
"""What a browser's form carries beside its fields."""
LISTED = 20
TYPES = (
    (serializers.CharField, str, "须为文字，请加引号。"),
    (serializers.IntegerField, int, "须为整数，不加引号。"),
    (serializers.BooleanField, bool, "须为 true 或 false，不加引号。"),
)
"""Of a field, the type of its value in JSON."""
Row = TypeVar("Row")


def unknown_names(given: Iterable[str], known: Collection[str], what: str) -> dict[str, list[str]]:
    """A sentence for each name that is not known."""
    return {name: [_sentence(name, known, what)] for name in given if name not in known}


def _sentence(name: str, known: Collection[str], what: str) -> str:
    nearest = get_close_matches(name, known, 1, 0.6)
    if nearest:
        return f"没有这个{what}，是否为 {nearest[0]}？"
    names = "、".join(sorted(known)[:LISTED])
    return f"没有这个{what}；可用的有：{names}。" if names else f"没有这个{what}，这里不需要{what}。"


class StrictSerializer(serializers.Serializer[Row]):
    # No docstring: it would be the description of every input in the API's document.
    def get_fields(self) -> dict[str, Any]:
        """Numbers and days have their bounds."""
        return {name: bounded(field) for name, field in super().get_fields().items()}

    def _mistyped(self, data: Any) -> dict[str, list[str]]:
        """Values of JSON that are of another type than the document says: 0901 without quotes is another number."""
        if hasattr(data, "getlist"):  # a form, in which all is text
            return {}
        said = ((name, _mistyped(self.fields[name], value)) for name, value in data.items() if name in self.fields)
        return {name: [words] for name, words in said if words}

    def to_internal_value(self, data: Any) -> Any:
        """Refuse fields that are not known beside whatever else is wrong."""
        known = {name for name, field in self.fields.items() if not field.read_only}
        is_named = isinstance(data, Mapping)
        unknown = unknown_names(set(data) - OF_FORMS, known, "字段") | self._mistyped(data) if is_named else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **unknown} if unknown else error.detail) from error  # type: ignore[dict-item]
        if unknown:
            raise ValidationError(unknown)
        return values


def _mistyped(field: Any, value: Any) -> str:
    """What type a value of JSON should have, where it has another."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return next((words for one in value if (words := _mistyped(field.child, one))), "")
    if value is None:
        return ""
    is_whole = isinstance(value, float) and value.is_integer()  # 1.0 is a whole number, as JSON Schema has it
    given = int if is_whole else type(value)
    return next((words for shape, type_, words in TYPES if isinstance(field, shape) and given is not type_), "")
