"""Ends sessions that stood idle or lasted too long, asks for due passwords, notes when a session was used."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from zhongzhi.accounts import actions
from zhongzhi.accounts import login_sessions as sessions
from zhongzhi.accounts.models import User
from zhongzhi.accounts.origin import origin_of
from zhongzhi.accounts.permissions import may_work_from, password_is_due
from zhongzhi.accounts.recent_authentication import FIELD, RecentAuthenticationRequired
from zhongzhi.accounts.redirects import confirm_address, login_address, send_to
from zhongzhi.accounts.security_rules import absolute_end, idle_end
from zhongzhi.accounts.signed_in import know_who_asks
from zhongzhi.accounts.views import ask_again
from zhongzhi.core.errors import DomainError
from zhongzhi.web.error_responses import is_htmx, problem, wants_json

SEEN_EVERY = timedelta(minutes=1)


class SessionLimitsMiddleware:
    """Stands behind the authentication middleware; requests without a session cookie pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or pass on and lead parts of pages to the login page as a whole."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return _whole_page(request, self.get_response(request))
        know_who_asks(request)
        response = _refusal(request) or _whole_page(request, self.get_response(request))
        response.headers.setdefault("Cache-Control", "no-store")  # Back after signing out shows nothing
        return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    user = request.user
    if not isinstance(user, User):
        return None
    now = timezone.now()
    if sessions.SIGN_IN not in request.session:
        sessions.begin(request.session, origin_of(request))
    if reason := _limit_passed(request, now):
        return _expire(request, reason)
    if not may_work_from(user, origin_of(request).ip):
        return _expire(request, "address")
    asks_by_itself = "X-Background" in request.headers  # the bell: a page left open is nobody at work
    if now - sessions.last_seen(request.session) >= SEEN_EVERY and not asks_by_itself:
        sessions.touch(request.session, origin_of(request), now)
    if password_is_due(user, now):
        return _ask_for_password(request)
    return _ask_for_second_factor(request) if sessions.must_enrol(request.session) else None


def _limit_passed(request: HttpRequest, now: datetime) -> str:
    if now - sessions.signed_in_since(request.session) > absolute_end():
        return "absolute"
    idle = now - sessions.last_seen(request.session) > idle_end()
    return "idle" if idle else ""


def _expire(request: HttpRequest, reason: str) -> HttpResponse | None:
    """End the session; the login page itself is shown as to any visitor."""
    actions.expire_session(request, reason=reason)
    request.user = AnonymousUser()
    if request.path == reverse("accounts:login"):
        return None
    if wants_json(request) and not is_htmx(request):
        return problem(401, "session_expired", "登录已到期，请重新登录；已保存的草稿还在。")
    return send_to(request, login_address(request, ended=reason))


def _ask_for_password(request: HttpRequest) -> HttpResponse | None:
    page = reverse("accounts:password")
    if request.path in (page, reverse("accounts:logout")):
        return None
    if wants_json(request) and not is_htmx(request):
        return problem(403, "password_change_required", "密码已到期或须首次修改，请先在页面上修改密码。")
    return send_to(request, page)


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse | None:
    page = reverse("accounts:security")
    if request.path.startswith((page, reverse("accounts:logout"), reverse("accounts:confirm"))):
        return None
    if wants_json(request) and not is_htmx(request):
        return problem(403, "second_factor_required", "您的岗位须启用二次验证，请先在页面上设置。")
    return send_to(request, page)


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A part of a page that meets the login page must not show it inside itself."""
    target = response.headers.get("Location", "") if is_htmx(request) else ""
    if target and target.startswith(reverse("accounts:login")):
        return send_to(request, login_address(request))
    return response


class ConfirmIdentityMiddleware:
    """Turns “show again who you are” into the page or dialog that asks; programs get the problem document."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer that one refusal, and a wrong password or code on the page that asked."""
        if isinstance(exception, DomainError) and FIELD in exception.errors and request.method == "POST":
            return ask_again(request, exception.message)
        if not isinstance(exception, RecentAuthenticationRequired):
            return None
        if is_htmx(request):
            return HttpResponse(
                exception.message, status=403, headers={"X-Confirm-Identity": reverse("accounts:confirm")}
            )
        if wants_json(request):
            return problem(exception.status, exception.code, exception.message)
        return ask_again(request) if request.method == "POST" else HttpResponseRedirect(confirm_address(request))
