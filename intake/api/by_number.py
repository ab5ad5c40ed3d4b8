"""Cases by the sender's own numbers: read, put, looked up by the hundred."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import actions, queries
from intake.api.act_views import IF_MATCH, version_of
from intake.api.changes import ChangedCase
from intake.api.entry import PutIn
from intake.api.responses import case_answer
from intake.api.serializers import CaseOut
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope, require_scope
from zhongzhi.core.errors import NotFound, PermissionDenied, Unfit
from zhongzhi.web.fields import text
from zhongzhi.web.known_names import StrictSerializer

MOST = 200
TAGS = ["案件"]
SYSTEM = OpenApiParameter("system", str, description="来源系统；外部系统不填，只查自己的编号")


class ByNumber(ApiView):
    """The case that has a number in the system it came from."""

    permission_classes = [needs_scope("cases:read", "cases:supplement")]
    serializer_class = PutIn
    parameters = frozenset({"system"})

    @extend_schema(
        summary="按来源编号查案件", tags=TAGS, operation_id="case_by_number", parameters=[SYSTEM], responses=CaseOut
    )
    def get(self, request: Request, number: str) -> HttpResponseBase:
        """The whole case."""
        case = queries.case_by_number(self.user, request.query_params.get("system", ""), number)
        if case is None:
            raise NotFound("没有这个来源编号的案件，或者它不在您的查看范围内。")
        return case_answer(request, str(case.code))

    @extend_schema(
        summary="按来源编号登记或更新",
        description="没有这个编号的案件时登记（须有 cases:register），有时按所送内容补充、更正；重复推送不会重复登记。",
        tags=TAGS,
        operation_id="case_put_by_number",
        parameters=[IF_MATCH],
        request=PutIn,
        responses={200: CaseOut, 201: CaseOut},
    )
    def put(self, request: Request, number: str) -> Response:
        """Register it, or put what was sent to the case that is known."""
        given = PutIn(data=request.data)
        given.is_valid(raise_exception=True)
        system = self._system(given.validated_data, number)
        if queries.case_by_number(self.user, system, number) is None:
            require_scope(request, "cases:register")
        centre = given.validated_data.get("centre")
        sent = given.sent(system, number)
        case, is_new = actions.put_case(sent, actor=self.user, centre=centre, version=version_of(request))
        return case_answer(request, str(case.code), status=201 if is_new else 200)

    def _system(self, said: dict[str, Any], number: str) -> str:
        """Whose number it is; what the body says of it must be the same."""
        system = queries.sender_for(self.user, said.get("external_system", ""))
        if not system:
            raise Unfit("请写明来源系统。", field="external_system")
        if said.get("external_system") not in (None, "", system):
            raise PermissionDenied(f"这个系统的编号记在“{system}”名下。")
        if said.get("external_number") not in (None, "", number):
            raise Unfit("与地址中的来源编号不同。", field="external_number")
        return system


class LookupIn(StrictSerializer[None]):
    numbers = serializers.ListField(
        child=text(required=True, max_length=60), min_length=1, max_length=MOST, help_text=f"来源编号，最多 {MOST} 个"
    )
    system = text(max_length=30, default="", help_text="来源系统；外部系统不填")


class FoundOut(serializers.Serializer[dict[str, Any]]):
    number = serializers.CharField()
    case = ChangedCase(allow_null=True, help_text="没有或不在查看范围内的为 null")


class LookupOut(serializers.Serializer[dict[str, Any]]):
    results = FoundOut(many=True)


class Lookup(ApiView):
    """Many cases by their senders' numbers in one call."""

    permission_classes = [needs_scope("cases:read", "cases:read")]
    serializer_class = LookupIn

    @extend_schema(summary="按来源编号成批查", tags=TAGS, operation_id="cases_lookup", responses=LookupOut)
    def post(self, request: Request) -> Response:
        """One line for each number, in the order given."""
        given = LookupIn(data=request.data)
        given.is_valid(raise_exception=True)
        numbers = given.validated_data["numbers"]
        found = queries.cases_by_numbers(self.user, given.validated_data["system"], numbers)
        lines = [{"number": number, "case": found.get(number)} for number in numbers]
        return Response(LookupOut({"results": lines}).data)
