"""The feed of changes: what an outside system reads to keep its copy in step."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import queries
from intake.api.fields import label
from intake.api.serializers import CaseOut
from intake.models import Case
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope, require_scope
from zhongzhi.web.paging import HOW_MANY, ONE, PLACE, is_asked, page_limit

AFTER = OpenApiParameter("after", PLACE, description="上一次应答的 next；latest 为当前末尾；不填从头开始")
LIMIT = OpenApiParameter("limit", HOW_MANY, description="最多返回几条")
MOST_FULL = 50
FULL = OpenApiParameter("full", ONE, description=f"填 1 时每条另带案件全文，每次最多 {MOST_FULL} 条；须有 cases:read")
KINDS = [("created", "新登记"), ("changed", "有变化"), ("entered", "进入查看范围"), ("left", "离开查看范围")]


class ChangedCase(serializers.Serializer[Case]):
    """The case as it stands now; of one that left the reader's sight only the code."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.CharField()
    status_label = label("status")
    merged_into = serializers.CharField(source="merged_into.code", allow_null=True, default=None)


class ChangeOut(serializers.Serializer[queries.Change]):
    cursor = serializers.CharField(source="place")
    change = serializers.ChoiceField(KINDS, source="kind")
    code = serializers.CharField(source="case.code")
    at = serializers.DateTimeField()
    case = serializers.SerializerMethodField()

    full = serializers.SerializerMethodField(help_text="案件全文（姓名脱敏）；只在 full=1 时有")

    @extend_schema_field(CaseOut(allow_null=True))
    def get_full(self, change: queries.Change) -> dict[str, Any] | None:
        """The whole case as the reader sees it, where it was asked for."""
        if change.kind == "left" or not self.context.get("full"):
            return None
        return dict(CaseOut(change.case, context=self.context).data)

    @extend_schema_field(ChangedCase(allow_null=True))
    def get_case(self, change: queries.Change) -> dict[str, Any] | None:
        """Nothing of a case that is out of sight."""
        return None if change.kind == "left" else ChangedCase(change.case).data


class FeedOut(serializers.Serializer[queries.Feed]):
    results = ChangeOut(source="changes", many=True)
    next = serializers.CharField(source="after", help_text="下一次请求的 after；没有新变化时不变")
    more = serializers.BooleanField(help_text="还有未取完的，请立即继续")


class Changes(ApiView):
    """Every change of every case in sight."""

    permission_classes = [needs_scope("changes:read")]
    serializer_class = FeedOut
    parameters = frozenset({"after", "limit", "full"})

    @extend_schema(
        summary="变更流",
        tags=["案件"],
        operation_id="changes",
        parameters=[AFTER, LIMIT, FULL],
        description="按提交顺序给出案件的变化。保存 next、下次从它继续，不会漏也不会重；状态是读取时的最新状态。",
    )
    def get(self, request: Request) -> Response:
        """What changed behind the caller's place."""
        limit, full = page_limit(request.query_params.get("limit", "")), is_asked(request, "full")
        if full:
            require_scope(request, "cases:read")
            limit = min(limit, MOST_FULL)
        feed = queries.changes_for(self.user, after=request.query_params.get("after", ""), limit=limit)
        return Response(FeedOut(feed, context={"request": request, "full": full}).data)
