"""Forms in the project's look, and the field that finds codes by typing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CLASSES = {
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.Select: "form-select",
}


NOTHING_CHOSEN = "请选择"
DJANGO_NOTHING = "---------"


def style(field: forms.Field) -> None:
    """Give a field the words of the office and its widget the class of the look."""
    say_in_office_words(field)
    kind = next((css for widget, css in CLASSES.items() if isinstance(field.widget, widget)), "form-control")
    if type(field.widget) is forms.Select:
        field.widget.template_name = "forms/select.html"
    known = field.widget.attrs.get("class", "")
    field.widget.attrs["class"] = f"{known} {kind}".strip()


def say_in_office_words(field: forms.Field) -> None:
    """What is missing is named, and what is not chosen yet says so; words that a field has of its own stay."""
    default = forms.Field.default_error_messages["required"]
    if field.error_messages.get("required") is default:
        asks = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
        field.error_messages["required"] = f"{asks}{field.label or ''}。"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DJANGO_NOTHING:
            field.empty_label = NOTHING_CHOSEN
    elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, list):
        field.choices = [(key, NOTHING_CHOSEN if word == DJANGO_NOTHING else word) for key, word in field.choices]


class StyledForm(forms.Form):
    """A form whose widgets carry the classes of the look, and whose texts are cleaned by the actions, not here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.must = field.required and not isinstance(field, forms.ChoiceField)  # type: ignore[attr-defined]
            style(field)

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that are seen at once."""
        return self.visible_fields()

    @property
    def folds(self) -> list[Any]:
        """Groups of fields that open on demand; most forms have none."""
        return []

    def refuse(self, errors: dict[str, list[str]], message: str = "") -> None:
        """Show what an action found wrong: beside the field where the form has it, above the form else."""
        for name, sentences in errors.items():
            self.add_error(name if name in self.fields else None, forms.ValidationError(sentences))
        if message and not errors:
            self.add_error(None, message)


class PickerWidget(forms.TextInput):
    """A text field with a list from the server; its value is the code behind the chosen line."""

    template_name = "forms/picker.html"

    def __init__(
        self, url: "StrOrPromise", label_of: Callable[[str], str], attrs: dict[str, Any] | None = None
    ) -> None:
        """`url` answers `?q=` with the lines; `label_of` says how a known code reads."""
        super().__init__(attrs)
        self.url, self.label_of = url, label_of

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The code's label for the eye, the code for the form."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(url=self.url, label=self.label_of(str(value)) if value else "")
        return context


class HiddenCode(forms.HiddenInput):
    """A code that links bring and nobody types; the filters in use name what is behind it."""

    def __init__(self, label_of: Callable[[str], str], attrs: dict[str, Any] | None = None) -> None:
        """`label_of` says how a code reads."""
        super().__init__(attrs)
        self.label_of = label_of
