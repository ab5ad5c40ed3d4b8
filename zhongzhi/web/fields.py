"""Pieces of serializers that every app uses: texts that the actions clean, labels of coded columns."""

from collections.abc import Iterable
from typing import Any, TypeVar

from rest_framework import serializers

Row = TypeVar("Row")


def text(*, required: bool = False, **options: Any) -> serializers.CharField:
    """A text that the action cleans and measures."""
    return serializers.CharField(required=required, allow_blank=True, trim_whitespace=False, **options)


class LabelField(serializers.CharField):
    """The Chinese label of a coded column, asked for directly: DRF would inspect the method for every row."""

    def __init__(self, name: str) -> None:
        """`name` is the column's."""
        super().__init__(read_only=True)
        self.method = f"get_{name}_display"

    def get_attribute(self, instance: Any) -> str:
        """The label."""
        return str(getattr(instance, self.method)())


def label(name: str) -> LabelField:
    """The Chinese label of a coded column."""
    return LabelField(name)


def shown_as(shape: type[serializers.Serializer[Row]], rows: Iterable[Row]) -> list[Any]:
    """Rows in the shape of the API, one after the other."""
    return [shape(row).data for row in rows]
