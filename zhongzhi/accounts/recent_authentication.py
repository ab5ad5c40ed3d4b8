"""Asking again who sits there, before what harms most: numbers in bulk, exports in the clear, posts, tokens, keys.

`require_recent_authentication(request)` stands at the head of such a view, page or API alike, or the decorator
`recent_authentication_required` above it. Whoever showed within `RECENT_AUTHENTICATION` who they are goes on; a person
with a second factor shows that, the others their password. Tokens of outside systems have their scopes instead.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from zhongzhi.accounts import actions
from zhongzhi.accounts import login_sessions as sessions
from zhongzhi.accounts.models import ApiToken
from zhongzhi.core.errors import DomainError

FIELD = "identity_secret"
"""Where the page that asks again puts the password or code, beside what was to be sent."""


class RecentAuthenticationRequired(DomainError):
    """The person has to show again who they are; then the same request succeeds."""

    code = "recent_authentication_required"
    status = 403
    default_message = "这一步须再次验证身份：请在页面上输入密码或动态码后重试。"


def is_recent(session: SessionBase) -> bool:
    """Whether the person of this session showed lately who they are."""
    known = sessions.SIGN_IN in session
    return known and timezone.now() - sessions.confirmed_at(session) < settings.RECENT_AUTHENTICATION


def require_recent_authentication(request: HttpRequest | Request) -> None:
    """Go on only for somebody who showed lately who they are; else RecentAuthenticationRequired."""
    if isinstance(getattr(request, "auth", None), ApiToken):
        return
    if is_recent(request.session):
        return
    if isinstance(request, HttpRequest) and request.method == "POST" and request.POST.get(FIELD):
        actions.confirm_identity(request, request.POST[FIELD])
        return
    raise RecentAuthenticationRequired


def recent_authentication_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view behind `login_required` that asks again who sits there."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_recent_authentication(request)
        return view(request, *args, **kwargs)

    return asking
