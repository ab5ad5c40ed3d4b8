"""Tables that an office put together, in the API: which there are, and one with its figures as of now."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids.queries import significant_digits
from workbench.models import CustomTable, Lines
from workbench.statistics.api import ASKED, KNOWN, TAGS
from workbench.statistics.custom_tables import queries
from workbench.statistics.custom_tables.layout import SPLITS
from workbench.statistics.custom_tables.tabulation import CustomTableContent, Line, content_of
from workbench.statistics.definitions import Figure
from workbench.statistics.permissions import place_for
from workbench.statistics.values import Value
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope


class CustomTableOut(serializers.Serializer[CustomTable]):
    """What a table shows, without its numbers."""

    uid = serializers.UUIDField()
    name = serializers.CharField()
    figures = serializers.ListField(child=serializers.CharField(), help_text="指标的名称，同 statistics")
    axis = serializers.ChoiceField(list(SPLITS.items()), allow_blank=True, help_text="按什么拆分；空为不拆分")
    lines = serializers.ChoiceField(Lines.choices, help_text="每一行是什么")
    territory = serializers.CharField(source="place.code")
    period = serializers.CharField(help_text="期间的名称；空为 from 至 to 两天")
    shared_with = serializers.CharField(source="shared_with.name", default=None, allow_null=True)
    saved_at = serializers.DateTimeField()


class CustomTableColumnOut(serializers.Serializer[Figure]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    definition = serializers.CharField()


class CustomTableCellOut(serializers.Serializer[Value]):
    """One number; `value` is rounded as it is shown, `part` and `whole` are exact."""

    value = serializers.FloatField(source="number", allow_null=True)
    part = serializers.IntegerField()
    whole = serializers.IntegerField(allow_null=True)


class CustomTableLineOut(serializers.Serializer[Line]):
    label = serializers.CharField()  # type: ignore[assignment]
    territory = serializers.CharField(source="place", help_text="这一行的区划代码；不是下一级的为空")
    cells = CustomTableCellOut(source="values", many=True)


class CustomTableContentOut(serializers.Serializer[CustomTableContent]):
    """A table with its numbers, as of one moment."""

    name = serializers.SerializerMethodField()
    territory = serializers.CharField(source="place.code")
    territory_name = serializers.CharField(source="place.full_name")
    period_from = serializers.DateField(source="period.start")
    period_to = serializers.DateField(source="period.end")
    at = serializers.DateTimeField()
    head = serializers.CharField(help_text="各行是什么")
    columns = CustomTableColumnOut(many=True)
    lines = CustomTableLineOut(many=True)
    total = CustomTableLineOut()

    def get_name(self, content: CustomTableContent) -> str:
        """What the table is called."""
        return str(self.context["table"].name)


class CustomTables(ApiView):
    """The tables there are."""

    permission_classes = [needs_scope("stats:read")]
    serializer_class = CustomTableOut
    model = CustomTable
    pagination_class = None

    @extend_schema(
        summary="自定义报表清单", tags=TAGS, operation_id="custom_tables", responses=CustomTableOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """One's own and those shared with one."""
        place_for(self.user, "")
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    def rows(self) -> QuerySet[CustomTable]:
        """Those the caller uses."""
        return queries.tables_visible_to(self.user)


class CustomTableView(ApiView):
    """One table."""

    permission_classes = [needs_scope("stats:read")]
    parameters = KNOWN
    serializer_class = CustomTableContentOut

    @extend_schema(summary="一张自定义报表当前的数据", tags=TAGS, operation_id="custom_table", parameters=ASKED)
    def get(self, request: Request, uid: UUID) -> Response:
        """Its figures, by default of its own place and period."""
        row, asked = queries.table_of(self.user, uid), request.query_params
        place = queries.place_of(self.user, row, significant_digits(asked.get("territory", "")))
        days: dict[str, Any] = {
            "name": asked.get("period", ""),
            "start": asked.get("from", ""),
            "end": asked.get("to", ""),
        }
        period = queries.period_of(row, timezone.localdate(), **days)
        content = content_of(queries.layout_of(row), place, period)
        return Response(CustomTableContentOut(content, context={"table": row}).data)
