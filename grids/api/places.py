"""Reads of places and organisations."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import queries
from grids.filters import OrganisationFilter, TerritoryFilter
from grids.models import Organisation, Territory
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope

TAGS = ["区划与机构"]


class TerritoryOut(serializers.Serializer[Territory]):
    code = serializers.CharField(help_text="有效位区划代码")
    code12 = serializers.CharField(help_text="国家标准 12 位代码（网格为 15 位）")
    name = serializers.CharField()
    full_name = serializers.CharField()
    level = serializers.IntegerField()
    level_label = serializers.CharField()
    parent = serializers.CharField(source="parent_code", allow_null=True)  # type: ignore[assignment]
    kind = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class OrganisationOut(serializers.Serializer[Organisation]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    territory = serializers.CharField(source="territory.code")
    territory_name = serializers.CharField(source="territory.full_name")
    presence = serializers.CharField()
    presence_label = serializers.CharField(source="get_presence_display")
    phone = serializers.CharField()


class ReadOnly(ApiView):
    """Open to everyone who is signed in, and to clients that read cases."""

    permission_classes = [needs_scope("cases:read", or_read="roster:read")]

    def page(self) -> Response:
        """The page asked for."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Territories(ReadOnly):
    serializer_class = TerritoryOut
    filterset_class = TerritoryFilter
    keyset_order = ("code",)

    def get_queryset(self) -> Any:
        """Those in force today."""
        return queries.open_territories()

    @extend_schema(
        summary="区划列表",
        tags=TAGS,
        operation_id="territories_list",
        responses=TerritoryOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """A page of places, by code."""
        return self.page()


class TerritoryDetail(ReadOnly):
    serializer_class = TerritoryOut

    @extend_schema(summary="区划详情", tags=TAGS, operation_id="territory_detail")
    def get(self, request: Request, code: str) -> Response:
        """One place, also one that is retired."""
        return Response(TerritoryOut(queries.territory_of(code)).data)


class Organisations(ReadOnly):
    serializer_class = OrganisationOut
    filterset_class = OrganisationFilter
    keyset_order = ("id",)

    def get_queryset(self) -> Any:
        """Those in force today."""
        return queries.organisations()

    @extend_schema(
        summary="机构列表", tags=TAGS, operation_id="organisations_list", responses=OrganisationOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """A page of organisations."""
        return self.page()


class OrganisationDetail(ReadOnly):
    serializer_class = OrganisationOut

    @extend_schema(summary="机构详情", tags=TAGS, operation_id="organisation_detail")
    def get(self, request: Request, pk: int) -> Response:
        """One organisation in force."""
        return Response(OrganisationOut(queries.organisation_of(pk)).data)
