"""For whoever holds a query code: how far the case is, without a login."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from grids.models import Organisation
from intake.public.lookup import code_for
from intake.public.queries import Progress, PublicStep, progress_of
from zhongzhi.accounts.api import ApiView
from zhongzhi.web.fields import text
from zhongzhi.web.known_names import StrictSerializer


class CodeIn(StrictSerializer[None]):
    code = text(required=True, max_length=200, help_text="受理告知单上的查询码")


class Desk(serializers.Serializer[Organisation]):
    name = serializers.CharField()
    phone = serializers.CharField()


class PublicStepOut(serializers.Serializer[PublicStep]):
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()


class ProgressOut(serializers.Serializer[Progress]):
    code = serializers.CharField(help_text="案件编号")
    headline = serializers.CharField(help_text="目前进度，一句话")
    is_merged = serializers.BooleanField(help_text="已与同一事项合并办理")
    steps = PublicStepOut(many=True)
    holder = Desk(allow_null=True, help_text="承办单位")
    centre = Desk(help_text="负责中心")
    expected_at = serializers.DateTimeField(allow_null=True)
    may_rate = serializers.BooleanField()


class PublicProgress(ApiView):
    """By query code; a POST, so that the code stands in no address and no log."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    serializer_class = CodeIn

    @extend_schema(
        summary="凭查询码查询办理进度（不用令牌）",
        tags=["群众查询"],
        operation_id="public_progress",
        auth=[],
        responses=ProgressOut,
    )
    def post(self, request: Request) -> Response:
        """404 in the same words for every code that is not good; 429 after twenty misses in ten minutes."""
        given = CodeIn(data=request.data)
        given.is_valid(raise_exception=True)
        code = code_for(request._request, given.validated_data["code"])
        return Response(ProgressOut(progress_of(code)).data)
