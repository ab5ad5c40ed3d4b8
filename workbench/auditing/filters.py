"""Filters of the trail and of alerts."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from grids.filters import known_place
from workbench.auditing.queries import at_place, of_case, verb_labels
from workbench.models import AlertKind, ReadingAlert
from zhongzhi.audit.models import TrailEntry
from zhongzhi.web.bounds import DayFilter
from zhongzhi.web.forms import StyledForm

STATES = [("new", "未阅"), ("seen", "已阅未说明"), ("explained", "已说明")]


class TrailFilter(django_filters.FilterSet):
    """Entries by case, person, act, days and place."""

    q = django_filters.CharFilter(label="案件编号", method="about_case", max_length=24)
    person = django_filters.CharFilter(label="办理人姓名或用户名", method="by_person", max_length=50)
    verb = django_filters.ChoiceFilter(label="动作", choices=lambda: verb_labels().items(), empty_label="全部")
    since = DayFilter(label="从", field_name="at", lookup_expr="date__gte")
    until = DayFilter(label="到", field_name="at", lookup_expr="date__lte")
    place = django_filters.CharFilter(
        label="区划代码（含下级）", method="in_place", max_length=15, validators=[known_place]
    )

    class Meta:
        model = TrailEntry
        fields: list[str] = []
        form = StyledForm

    @property
    def given(self) -> dict[str, str]:
        """What was asked, for the trail."""
        return {name: str(self.data.get(name, "")) for name in self.filters}

    def about_case(self, rows: QuerySet[TrailEntry], name: str, value: str) -> QuerySet[TrailEntry]:
        """Of one case."""
        return of_case(rows, value)

    def by_person(self, rows: QuerySet[TrailEntry], name: str, value: str) -> QuerySet[TrailEntry]:
        """By somebody."""
        return rows.filter(Q(actor__name=value) | Q(actor__username__iexact=value))

    def in_place(self, rows: QuerySet[TrailEntry], name: str, value: str) -> QuerySet[TrailEntry]:
        """On cases of a place."""
        return at_place(rows, value)


class AlertFilter(django_filters.FilterSet):
    """Alerts by state and kind."""

    state = django_filters.ChoiceFilter(label="状态", choices=STATES, method="in_state", empty_label="全部")
    kind = django_filters.ChoiceFilter(label="情形", choices=AlertKind.choices, empty_label="全部")

    class Meta:
        model = ReadingAlert
        fields: list[str] = []
        form = StyledForm

    def in_state(self, rows: QuerySet[ReadingAlert], name: str, value: str) -> QuerySet[ReadingAlert]:
        """New, read, or read and explained."""
        states: dict[str, dict[str, Any]] = {
            "new": {"seen_at": None},
            "seen": {"seen_at__isnull": False, "explained_at": None},
            "explained": {"explained_at__isnull": False},
        }
        return rows.filter(**states[value])
