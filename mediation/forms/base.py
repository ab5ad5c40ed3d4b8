"""What the forms of mediation share: a form on a subject, fields of days and times, choices of people."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from intake.models import Case, Party, PartyRole
from zhongzhi.core.errors import DomainError
from zhongzhi.web.forms import StyledForm

LENGTHS = [(30, "半小时"), (60, "1 小时"), (90, "1 个半小时"), (120, "2 小时"), (180, "3 小时"), (240, "4 小时")]


class SubjectForm(StyledForm):
    """The input of one act on one subject; its fields carry the names of the action's arguments."""

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


def moment(label: str, **options: Any) -> forms.DateTimeField:
    """A moment, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **options)


def length() -> forms.TypedChoiceField:
    """How long a session is, in minutes."""
    return forms.TypedChoiceField(label="时长", choices=LENGTHS, coerce=int, initial=120)


def boxes(label: str, *, required: bool = True, **options: Any) -> forms.MultipleChoiceField:
    """Several of a list, as boxes to tick; the choices come from the subject."""
    return forms.MultipleChoiceField(
        label=label, choices=(), widget=forms.CheckboxSelectMultiple, required=required, **options
    )


def party_choices(case: Case) -> list[tuple[str, str]]:
    """The principals of a case by uid, with their side."""
    rows: Iterable[Party] = case.parties.filter(role=PartyRole.PRINCIPAL).order_by("ordinal", "pk")
    return [(str(p.uid), f"{p.shown_name}（{p.get_side_display()}）") for p in rows]
