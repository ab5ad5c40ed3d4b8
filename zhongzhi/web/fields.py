"""Pieces of serializers that every app uses: texts that the actions clean, labels of coded columns."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from threading import local
from typing import Any, TypeVar

from django.db.models import Model
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from zhongzhi.core.text import LONGEST_WORDS, NEVER_KEPT, why_not_kept
from zhongzhi.web.bounds import LARGEST, ROW

Row = TypeVar("Row")
ModelT = TypeVar("ModelT", bound=Model)
SEEN = re.compile(r"[^\s\ufeff]")
"""What a text that says something has; the mark of byte order is a blank in JSON Schema's patterns, in Python's not."""
KEPT = f"^[^{NEVER_KEPT}]*$"
SAYS_SOMETHING = rf"^[^{NEVER_KEPT}]*[^{NEVER_KEPT}\s\ufeff][^{NEVER_KEPT}]*$"
"""How the API's document says what characters a text has."""
WORDS = {"type": "string", "pattern": KEPT, "maxLength": LONGEST_WORDS}
"""The same of a parameter in which a person says why."""


@extend_schema_field(ROW)
class RowKey(serializers.PrimaryKeyRelatedField[ModelT]):
    """A row by its number; a number of any size that is none of ours is refused like any other."""

    default_error_messages = {
        "does_not_exist": "没有编号为 {pk_value} 的，或已停用。",
        "incorrect_type": "请填写编号（整数）。",
    }

    def to_internal_value(self, data: Any) -> ModelT:
        """The row."""
        if isinstance(data, float) or (isinstance(data, int) and abs(data) > LARGEST):
            self.fail("does_not_exist", pk_value=data)
        found: ModelT = super().to_internal_value(data)
        return found


class PlainText(serializers.CharField):
    """A text that the action cleans and measures; what the API's document says of it is refused before.

    One that is required says something.
    """

    default_error_messages = {
        "blank": "请填写。",
        "max_length": "最多 {max_length} 个字，现在是 %(show_value)d 个，请精简。",
        "not_kept": "{why}",
    }

    def __init__(self, *, required: bool, **options: Any) -> None:
        """State it for the document too."""
        super().__init__(**{"allow_blank": not required, "required": required, "trim_whitespace": False, **options})
        bounds = {"minLength": None if self.allow_blank else 1, "maxLength": self.max_length}
        stated = {"type": "string", "pattern": self.pattern, **bounds}
        set_override(self, "field", {name: value for name, value in stated.items() if value is not None})

    @property
    def pattern(self) -> str:
        """Of characters that are kept; at least one that is seen where it may not be blank."""
        return KEPT if self.allow_blank else SAYS_SOMETHING

    def run_validation(self, data: Any = empty) -> Any:
        """Blanks alone are as good as nothing."""
        is_blank = isinstance(data, str) and not self.allow_blank and not SEEN.search(data)
        return super().run_validation("" if is_blank else data)

    def to_internal_value(self, data: Any) -> str:
        """The text, of characters that can be kept."""
        value = super().to_internal_value(data)
        if why := why_not_kept(value):
            self.fail("not_kept", why=why)
        return value


def text(*, required: bool = False, **options: Any) -> PlainText:
    """A text that the action cleans and measures."""
    return PlainText(required=required, **options)


class LabelField(serializers.CharField):
    """The Chinese label of a coded column, looked up in a table that is made once: DRF would inspect the method for
    every row, and Django would make the table for every row."""

    def __init__(self, name: str) -> None:
        """`name` is the column's."""
        super().__init__(read_only=True)
        self.name, self.method = name, f"get_{name}_display"

    def get_attribute(self, instance: Any) -> str:
        """The label."""
        labels = _labels(instance.__class__, self.name)
        if labels is None:
            return str(getattr(instance, self.method)())
        value = getattr(instance, self.name)
        return labels.get(value, str(value))


@cache
def _labels(model: Any, name: str) -> dict[Any, str] | None:
    """Those of a column with choices; None for what only has a method."""
    fields = {field.name: field for field in model._meta.concrete_fields} if issubclass(model, Model) else {}
    choices = fields[name].flatchoices if name in fields else None
    return {value: str(text) for value, text in choices} if choices else None


def label(name: str) -> LabelField:
    """The Chinese label of a coded column."""
    return LabelField(name)


_made, _read = local(), local()
ReadT = TypeVar("ReadT", bound=serializers.BaseSerializer[Any])


def shown_as(
    shape: type[serializers.Serializer[Row]], rows: Iterable[Row], context: Mapping[str, Any] | None = None
) -> list[Any]:
    """Rows in the shape of the API, one after the other.

    The fields of a shape are made once for a thread: DRF makes them anew with each serializer, which takes longer than
    to fill them. So they must not depend on the context.
    """
    waiting: dict[Any, Any] = _made.__dict__
    made = waiting.pop(shape, None) or shape()  # taken away: a row may hold rows of its own kind
    made._context = dict(context or {})
    try:
        return [made.to_representation(row) for row in rows]
    finally:
        made._context = {}
        waiting[shape] = made


@contextmanager
def read_as(shape: type[ReadT], sent: Any, context: Mapping[str, Any] | None = None) -> Iterator[ReadT]:
    """What was sent, checked against a shape of the API; to be used within. Raises ValidationError, as `is_valid` does.
    The fields are made once for a thread, as in `shown_as`."""
    waiting: dict[Any, Any] = _read.__dict__
    made = waiting.pop(shape, None) or shape(data=None)
    made.initial_data, made._context = sent, dict(context or {})
    try:
        made.is_valid(raise_exception=True)
        yield made
    finally:
        for name in ("_validated_data", "_errors", "_data"):
            made.__dict__.pop(name, None)
        made.initial_data, made._context = None, {}
        waiting[shape] = made
