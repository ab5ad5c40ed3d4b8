"""Visits and their plans over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions, queries
from grids.api.base import Listed
from grids.entries import VisitEntry
from grids.filters import PlanFilter, VisitFilter
from grids.models import PlannedVisit, Visit, VisitReason
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.web.fields import label, text
from zhongzhi.web.known_names import StrictSerializer

TAGS = ["走访"]


class VisitOut(serializers.Serializer[Visit]):
    uid = serializers.UUIDField()
    territory = serializers.CharField(source="territory.code")
    territory_name = serializers.CharField(source="territory.full_name")
    household = serializers.CharField(help_text="走访对象")
    reason = serializers.CharField()
    reason_label = label("reason")
    note = serializers.CharField()
    visited_on = serializers.DateField()
    plan = serializers.IntegerField(source="plan_id", allow_null=True)
    hazard = serializers.UUIDField(source="hazard.uid", allow_null=True, default=None)


class VisitIn(StrictSerializer[None]):
    uid = serializers.UUIDField(required=False, help_text="手机生成的编号；同一编号永远只收一次")
    territory = text(help_text="网格代码；按计划走访的可不填")
    household = text(max_length=80, help_text="走访对象；按计划走访的可不填")
    reason = serializers.ChoiceField(VisitReason.choices, default=VisitReason.ROUTINE)
    note = text(max_length=1000)
    visited_on = serializers.DateField(required=False)
    plan = serializers.IntegerField(required=False, allow_null=True, help_text="走访计划的编号")


class PlanOut(serializers.Serializer[PlannedVisit]):
    id = serializers.IntegerField()
    territory = serializers.CharField(source="territory.code")
    territory_name = serializers.CharField(source="territory.full_name")
    month = serializers.DateField(help_text="该月第一天")
    household = serializers.CharField()
    reason = serializers.CharField()
    reason_label = label("reason")
    note = serializers.CharField()
    is_made = serializers.SerializerMethodField()

    def get_is_made(self, plan: PlannedVisit) -> bool:
        """Whether the visit was made."""
        return hasattr(plan, "visit")


class Visits(Listed):
    """Visits made."""

    serializer_class = VisitOut
    filterset_class = VisitFilter
    keyset_order = ("-id",)

    model = Visit

    def rows(self) -> Any:
        """In the caller's territory and own grids."""
        return queries.visits_visible_to(self.user)

    @extend_schema(summary="走访列表", tags=TAGS, operation_id="visits_list", responses=VisitOut(many=True))
    def get(self, request: Request) -> Response:
        """A page, the latest noted first."""
        return self.page()

    @extend_schema(
        summary="记录走访",
        tags=TAGS,
        operation_id="visits_record",
        parameters=[KEY],
        request=VisitIn,
        responses={201: VisitOut},
    )
    def post(self, request: Request) -> Response:
        """Note a visit; the same `uid` again answers with the one that is there."""
        given = VisitIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        entry = VisitEntry(values.pop("territory", ""), values.pop("household", ""), **values)
        return Response(VisitOut(actions.record_visit(entry, actor=self.user)).data, 201)


class Plans(Listed):
    """Visits planned."""

    serializer_class = PlanOut
    filterset_class = PlanFilter
    keyset_order = ("-id",)

    model = PlannedVisit

    def rows(self) -> Any:
        """In the caller's territory and own grids."""
        return queries.plans_visible_to(self.user)

    @extend_schema(summary="走访计划", tags=TAGS, operation_id="visit_plans_list", responses=PlanOut(many=True))
    def get(self, request: Request) -> Response:
        """A page."""
        return self.page()
