"""Pieces of serializers that every app uses: texts that the actions clean, labels of coded columns."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from zhongzhi.web.bounds import LARGEST, ROW

Row = TypeVar("Row")
ModelT = TypeVar("ModelT", bound=Model)


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


def text(*, required: bool = False, **options: Any) -> serializers.CharField:
    """A text that the action cleans and measures."""
    return serializers.CharField(required=required, allow_blank=True, trim_whitespace=False, **options)


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


def shown_as(shape: type[serializers.Serializer[Row]], rows: Iterable[Row]) -> list[Any]:
    """Rows in the shape of the API, one after the other."""
    return [shape(row).data for row in rows]
