"""Input of the acts on a document and of the page of kinds; the fields carry the names of the action's arguments."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils import timezone

from intake.forms.acts import YES_NO, text
from referrals.available_actions import DocumentAct
from referrals.models import Adoption, AnswerKind, Document, DocumentKind
from zhongzhi.core.errors import DomainError, VersionConflict
from zhongzhi.web.forms import StyledForm


class DocumentForm(StyledForm):
    """The input of one act on one document, and the version that the person looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, document: Document) -> None:
        """The form knows its document."""
        super().__init__(data, initial=self.first_values(document))
        self.document = document

    def first_values(self, document: Document) -> dict[str, Any]:
        """What the fields show when the form opens."""
        return {"version": document.version}

    def arguments(self) -> dict[str, Any]:
        """The action's arguments, the version among them."""
        return dict(self.cleaned_data)

    def refuse_for(self, error: DomainError) -> None:
        """Show a refusal; after a conflict the newer version is taken up, and nothing typed is lost."""
        self.refuse(error.errors, error.message)
        if isinstance(error, VersionConflict):
            self.data = {**self.data.dict(), "version": self.document.version}  # type: ignore[attr-defined]


class ReasonForm(DocumentForm):
    reason = text("理由")


class NoteForm(DocumentForm):
    note = text("意见", required=False, rows=2)


class ServiceForm(DocumentForm):
    note = forms.CharField(label="送达情况", max_length=300, help_text="如：本人签收、电话告知、短信告知，注明时间")


class EditForm(DocumentForm):
    subject = forms.CharField(label="标题", max_length=200)
    body = text("正文", rows=12)

    def first_values(self, document: Document) -> dict[str, Any]:
        """As it stands."""
        return {**super().first_values(document), "subject": document.subject, "body": document.body}


class EditDraftForm(EditForm):
    """The words of a draft, and who else gets it."""

    copied_to = forms.CharField(
        label="抄送", max_length=300, required=False, help_text="单位之间用逗号分开，末尾不加句号"
    )

    def first_values(self, document: Document) -> dict[str, Any]:
        """As it stands."""
        return {**super().first_values(document), "copied_to": document.copied_to}


class ReissueForm(EditForm):
    """The words that are put right, and why."""

    reason = text("作废理由")
    field_order = ("reason", "subject", "body", "version")


class AnswerForm(DocumentForm):
    adoption = forms.ChoiceField(label="采纳情况", choices=[("", "请选择"), *Adoption.choices], required=False)
    text = text("答复内容", rows=5)

    def __init__(self, data: Any = None, *, document: Document) -> None:
        """Whether advice is taken is asked only where advice was given."""
        super().__init__(data, document=document)
        if document.kind.answer != AnswerKind.ADOPTION:
            del self.fields["adoption"]


class DecideExtensionForm(DocumentForm):
    granted = forms.ChoiceField(label="决定", choices=YES_NO, widget=forms.RadioSelect)
    note = text("意见", required=False, rows=2, help_text="不同意的须写明理由")

    def arguments(self) -> dict[str, Any]:
        """Yes or no as the action knows it."""
        return {**super().arguments(), "granted": self.cleaned_data["granted"] == "yes"}


class DecideAnswerForm(DocumentForm):
    accepted = forms.ChoiceField(
        label="决定", choices=[("yes", "认可"), ("no", "退回，重新答复")], widget=forms.RadioSelect
    )
    note = text("意见", required=False, rows=2, help_text="退回的须写明理由")

    def arguments(self) -> dict[str, Any]:
        """Yes or no as the action knows it."""
        return {**super().arguments(), "accepted": self.cleaned_data["accepted"] == "yes"}


FORMS: dict[str, type[DocumentForm]] = {
    "submit": NoteForm,
    "review": NoteForm,
    "send-back": ReasonForm,
    "discard": ReasonForm,
    "return": ReasonForm,
    "extend": ReasonForm,
    "void": ReasonForm,
    "reissue": ReissueForm,
    "answer": AnswerForm,
    "edit": EditDraftForm,
    "note-service": ServiceForm,
    "decide-extension": DecideExtensionForm,
    "decide-answer": DecideAnswerForm,
}


def document_act_form(act: DocumentAct, document: Document, data: Any = None) -> DocumentForm:
    """The form of an act; acts without input have only the version."""
    return FORMS.get(act.name, DocumentForm)(data, document=document)


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
