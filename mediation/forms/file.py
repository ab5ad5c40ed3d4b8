"""Input of a material that is put into the file."""

from typing import Any

from django import forms

from mediation.forms.base import SubjectForm
from mediation.models import MaterialKind

KINDS = [
    (kind.value, kind.label) for kind in MaterialKind if kind not in (MaterialKind.PERFORMANCE, MaterialKind.SURVEY)
]


class MaterialForm(SubjectForm):
    """The subject is the mediation."""

    kind = forms.ChoiceField(label="类别", choices=KINDS)
    party = forms.ChoiceField(label="当事人", required=False, help_text="身份证明须选")
    upload = forms.FileField(
        label="文件",
        help_text="照片、PDF、Word，不超过 20 MB",
        widget=forms.ClearableFileInput(attrs={"data-max-bytes": "20971520"}),
    )

    def prepare(self) -> None:
        """The parties of the case."""
        self.people = {str(p.uid): p for p in self.subject.case.parties.order_by("ordinal", "pk")}
        rows = [(uid, p.shown_name) for uid, p in self.people.items()]
        self.fields["party"].choices = [("", "（不指定）"), *rows]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The party as a row."""
        given = self.cleaned_data
        return {"upload": given["upload"], "kind": given["kind"], "party": self.people.get(given["party"])}
