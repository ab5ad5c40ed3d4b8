"""Filters of warnings, the same for page and API."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from early_warning.lifecycle import LIVE, State
from early_warning.models import RuleKind, Warning
from grids.filters import AtPlace, within
from grids.models import HazardLevel
from zhongzhi.web.forms import StyledForm

LIVING = "live"


class WarningFilter(AtPlace):
    """Warnings in sight; without a state all of them."""

    status = django_filters.ChoiceFilter(
        label="状态", choices=[(LIVING, "待核实和跟踪中"), *State.choices], empty_label="全部", method="in_state"
    )
    kind = django_filters.ChoiceFilter(label="依据", choices=RuleKind.choices, empty_label="全部")
    level = django_filters.ChoiceFilter(label="等级", choices=HazardLevel.choices, empty_label="全部")
    within = within()

    class Meta:
        model = Warning
        form = StyledForm
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Warning], name: str, value: str) -> QuerySet[Any]:
        """In one state, or alive."""
        return rows.filter(status__in=LIVE if value == LIVING else [value])
