"""Kinds for what refers to rows of the database, and for rows of fields on the page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from django import forms

from zhongzhi.web.shapes.kinds import ApiField, Ask, Kind
from zhongzhi.web.shapes.shape import Shape


def itself(row: Any) -> Any:
    """The row as it is."""
    return row


@dataclass(frozen=True, eq=False)
class RowChoice(Kind):
    """One of the rows that `rows` finds for a subject, chosen from a list on the page.

    `reads` says how a row reads, `group` under which heading it stands, `gives` what the action gets of it. In the API
    it is named by its `key`, a serializer field; without one the API does not ask for it.
    """

    rows: Callable[[Any], Iterable[Any]]
    _: KW_ONLY
    reads: Callable[[Any], str] = str
    gives: Callable[[Any], Any] = itself
    group: Callable[[Any], str] | None = None
    empty: str | None = None
    key: Callable[..., ApiField] | None = None

    @property
    def in_api(self) -> Ask:
        """Nowhere without a key."""
        return Ask.NEVER if self.key is None else super().in_api

    def found(self, subject: Any) -> dict[str, Any]:
        """The rows by their numbers."""
        return {str(row.pk): row for row in self.rows(subject)}

    def choices(self, found: Mapping[str, Any]) -> list[Any]:
        """The lines of the list, under headings where there are any."""
        if self.group is None:
            return [(pk, self.reads(row)) for pk, row in found.items()]
        groups: dict[str, list[tuple[str, str]]] = {}
        for pk, row in found.items():
            groups.setdefault(self.group(row), []).append((pk, self.reads(row)))
        return list(groups.items())

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """A list; what is chosen comes back as the action gets it, nothing as None."""
        found = self.found(subject)
        lines = self.choices(found)
        if self.empty is not None:
            lines = [("", self.empty), *lines]
        return forms.TypedChoiceField(
            choices=lines, coerce=lambda pk: self.gives(found[pk]), empty_value=None, **options
        )

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Its number."""
        assert self.key is not None  # noqa: S101 - `in_api` leaves those without a key out
        return self.key(**options)


@dataclass(frozen=True, eq=False)
class RowChoices(RowChoice):
    """Several of such rows, as boxes to tick."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Boxes."""
        found = self.found(subject)
        return forms.TypedMultipleChoiceField(
            choices=self.choices(found),
            coerce=lambda pk: self.gives(found[pk]),
            widget=forms.CheckboxSelectMultiple,
            **options,
        )

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Their numbers."""
        return super().make_serializer_field(many=True, **options)


@dataclass(frozen=True, eq=False)
class Rows(Kind):
    """Several things of the same shape: so many rows of fields on the page, which open on demand; a list in the API.

    `cells` says which values of the item the page asks for, each with the name and the label of its field, before the
    number of the row. A row counts when everything is there that the API would insist on; `make` takes its values.
    """

    item: Shape
    make: Callable[..., Any]
    _: KW_ONLY
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    number: int = 4
    is_open: bool = False
    required: bool = False

    def places(self) -> list[dict[str, str]]:
        """The names of the fields by the values they stand for, row by row."""
        numbers = range(1, self.number + 1)
        return [{value: f"{place}_{at}" for value, (place, _) in self.cells.items()} for at in numbers]

    def form_fields(self, name: str, subject: Any = None) -> dict[str, forms.Field]:
        """All fields of all rows."""
        found: dict[str, forms.Field] = {}
        for at, places in enumerate(self.places(), start=1):
            for value, place in places.items():
                label = f"{self.cells[value][1]} {at}"
                found |= replace(self.item[value], label=label, page=Ask.OPTIONAL).form_fields(place, subject)
        return found

    def page_arguments(self, name: str, cleaned: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """What the rows make that were filled in."""
        needed = [value for value in self.cells if self.item[value].in_api is Ask.REQUIRED]
        rows = [{value: cleaned.get(place) for value, place in places.items()} for places in self.places()]
        return {name: [self.make(**row) for row in rows if all(row[value] for value in needed)]}

    def serializer_fields(self, name: str) -> dict[str, ApiField]:
        """A list, which may be left out."""
        if self.in_api is Ask.NEVER:
            return {}
        options: dict[str, Any] = {"help_text": self.api_help} if self.api_help else {}
        return {name: self.item.serializer(many=True, default=list, **options)}

    def api_arguments(self, name: str, validated: Mapping[str, Any], subject: Any) -> dict[str, Any]:
        """What the items make."""
        return {name: [self.make(**self.item.api_arguments(row, subject)) for row in validated.get(name, [])]}
