"""Input of the page of kinds."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils import timezone

from referrals.models import DocumentKind
from zhongzhi.web.forms import StyledForm

KIND_COLUMNS = (
    "name", "word", "signatory", "reviewed", "by_itself", "answer", "receipt_amount", "receipt_unit", "answer_amount",
    "answer_unit", "red_amount", "red_unit", "extension_amount", "max_extensions", "subject_template", "body_template",
    "source",
)  # fmt: skip


_KindColumns = type(
    "_KindColumns",
    (forms.Form,),
    fields_for_model(DocumentKind, fields=KIND_COLUMNS, widgets={"body_template": forms.Textarea({"rows": 10})}),
)


class KindForm(StyledForm, _KindColumns):  # type: ignore[misc,valid-type]
    """A changed version of a kind, and the day from which it holds."""

    starts_on = forms.DateField(label="启用日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, kind: DocumentKind) -> None:
        """The version as it is, from today on."""
        first = {name: getattr(kind, name) for name in KIND_COLUMNS}
        super().__init__(data, initial={**first, "starts_on": timezone.localdate()})
