"""Forms of the pages on which the knowledge base is kept."""

from typing import Any

from django import forms

from intake.actions.knowledge import KnowledgeFacts
from intake.models import Knowledge, KnowledgeKind
from zhongzhi.web.forms import StyledForm

FIELDS = ("kind", "title", "text", "source", "dated_on", "categories")


class KnowledgeForm(StyledForm):
    """One piece."""

    kind = forms.ChoiceField(label="种类", choices=KnowledgeKind.choices)
    title = forms.CharField(label="标题", max_length=100)
    text = forms.CharField(label="内容", max_length=5000, widget=forms.Textarea({"rows": 8}))
    source = forms.CharField(label="来源", max_length=200, help_text="如法律名称、文号、案件编号")
    dated_on = forms.DateField(
        label="日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), help_text="施行、发布或办结的日期"
    )
    categories = forms.CharField(
        label="纠纷类别", max_length=100, required=False, help_text="类别代码或其前两位，用逗号分开；不填为各类"
    )

    def __init__(self, data: Any = None, *, piece: Knowledge | None = None) -> None:
        """Empty, or as a piece stands."""
        super().__init__(data, initial={name: getattr(piece, name) for name in FIELDS} if piece else {})

    def facts(self) -> KnowledgeFacts:
        """As typed."""
        return KnowledgeFacts(**self.cleaned_data)


class TableForm(StyledForm):
    """A table of pieces."""

    file = forms.FileField(label="表格（XLSX、XLS、ET、CSV）")
