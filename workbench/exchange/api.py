"""What other systems hand in by a profile of exchange, and what they answer to what they were told."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from workbench.exchange.actions import take_answer, take_message
from workbench.exchange.profiles import profile_named, profiles
from workbench.exchange.shaping import from_xml
from workbench.models import ExchangeItem, ExchangeState, WebhookDelivery
from workbench.models.webhooks import ANSWER_LENGTH
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.models import ApiClient
from zhongzhi.accounts.queries import client_behind
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import BadInput, PermissionDenied, RuleViolation, TooLarge
from zhongzhi.web.fields import text
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.parsers import LimitedJSONParser

TAGS = ["对接"]
MOST_BYTES = 256 * 1024
PROFILE = OpenApiParameter("profile", str, OpenApiParameter.PATH, enum=sorted(profiles()), description="对接方式")


class XmlParser(BaseParser):
    """A document whose elements are names and whose text is their values."""

    media_type = "application/xml"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, Any]:
        """What it says."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge(f"XML 请求体最大 {MOST_BYTES // 1024} KB。")
        try:
            return from_xml(body)
        except RuleViolation as refusal:
            raise ParseError(refusal.message) from None


class TakenOut(serializers.Serializer[ExchangeItem]):
    receipt = serializers.UUIDField(source="uid", help_text="我方的接收标识")
    state = serializers.ChoiceField(ExchangeState.choices)
    state_label = serializers.CharField(source="get_state_display")
    number = serializers.CharField(help_text="贵方编号")
    case = serializers.CharField(source="case_code", help_text="登记或更正的案件；报送件为空")
    times = serializers.IntegerField(help_text="这条消息收到几次；只处理一次")
    note = serializers.CharField(source="reason")


class MessageAnswerIn(StrictSerializer[Any]):
    event = serializers.UUIDField(help_text="所答复消息的标识（webhook-id）")
    answer = text(required=True, max_length=ANSWER_LENGTH)


class MessageAnswerOut(serializers.Serializer[WebhookDelivery]):
    event = serializers.UUIDField(source="uid")
    answered_at = serializers.DateTimeField()


class Messages(ApiView):
    """What comes in by one profile. Its own key makes it idempotent."""

    permission_classes = [needs_scope("cases:read", "cases:register")]
    serializer_class = TakenOut
    parser_classes = [LimitedJSONParser, XmlParser]
    keeps_answers = False

    @extend_schema(
        summary="按对接方式接收一条消息",
        description="报文格式由对接方式规定；同一标识重复推送只处理一次，被拒收的可改正后用原标识再推。",
        tags=TAGS,
        operation_id="exchange_take",
        parameters=[PROFILE],
        request={"application/json": {"type": "object", "additionalProperties": True}},
        responses={200: TakenOut},
    )
    def post(self, request: Request, profile: str) -> Response:
        """What became of it; 422 with the reason where it was refused, which is kept too."""
        client, found, message = _system(self), profile_named(profile), request.data
        if not isinstance(message, dict):
            raise BadInput("请求体须为一个对象。")
        item = take_message(client, found, message)
        if item.state == ExchangeState.REFUSED:
            raise RuleViolation(item.reason)
        return Response(TakenOut(item).data)


class Answers(ApiView):
    """What another system answers to what it was told."""

    permission_classes = [needs_scope("changes:read", "changes:read")]
    serializer_class = MessageAnswerIn

    @extend_schema(
        summary="答复收到的一条消息",
        tags=TAGS,
        operation_id="exchange_answer",
        request=MessageAnswerIn,
        responses=MessageAnswerOut,
    )
    def post(self, request: Request) -> Response:
        """Kept beside the message."""
        client, given = _system(self), MessageAnswerIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        return Response(MessageAnswerOut(take_answer(client, str(told["event"]), told["answer"])).data)


def _system(view: ApiView) -> ApiClient:
    client = client_behind(view.user)
    if client is None:
        raise PermissionDenied("对接接口只供外部系统调用。")
    return client
