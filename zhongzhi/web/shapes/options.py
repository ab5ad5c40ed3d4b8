"""Kinds for what is chosen: one of some codes, several of them, yes or no, a box to tick."""

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Any

from django import forms
from rest_framework import serializers

from zhongzhi.core.errors import BadInput
from zhongzhi.web.fields import label as label_of
from zhongzhi.web.fields import text
from zhongzhi.web.shapes.kinds import ApiField, Kind

Pairs = Iterable[tuple[Any, Any]]


@dataclass(frozen=True, eq=False)
class Choice(Kind):
    """One of some codes: Django choices, or pairs of value and label.

    `offered` is what the page offers for a subject, where that is less. `empty` is the line for no choice yet.
    `may_be_blank` lets programs send an empty text for none; with `any_code` they send any text, which the action looks
    up. A table writes the label, with one of `endings` after it.
    """

    options: Any
    _: KW_ONLY
    offered: Callable[[Any], Pairs] | None = None
    empty: str | None = None
    radio: bool = False
    may_be_blank: bool = False
    any_code: bool = False
    endings: tuple[str, ...] = ()

    @cached_property
    def pairs(self) -> list[tuple[Any, Any]]:
        """All values with their labels."""
        return list(getattr(self.options, "choices", self.options))

    @cached_property
    def values(self) -> frozenset[Any]:
        """All values."""
        return frozenset(value for value, _ in self.pairs)

    @cached_property
    def _by_label(self) -> dict[str, Any]:
        return {str(label): value for value, label in self.pairs}

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """A list, or buttons; codes that are numbers come back as numbers, none as None."""
        pairs = list(self.offered(subject)) if self.offered else self.pairs
        if self.empty is not None:
            pairs = [("", self.empty), *pairs]
        if self.radio:
            options["widget"] = forms.RadioSelect
        if any(isinstance(value, int) for value, _ in self.pairs):
            return forms.TypedChoiceField(choices=pairs, coerce=int, empty_value=None, **options)
        return forms.ChoiceField(choices=pairs, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """A value of the list."""
        if self.any_code:
            return text(**options)
        if self.may_be_blank:
            options["allow_blank"] = True
        return serializers.ChoiceField(self.pairs, **options)

    def output_fields(self, name: str) -> dict[str, ApiField]:
        """The value, and its label."""
        return {**super().output_fields(name), f"{name}_label": label_of(name)}

    def read_cell(self, text: str) -> Any:
        """The value of a label."""
        plain, known = text, self._by_label
        for ending in self.endings:
            plain = plain.removesuffix(ending)
        if plain not in known:
            *others, last = (f"{label}{self.endings[-1] if self.endings else ''}" for label in known)
            raise BadInput(f"没有这个{self.label}，请填{'、'.join(others)}或{last}。")
        return known[plain]


@dataclass(frozen=True, eq=False)
class Several(Choice):
    """Several of some codes, as boxes to tick; in the API a list that is not empty."""

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Boxes."""
        pairs = list(self.offered(subject)) if self.offered else self.pairs
        return forms.MultipleChoiceField(choices=pairs, widget=forms.CheckboxSelectMultiple, **options)

    def make_serializer_field(self, **options: Any) -> ApiField:
        """Values of the list."""
        return serializers.ListField(child=serializers.ChoiceField(self.pairs), min_length=1, **options)


@dataclass(frozen=True, eq=False)
class YesNo(Kind):
    """A decision: two buttons with words of their own on the page, true or false in the API."""

    _: KW_ONLY
    yes: str = "同意"
    no: str = "不同意"

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Two buttons, none pressed unless `first` says so."""
        words = [("yes", self.yes), ("no", self.no)]
        return forms.TypedChoiceField(choices=words, coerce=_is_yes, widget=forms.RadioSelect, **options)

    def first_values(self, name: str, subject: Any) -> dict[str, Any]:
        """The button that is pressed at first."""
        found = super().first_values(name, subject)
        return {name: "yes" if value else "no" for name, value in found.items()}

    def make_serializer_field(self, **options: Any) -> ApiField:
        """True for yes."""
        return serializers.BooleanField(**options)


@dataclass(frozen=True, eq=False)
class Tick(Kind):
    """A box to tick; a box that is not ticked means no."""

    required: bool = False

    def make_form_field(self, subject: Any, **options: Any) -> forms.Field:
        """Never compulsory: no is an answer."""
        return forms.BooleanField(**options | {"required": False})

    def make_serializer_field(self, **options: Any) -> ApiField:
        """True for yes."""
        return serializers.BooleanField(**options)


def _is_yes(value: str) -> bool:
    return value == "yes"
