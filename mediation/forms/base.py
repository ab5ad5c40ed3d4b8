"""What the forms of mediation beside its acts share: a form on a subject, and fields of texts, days and boxes."""

from typing import Any

from django import forms
from django.utils import timezone

from zhongzhi.core.errors import DomainError
from zhongzhi.web.forms import StyledForm


class SubjectForm(StyledForm):
    """The input of a page about one subject; its fields carry the names of the action's arguments."""

    def __init__(self, data: Any = None, files: Any = None, *, subject: Any) -> None:
        """The form knows its subject: for what may be chosen, and what stands there already."""
        self.subject = subject
        super().__init__(data, files)
        self.prepare()
        self.style()

    def prepare(self) -> None:
        """Fill choices and first values from the subject."""

    def style(self) -> None:
        """Fields that were added in `prepare` get the look too."""
        for field in self.fields.values():
            if "class" not in field.widget.attrs:
                is_box = isinstance(field.widget, (forms.CheckboxInput, forms.RadioSelect))
                is_list = isinstance(field.widget, forms.Select) and not is_box
                field.widget.attrs["class"] = (
                    "form-check-input" if is_box else "form-select" if is_list else "form-control"
                )
                field.must = field.required and not isinstance(field, forms.ChoiceField)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The action's arguments."""
        return dict(self.cleaned_data)

    def refuse_for(self, error: DomainError) -> None:
        """Show a refusal at its field; nothing typed is lost."""
        self.refuse(error.errors, error.message)


def text(label: str, *, required: bool = True, rows: int = 3, longest: int = 5000, **options: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=required, max_length=longest, **options)


def line(label: str, *, required: bool = True, longest: int = 100, **options: Any) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(label=label, required=required, max_length=longest, **options)


def day(label: str, *, required: bool = True, **options: Any) -> forms.DateField:
    """A day; today at first."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    initial = options.pop("initial", timezone.localdate)
    return forms.DateField(label=label, widget=widget, required=required, initial=initial, **options)


def boxes(label: str, *, required: bool = True, **options: Any) -> forms.MultipleChoiceField:
    """Several of a list, as boxes to tick; the choices come from the subject."""
    return forms.MultipleChoiceField(
        label=label, choices=(), widget=forms.CheckboxSelectMultiple, required=required, **options
    )
