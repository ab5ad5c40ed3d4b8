"""Filters of places and organisations."""

import django_filters

from grids.models import Level, Organisation, OrganisationKind, Territory


class TerritoryFilter(django_filters.FilterSet):
    """Places in force."""

    level = django_filters.ChoiceFilter(label="层级", choices=Level.choices)
    parent = django_filters.CharFilter(label="上级代码", field_name="parent_code", max_length=12)
    within = django_filters.CharFilter(
        label="代码前缀（含下级）", field_name="code", lookup_expr="startswith", max_length=15
    )
    q = django_filters.CharFilter(label="名称", field_name="full_name", lookup_expr="contains", max_length=60)

    class Meta:
        model = Territory
        fields: list[str] = []


class OrganisationFilter(django_filters.FilterSet):
    """Organisations in force."""

    kind = django_filters.ChoiceFilter(label="类别", choices=OrganisationKind.choices)
    within = django_filters.CharFilter(
        label="所在区划代码前缀", field_name="territory__code", lookup_expr="startswith", max_length=15
    )
    q = django_filters.CharFilter(label="名称", field_name="name", lookup_expr="contains", max_length=60)

    class Meta:
        model = Organisation
        fields: list[str] = []
