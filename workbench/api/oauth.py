"""The token endpoint of OAuth2: an hour's pass for who may not keep a long token where it calls from."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.oauth import give_pass


class PassIn(serializers.Serializer[Any]):
    grant_type = serializers.ChoiceField(["client_credentials"])
    scope = serializers.CharField(required=False, help_text="接口权限，空格分隔；不填为该系统的全部权限")
    client_id = serializers.CharField(required=False, help_text="系统账号；也可用 HTTP Basic")
    client_secret = serializers.CharField(required=False, help_text="该系统的任一令牌；也可用 HTTP Basic")


class PassOut(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="秒")
    scope = serializers.CharField()


class PassError(serializers.Serializer[Any]):
    error = serializers.CharField(help_text="RFC 6749 的错误代码，如 invalid_client")
    error_description = serializers.CharField(required=False)


REFUSED = OpenApiResponse(PassError, description="RFC 6749 第 5.2 节")


class Token(ApiView):
    """Client credentials for a pass."""

    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = [FormParser]
    serializer_class = PassIn
    keeps_answers = False

    @extend_schema(
        summary="OAuth2 客户端凭据换取一小时的访问令牌",
        tags=["接口自身"],
        operation_id="oauth_token",
        auth=[],
        request={"application/x-www-form-urlencoded": PassIn},
        responses={200: PassOut, 400: REFUSED, 401: REFUSED},
    )
    def post(self, request: Request) -> HttpResponse:
        """A pass, or an error in the words of the protocol."""
        answer: HttpResponse = give_pass(request._request)
        return answer
