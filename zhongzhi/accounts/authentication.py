"""Bearer tokens of outside systems for the REST API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from zhongzhi.accounts.actions import note_token_use
from zhongzhi.accounts.models import ApiToken, User
from zhongzhi.accounts.origin import client_ip
from zhongzhi.accounts.queries import usable_token
from zhongzhi.accounts.security_rules import is_within
from zhongzhi.accounts.signed_calls import require_signature

SCHEME = "Bearer"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer zz_…`: the service user of the client, with its token as `request.auth`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The client behind the token; None without a Bearer header, 401 when the token is not in force."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        now = timezone.now()
        token = usable_token(text.strip(), now)
        if token is None:
            raise AuthenticationFailed("令牌无效、已过期或已吊销，请换用有效的令牌。", code="token_invalid")
        if not is_within(token.client.networks, client_ip(request._request)):
            raise AuthenticationFailed("这个来源地址不在允许的地址段内，请联系安全管理员。", code="address_refused")
        require_signature(token.client, request._request, now)
        note_token_use(token, now)
        return token.client.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a caller without a token is told to bring."""
        return f'{SCHEME} realm="api"'


class BearerScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the tokens."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """HTTP bearer authentication."""
        return {"type": "http", "scheme": "bearer", "description": "`manage.py issue_token` 发放的令牌"}
