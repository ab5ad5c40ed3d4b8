"""Statistics in the API: the same figures as the pages, from the same board."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids.queries import significant_digits
from workbench.statistics.board import Board, Month, PlaceRow, Share, board_of
from workbench.statistics.definitions import FIGURES
from workbench.statistics.periods import PRESETS, asked_period
from workbench.statistics.permissions import place_for
from workbench.statistics.values import Value
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import NotFound
from zhongzhi.replica import on_replica
from zhongzhi.web.bounds import DAY

TAGS = ["统计"]
ASKED = [
    OpenApiParameter("territory", str, description="区划代码（含下级）；默认为本账号的最大范围"),
    OpenApiParameter("period", str, enum=list(PRESETS), description="期间；默认 year（近 12 个月）"),
    OpenApiParameter(
        "from", DAY, description="开始日期，如 2026-01-01；默认为 to 之前 12 个月。写了 from 或 to 时不看 period"
    ),
    OpenApiParameter("to", DAY, description="结束日期（含当日）；默认今天"),
]
KNOWN, DAYS = frozenset(parameter.name for parameter in ASKED), frozenset({"from", "to"})


class FigureOut(serializers.Serializer[Value]):
    """One figure; `value` is rounded as it is shown, `part` and `whole` are exact."""

    name = serializers.CharField(source="figure.name")
    label = serializers.CharField(source="figure.label")  # type: ignore[assignment]
    definition = serializers.CharField(source="figure.definition")
    unit = serializers.CharField(source="figure.unit")
    value = serializers.FloatField(source="number", allow_null=True)
    before = serializers.FloatField(allow_null=True, help_text="上期的值；存量（在办数）只按此刻计，为 null")
    part = serializers.IntegerField(help_text="分子（件数）")
    whole = serializers.IntegerField(allow_null=True, help_text="分母；件数指标为 null")
    small = serializers.BooleanField(source="is_small", help_text="分母不足 10 件")


class ShareOut(serializers.Serializer[Share]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$"})
class MonthField(serializers.DateField):
    """A month: 2026-11."""


class MonthOut(serializers.Serializer[Month]):
    month = MonthField(source="first", format="%Y-%m")
    accepted = serializers.IntegerField()
    concluded = serializers.IntegerField()
    resolved = serializers.IntegerField()
    closed = serializers.IntegerField()


class PlaceOut(serializers.Serializer[PlaceRow]):
    territory = serializers.CharField(source="code")
    name = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True, help_text="受理不足 10 件的不排名")
    resolution = serializers.FloatField(allow_null=True)
    resolved = serializers.IntegerField()
    accepted = serializers.IntegerField()
    concluded = serializers.IntegerField()
    in_time = serializers.FloatField(allow_null=True)
    satisfaction = serializers.FloatField(allow_null=True)
    open = serializers.IntegerField()
    concerned = serializers.IntegerField(help_text="由其他地方牵头、涉及本地的案件；不计入受理数")
    small = serializers.BooleanField(source="is_small")


class StatisticsOut(serializers.Serializer[Board]):
    """All figures of a place and period, as of one moment."""

    territory = serializers.CharField(source="place.code")
    territory_name = serializers.CharField(source="place.full_name")
    period_from = serializers.DateField(source="period.start")
    period_to = serializers.DateField(source="period.end")
    at = serializers.DateTimeField()
    overdue = serializers.IntegerField(help_text="此刻有时限已超期的案件数")
    figures = serializers.SerializerMethodField()
    months = MonthOut(many=True)
    territories = PlaceOut(source="places", many=True)
    funnel = ShareOut(many=True)
    states = ShareOut(many=True)
    tiers = ShareOut(many=True)
    categories = ShareOut(many=True)
    channels = ShareOut(many=True)
    outcomes = ShareOut(many=True)
    risks = ShareOut(many=True)
    complexities = ShareOut(many=True)

    def get_figures(self, board: Board) -> list[dict[str, Any]]:
        """Each figure."""
        return [dict(FigureOut(value).data) for value in board.values.values()]


class Statistics(ApiView):
    """All figures of a place."""

    permission_classes = [needs_scope("stats:read")]
    parameters, never_empty = KNOWN, DAYS
    serializer_class = StatisticsOut

    @extend_schema(summary="全部统计指标", tags=TAGS, operation_id="statistics", parameters=ASKED)
    @on_replica
    def get(self, request: Request) -> Response:
        """Figures, months, places below and every split."""
        return Response(StatisticsOut(_board(self, request)).data)


class Statistic(ApiView):
    """One figure."""

    permission_classes = [needs_scope("stats:read")]
    parameters, never_empty = KNOWN, DAYS
    serializer_class = FigureOut

    @extend_schema(
        summary="单项统计指标（如 resolution 化解率）", tags=TAGS, operation_id="statistic", parameters=ASKED
    )
    @on_replica
    def get(self, request: Request, name: str) -> Response:
        """One figure by its name."""
        if name not in FIGURES:
            raise NotFound(f"没有“{name[:30]}”这项指标；可用的有：{'、'.join(FIGURES)}。")
        return Response(FigureOut(_board(self, request).values[name]).data)


def _board(view: ApiView, request: Request) -> Board:
    """The board asked for."""
    asked: Mapping[str, str] = request.query_params
    place = place_for(view.user, significant_digits(asked.get("territory", "")))
    period = asked_period(
        timezone.localdate(), name=asked.get("period", ""), start=asked.get("from", ""), end=asked.get("to", "")
    )
    return board_of(place, period)
