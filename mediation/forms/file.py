"""Input of a material that is put into the file."""

from typing import Any

from django import forms

from mediation.forms.base import SubjectForm
from mediation.models import MaterialKind
from mediation.queries.file import performances_without_proof

KINDS = [(kind.value, kind.label) for kind in MaterialKind if kind != MaterialKind.SURVEY]


class MaterialForm(SubjectForm):
    """The subject is the mediation."""

    kind = forms.ChoiceField(label="类别", choices=KINDS)
    party = forms.ChoiceField(label="当事人", required=False, help_text="身份证明须选")
    performance = forms.ChoiceField(label="哪一项履行", required=False)
    upload = forms.FileField(
        label="文件",
        help_text="照片、PDF、Word，不超过 20 MB",
        widget=forms.ClearableFileInput(attrs={"data-max-bytes": "20971520"}),
    )

    def prepare(self) -> None:
        """The parties of the case, and what was performed without a proof."""
        self.people = {str(p.uid): p for p in self.subject.case.parties.order_by("ordinal", "pk")}
        rows = [(uid, p.shown_name) for uid, p in self.people.items()]
        self.fields["party"].choices = [("", "（不指定）"), *rows]  # type: ignore[attr-defined]

        self.bare = {str(row.pk): row for row in performances_without_proof(self.subject)}
        named = [(pk, f"{row.on:%m-%d} {row.instalment.obligation.what[:30]}") for pk, row in self.bare.items()]
        self.fields["performance"].choices = [("", "全部还没有凭证的"), *named]  # type: ignore[attr-defined]
        if not self.bare:
            del self.fields["performance"]
            self.fields["kind"].choices = [one for one in KINDS if one[0] != MaterialKind.PERFORMANCE]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The party and the performance as rows."""
        given = self.cleaned_data
        links = {"party": self.people.get(given["party"]), "performance": self.bare.get(given.get("performance", ""))}
        return {"upload": given["upload"], "kind": given["kind"], **links}
