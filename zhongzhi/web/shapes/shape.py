"""A shape: named kinds of values, and the serializer and the arguments made of them."""

from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import field, fields
from functools import cached_property
from typing import Any

from django import forms

from zhongzhi.core.errors import BadInput
from zhongzhi.web.bounds import bounded
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.shapes.kinds import ApiField, Ask, Kind

KIND = "kind"


class Shape(Mapping[str, Kind]):
    """What is handed in, name by name. Names are those of the action's arguments and of the API.

    `called` is the name of the API's component, `about` its description; only what the API knows needs them.
    """

    def __init__(self, called: str = "", about: str = "", /, **kinds: Kind) -> None:
        self.called, self.about = called, about
        self._kinds = kinds
        self._columns: dict[str, list[tuple[str, Kind, str]]] = {}

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __hash__(self) -> int:
        return id(self)

    def items(self) -> ItemsView[str, Kind]:
        """Names and kinds; quicker than what a mapping makes of itself, for rows of tables ask for them."""
        return self._kinds.items()

    def of_kind(self, *kinds: type[Kind]) -> list[str]:
        """The names of values of these kinds."""
        return [name for name, kind in self.items() if isinstance(kind, kinds)]

    def form_fields(self, subject: Any = None) -> dict[str, dict[str, forms.Field]]:
        """The fields of the page, by the value they stand for."""
        return {name: kind.form_fields(name, subject) for name, kind in self.items()}

    def first_values(self, subject: Any) -> dict[str, Any]:
        """What stands in the fields of the page at first."""
        found: dict[str, Any] = {}
        for name, kind in self.items():
            found |= kind.first_values(name, subject)
        return found

    def page_arguments(self, cleaned: Mapping[str, Any], subject: Any = None) -> dict[str, Any]:
        """The action's arguments from a page."""
        found: dict[str, Any] = {}
        for name, kind in self.items():
            if kind.on_page is not Ask.NEVER:
                found |= kind.page_arguments(name, cleaned, subject)
        return found

    def api_arguments(self, validated: Mapping[str, Any], subject: Any = None) -> dict[str, Any]:
        """The action's arguments from a call."""
        found: dict[str, Any] = {}
        for name, kind in self.items():
            if kind.in_api is not Ask.NEVER:
                found |= kind.api_arguments(name, validated, subject)
        return found

    @cached_property
    def serializer(self) -> type["ShapeSerializer"]:
        """The input of the API."""
        return type(self.called, (ShapeSerializer,), {"shape": self, "__doc__": self.about or None})

    def serializer_fields(self) -> dict[str, ApiField]:
        """Fresh fields of the API's input."""
        found: dict[str, ApiField] = {}
        for name, kind in self.items():
            found |= kind.serializer_fields(name)
        return found

    def output_fields(self, *, listed: bool = False) -> dict[str, ApiField]:
        """Fresh fields that show columns of these names; only those of lists where `listed`."""
        found: dict[str, ApiField] = {}
        for name, kind in self.items():
            if kind.listed or not listed:
                found |= kind.output_fields(name)
        return found

    def read_cells(self, table: str, cells: Mapping[str, str], faults: dict[str, str]) -> dict[str, Any]:
        """The values that a row of a table brings; what cannot be read is told in `faults` by its column."""
        found = {}
        for name, kind, column in self._columns_of(table):
            if not (text := cells.get(column, "")):
                continue
            try:
                found[name] = kind.read_cell(text)
            except BadInput as error:
                faults[column] = error.message
        return found

    def _columns_of(self, table: str) -> list[tuple[str, Kind, str]]:
        """The values that a kind of table brings, with the name of their column; found out once."""
        if table not in self._columns:
            pairs = [(name, kind, kind.column(table)) for name, kind in self.items()]
            self._columns[table] = [(name, kind, column.name) for name, kind, column in pairs if column]
        return self._columns[table]


class ShapeSerializer(StrictSerializer[None]):
    # No docstring: it would be the description of every input in the API's document.
    shape: Shape

    def get_fields(self) -> dict[str, Any]:
        """Those of the shape, then those that the class itself declares."""
        made = {name: bounded(field) for name, field in self.shape.serializer_fields().items()}
        return {**made, **super().get_fields()}


def declared(kind: Kind, default: Any = "") -> Any:
    """A field of a dataclass that is an entry: its kind, and what it is when nothing was handed in."""
    return field(default=default, metadata={KIND: kind})


def shape_of(entry: type[Any], called: str = "", about: str = "") -> Shape:
    """The shape of a dataclass whose fields are `declared`; other fields have no part in it."""
    kinds = {f.name: f.metadata[KIND] for f in fields(entry) if KIND in f.metadata}
    return Shape(called, about, **kinds)
