"""OAuth2 client credentials (RFC 6749, 4.4): a token of an outside system, shown as secret, gives a pass for an hour.

The grammar of the protocol, its errors and the ways to show a secret are Authlib's.
"""

from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload, DjangoOAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from django.http import HttpRequest
from django.utils import timezone

from zhongzhi.accounts.models import ApiClient, ApiToken
from zhongzhi.accounts.origin import client_ip
from zhongzhi.accounts.queries import usable_token
from zhongzhi.accounts.security_rules import is_within
from zhongzhi.accounts.tokens import PASS_MARK, PASS_SECONDS, new_pass

WAYS = ("client_secret_basic", "client_secret_post")


class OutsideSystem(ClientMixin):  # type: ignore[misc]
    """An outside system as the protocol sees it: its number is the name of its service account, its secret any of its
    tokens."""

    def __init__(self, row: ApiClient, ip: str | None) -> None:
        self.row, self.ip = row, ip
        self.token: ApiToken | None = None

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it is one of its tokens, in force, shown from where the system may call. A pass is no secret."""
        token = None if client_secret.startswith(PASS_MARK) else usable_token(client_secret, timezone.now())
        if token is not None and token.client_id == self.row.pk and is_within(self.row.networks, self.ip):
            self.token = token
        return self.token is not None

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """By header or by form."""
        return method in WAYS

    def check_grant_type(self, grant_type: str) -> bool:
        """No other."""
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What was asked for, all of it by default; None (an error) for more than it holds."""
        held = (self.token.client if self.token else self.row).held_scopes
        wanted = frozenset((scope or "").split()) or held
        return " ".join(sorted(wanted)) if wanted <= held else None


class Asked(DjangoOAuth2Request):  # type: ignore[misc]
    """A request at the token endpoint. Whether it came by TLS is the installation's own matter (`HTTPS`), as for all of
    the API: behind a proxy the address that the program sees says nothing of it."""

    def __init__(self, request: HttpRequest) -> None:
        address = f"https{request.build_absolute_uri().removeprefix(request.scheme or '')}"
        OAuth2Request.__init__(self, method=request.method, uri=address, headers=request.headers)
        self.payload = DjangoOAuth2Payload(request)
        self._request = request


class PassServer(AuthorizationServer):  # type: ignore[misc]
    """Gives passes; nothing of them is kept."""

    def __init__(self, ip: str | None) -> None:
        self.ip = ip
        super().__init__(ApiClient, ApiToken)
        self.register_grant(_Credentials)
        self.register_token_generator("default", self._pass)

    def create_oauth2_request(self, request: HttpRequest) -> Asked:
        """As it was asked."""
        return Asked(request)

    def query_client(self, client_id: str) -> OutsideSystem | None:
        """By the name of its service account."""
        row = ApiClient.objects.select_related("user").filter(user__username=client_id).first()
        return None if row is None else OutsideSystem(row, self.ip)

    def save_token(self, token: Any, request: Any) -> None:
        """Signed, not kept."""

    def _pass(self, client: OutsideSystem, scope: str | None = None, **_: Any) -> dict[str, Any]:
        allowed = self.create_bearer_token_generator().get_allowed_scope(client, scope)
        assert client.token is not None  # noqa: S101 - without a secret nobody comes here
        text = new_pass(client.token.pk, frozenset(allowed.split()))
        return {"token_type": "Bearer", "access_token": text, "expires_in": PASS_SECONDS, "scope": allowed}


def give_pass(request: HttpRequest) -> Any:
    """The answer to a request at the token endpoint: a pass, or an error of the protocol."""
    return PassServer(client_ip(request)).create_token_response(request)


class _Credentials(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = list(WAYS)
