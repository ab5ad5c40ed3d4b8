"""Warnings over REST: read by sight, decided and acted on by people."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from early_warning import actions, queries
from early_warning.available_actions import act, form_of, offered
from early_warning.filters import WarningFilter
from early_warning.models import Warning
from early_warning.permissions import may_decide
from early_warning.queries import Line, WarningView
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.models import User
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import Unfit, require
from zhongzhi.web.fields import shown_as, text
from zhongzhi.web.known_names import StrictSerializer

TAGS = ["预警"]


class EvidenceOut(serializers.Serializer[Line]):
    label = serializers.CharField(help_text="案件编号，或“排查”")  # type: ignore[assignment]
    title = serializers.CharField(help_text="限制知悉的案件只有编号")
    why = serializers.CharField(source="evidence.why")
    state = serializers.CharField()
    link = serializers.CharField()
    happened_at = serializers.DateTimeField(source="evidence.happened_at")


class WarningOut(serializers.Serializer[WarningView]):
    uid = serializers.UUIDField(source="warning.uid")
    kind = serializers.CharField(source="warning.kind")
    kind_label = serializers.CharField(source="warning.get_kind_display")
    level = serializers.CharField(source="warning.level")
    status = serializers.CharField(source="warning.status")
    sentence = serializers.CharField(help_text="一句话说明为什么预警")
    territory = serializers.CharField(source="warning.territory.code")
    territory_name = serializers.CharField(source="warning.territory.full_name")
    centre = serializers.IntegerField(source="warning.centre_id")
    advice = serializers.CharField(source="warning.rule.advice")
    raised_at = serializers.DateTimeField(source="warning.raised_at")
    grew_at = serializers.DateTimeField(source="warning.grew_at")
    decided_at = serializers.DateTimeField(source="warning.decided_at", allow_null=True)
    reason = serializers.CharField(source="warning.reason")
    version = serializers.IntegerField(source="warning.version")
    evidence = EvidenceOut(many=True, source="lines")
    hidden = serializers.IntegerField(help_text="查看范围之外还有几件")


class WarningDetailOut(WarningOut):
    acts = serializers.SerializerMethodField(help_text="现在可以办理的")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_acts(self, view: WarningView) -> list[str]:
        """By name."""
        return [one.name for one in offered(self.context["request"].user, view.warning)]


class ActIn(StrictSerializer[None]):
    reason = text(max_length=1000, help_text="confirm、dismiss：核实情况、排除的理由")
    case = text(help_text="item、letter、task：案件编号")
    hazard = text(help_text="case：排查的 uid")
    grid = text(help_text="visit：网格代码，可不填")
    household = text(help_text="visit：走访对象")
    note = text(help_text="visit：提示")
    supervise = serializers.BooleanField(required=False, help_text="letter：督办（黄），否则提醒")
    instruction = text(help_text="letter：要求")
    what = text(help_text="task：做什么")
    due_on = serializers.DateField(required=False, allow_null=True, help_text="task：完成期限")
    version = serializers.IntegerField(required=False, help_text="confirm、dismiss：读到的版本")


class Warnings(ApiView):
    """Those in sight."""

    permission_classes = [needs_scope("cases:read")]
    serializer_class = WarningOut
    filterset_class = WarningFilter
    keyset_order = ("-id",)
    model = Warning

    def rows(self) -> Any:
        """By place and matter."""
        return queries.warnings_visible_to(self.user)

    @extend_schema(summary="预警列表", tags=TAGS, operation_id="warnings_list", responses=WarningOut(many=True))
    def get(self, request: Request) -> Response:
        """A page, the newest first."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        views = queries.views_of(self.user, list(rows or []), most=200)
        return self.get_paginated_response(shown_as(WarningOut, views))


def _answer(request: Request, user: User, uid: UUID) -> Response:
    """A warning as it is now."""
    view = queries.file_of(user, queries.warning_visible_to(user, uid)).view
    return Response(WarningDetailOut(view, context={"request": request}).data)


class WarningDetail(ApiView):
    """One of them."""

    permission_classes = [needs_scope("cases:read")]
    serializer_class = WarningDetailOut

    @extend_schema(summary="预警详情", tags=TAGS, operation_id="warning_detail")
    def get(self, request: Request, uid: UUID) -> Response:
        """With its evidence and what may be done with it; who opened it is written down."""
        actions.note_look(queries.warning_visible_to(self.user, uid), actor=self.user)
        return _answer(request, self.user, uid)


class WarningAct(ApiView):
    """What is done with it: people only."""

    permission_classes = [needs_scope("cases:read")]
    serializer_class = ActIn

    @extend_schema(
        summary="核实、处置预警",
        tags=TAGS,
        operation_id="warning_act",
        parameters=[KEY],
        request=ActIn,
        responses=WarningDetailOut,
    )
    def post(self, request: Request, uid: UUID, name: str) -> Response:
        """Do it, and answer with the warning as it is then."""
        warning = queries.warning_visible_to(self.user, uid)
        require(may_decide(self.user, warning))
        given = ActIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        version = values.pop("version", None)
        form = form_of(name, self.user, warning, values)
        if not form.is_valid():
            raise Unfit(errors={field: [str(one) for one in errors] for field, errors in form.errors.items()})
        act(name, warning, actor=self.user, version=version, **form.arguments())
        return _answer(request, self.user, uid)
