"""Filters of the lists, shared by pages and API."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from mediation.lifecycle import OPEN_STATES, AgreementState, State
from mediation.models import Agreement, Instalment, Mediation, Mode
from zhongzhi.web.bounds import DayFilter, WholeNumberFilter

STATES = [("open", "未履行"), ("near", "七日内到期"), ("overdue", "逾期未履行"), ("done", "已履行")]


class StyledFilter(django_filters.FilterSet):
    """A filter whose fields carry the look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            is_list = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"


class MediationFilter(StyledFilter):
    """Mediations by state, mode, body, mediator and days."""

    status = django_filters.ChoiceFilter(
        label="状态", choices=[("going", "进行中"), *State.choices], method="by_status", empty_label="全部"
    )
    mode = django_filters.ChoiceFilter(label="方式", choices=Mode.choices, empty_label="全部")
    opened_from = DayFilter(
        label="受理自", field_name="opened_at", lookup_expr="date__gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    opened_to = DayFilter(
        label="受理至", field_name="opened_at", lookup_expr="date__lte", widget=forms.DateInput(attrs={"type": "date"})
    )
    ended_from = DayFilter(
        label="结束自", field_name="ended_at", lookup_expr="date__gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    ended_to = DayFilter(
        label="结束至", field_name="ended_at", lookup_expr="date__lte", widget=forms.DateInput(attrs={"type": "date"})
    )
    body = WholeNumberFilter(label="调解组织", field_name="body_id", widget=forms.HiddenInput)
    mediator = WholeNumberFilter(label="调解员", field_name="mediators", widget=forms.HiddenInput)
    case = django_filters.CharFilter(label="案件编号", field_name="case__code")

    class Meta:
        model = Mediation
        fields: list[str] = []

    def by_status(self, rows: QuerySet[Mediation], name: str, value: str) -> QuerySet[Mediation]:
        """One state, or all that go on."""
        return rows.filter(status__in=OPEN_STATES) if value == "going" else rows.filter(status=value)


class AgreementFilter(StyledFilter):
    """Agreements by state, number, case and the day they took force."""

    status = django_filters.ChoiceFilter(label="状态", choices=AgreementState.choices)
    number = django_filters.CharFilter(label="编号")
    case = django_filters.CharFilter(label="案件编号", field_name="mediation__case__code")
    in_force_from = DayFilter(label="生效自", field_name="in_force_on", lookup_expr="gte")
    in_force_to = DayFilter(label="生效至", field_name="in_force_on", lookup_expr="lte")

    class Meta:
        model = Agreement
        fields: list[str] = []


class ObligationFilter(StyledFilter):
    """Parts of obligations by what became of them."""

    state = django_filters.ChoiceFilter(label="状态", choices=STATES, method="by_state", empty_label="全部")
    due_from = DayFilter(
        label="期限自", field_name="due_on", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    due_to = DayFilter(
        label="期限至", field_name="due_on", lookup_expr="lte", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Instalment
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Instalment], name: str, value: str) -> QuerySet[Instalment]:
        """Open, near, overdue or done."""
        if value == "done":
            return rows.filter(performed_on__isnull=False)
        is_open = rows.filter(performed_on=None, released_at=None)
        today = timezone.localdate()
        if value == "near":
            return is_open.filter(due_on__range=(today, today + timedelta(days=7)))
        return is_open.filter(due_on__lt=today) if value == "overdue" else is_open
