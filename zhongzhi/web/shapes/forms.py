"""The form of a shape, as a page shows it."""

from dataclasses import dataclass
from typing import Any

from django import forms

from zhongzhi.web.forms import StyledForm, style
from zhongzhi.web.shapes.rows import Rows
from zhongzhi.web.shapes.shape import Shape


@dataclass(frozen=True)
class Fold:
    """Rows of fields that open on demand."""

    title: str
    rows: list[list[forms.BoundField]]
    is_open: bool


class ShapeForm(StyledForm):
    """The fields of a shape for one subject, then those that a class of its own declares."""

    shape: Shape

    def __init__(self, *args: Any, subject: Any = None, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """`initial` goes before what the shape shows at first."""
        self.subject = subject
        super().__init__(*args, initial=self.shape.first_values(subject) | (initial or {}), **kwargs)
        found = self.shape.form_fields(subject)
        own = {place: field for places in found.values() for place, field in places.items()}
        for field in own.values():
            style(field)
        self.fields = {**own, **self.fields}
        self._places = {name: next(iter(places)) for name, places in found.items() if places}

    def arguments(self) -> dict[str, Any]:
        """The action's arguments."""
        return self.shape.page_arguments(self.cleaned_data, self.subject)

    def refuse(self, errors: dict[str, list[str]], message: str = "") -> None:
        """Show a refusal at the field of its value, or the first of its fields."""
        places = {other: self._places.get(name) for name, kind in self.shape.items() for other in kind.told_here}
        places |= self._places
        super().refuse({places.get(name) or name: texts for name, texts in errors.items()}, message)

    @property
    def folds(self) -> list[Fold]:
        """The rows that open on demand; open where one is filled or wrong, or where there is nothing else."""
        found = []
        for kind in self.shape.values():
            if isinstance(kind, Rows):
                rows = [[self[place] for place in places.values()] for places in kind.places()]
                touched = any(field.data or field.errors for row in rows for field in row)
                found.append(Fold(kind.label, rows, kind.is_open or touched or not self.plain))
        return found

    @property
    def plain(self) -> list[forms.BoundField]:
        """All fields that are seen but those in folds."""
        rows = [row for kind in self.shape.values() if isinstance(kind, Rows) for row in kind.places()]
        folded = {place for row in rows for place in row.values()}
        return [field for field in self.visible_fields() if field.name not in folded]
