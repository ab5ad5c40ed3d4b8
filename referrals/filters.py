"""Filters of lists of documents, the same for page and API. Unknown codes are refused at their field."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from grids.scope import scope_of
from referrals.lifecycle import UNSIGNED, State
from referrals.models import Document, Level, Purpose
from referrals.queries import OUTSTANDING, overdue_documents, whole_documents_of
from zhongzhi.web.finding import holds
from zhongzhi.web.forms import StyledForm

BOXES = [("in", "收到的"), ("out", "发出的"), ("drafts", "草稿")]
YES_NO = [("true", "是"), ("false", "否")]
Documents = QuerySet[Document]


class DocumentFilter(django_filters.FilterSet):
    """Filters over `documents_for_list`."""

    q = django_filters.CharFilter(label="文号、标题或案件编号", method="search", max_length=60)
    box = django_filters.ChoiceFilter(label="范围", choices=BOXES, empty_label="全部", method="in_box")
    purpose = django_filters.ChoiceFilter(
        label="用途", choices=Purpose.choices, empty_label="全部", field_name="kind__purpose"
    )
    status = django_filters.ChoiceFilter(label="状态", choices=State.choices, empty_label="全部")
    level = django_filters.ChoiceFilter(label="督办级别", choices=Level.choices, empty_label="全部")
    open = django_filters.ChoiceFilter(label="待签收答复", choices=YES_NO, empty_label="不限", method="is_outstanding")
    overdue = django_filters.ChoiceFilter(label="逾期", choices=YES_NO, empty_label="不限", method="is_overdue")
    case = django_filters.CharFilter(label="案件编号", field_name="case__code", widget=forms.HiddenInput)

    class Meta:
        model = Document
        form = StyledForm
        fields: list[str] = []

    def search(self, rows: Documents, name: str, value: str) -> Documents:
        """By number, a part of the title, or the code of the case."""
        text = value.strip()
        if text.upper().startswith("ZJ"):
            return rows.filter(case__code__startswith=text.upper())
        if "〔" in text:
            return rows.filter(number__contains=text)
        return rows.filter(whole_documents_of(self.request.user), holds(text, "subject"))

    def in_box(self, rows: Documents, name: str, value: str) -> Documents:
        """What came to one's organisations, what they sent, what is not signed."""
        if value == "drafts":
            return rows.filter(status__in=UNSIGNED)
        ids = sorted({p.organisation_id for p in scope_of(self.request.user).postings})
        if value == "in":
            return rows.filter(addressee_id__in=ids, signed_at__isnull=False)
        return rows.filter(issuer_id__in=ids, signed_at__isnull=False)

    def is_outstanding(self, rows: Documents, name: str, value: str) -> Documents:
        """Outstanding: not signed for or not answered yet."""
        return rows.filter(OUTSTANDING) if value == "true" else rows.exclude(OUTSTANDING)

    def is_overdue(self, rows: Documents, name: str, value: str) -> Documents:
        """Outstanding, and the time limit has passed."""
        late = overdue_documents(rows, timezone.now())
        return late if value == "true" else rows.exclude(pk__in=late.values("pk"))
