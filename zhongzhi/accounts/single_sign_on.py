"""The county's single sign-on (统一身份认证) by OpenID Connect: asking it, and reading what it says of a person.

Code flow with PKCE, state and nonce; issuer, audience, signature and ends are checked by Authlib.
"""

from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError

from zhongzhi.core.errors import NotFound

WAIT_SECONDS = 10
FAULTS = (AuthlibBaseError, JoseError, OSError, ValueError, KeyError, TypeError)
"""What a provider that is away, changed or wrong can cause; network errors are OSErrors."""


class NotVouchedFor(Exception):
    """The provider did not say who it is, or not in a way that can be believed."""


def ask_provider(request: HttpRequest, callback: str) -> HttpResponse:
    """Send the browser to the provider. Raises NotFound where there is none, NotVouchedFor when it is away."""
    client = _configured()
    try:
        answer: HttpResponse = client.authorize_redirect(request, callback)
    except FAULTS as fault:
        raise NotVouchedFor(type(fault).__name__) from fault
    return answer


def claim_of(request: HttpRequest) -> str:
    """The value of `OIDC_CLAIM` for the person who comes back from the provider. Raises NotVouchedFor."""
    client = _configured()
    try:
        token = client.authorize_access_token(request)
        return str(token["userinfo"][settings.OIDC_CLAIM]).strip()
    except FAULTS as fault:
        raise NotVouchedFor(type(fault).__name__) from fault


def _configured() -> Any:
    if not settings.OIDC_ISSUER:
        raise NotFound
    return _client(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, settings.OIDC_SCOPE)


@cache
def _client(issuer: str, client_id: str, client_secret: str, scope: str) -> Any:
    """The provider as its own document describes it; keys are read again when it signs with a new one."""
    return OAuth().register(
        "county",
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=client_id,
        client_secret=client_secret,
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "default_timeout": WAIT_SECONDS},
    )
