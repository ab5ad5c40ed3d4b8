"""Signing in and out, and what is said to those who may not."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.forms import LoginForm
from zhongzhi.accounts.models import User
from zhongzhi.accounts.origin import origin_of
from zhongzhi.accounts.use_notice import use_notice
from zhongzhi.accounts.views.greeting import greet
from zhongzhi.web.error_responses import problem, wants_json
from zhongzhi.web.metrics import note_throttled


class SignInPage(LoginView):
    """User name and password; leads on to `next` when that is an address of ours."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the notice before use, and single sign-on where there is one."""
        return super().get_context_data(**kwargs) | {"notice": use_notice(), "single_sign_on": settings.OIDC_ISSUER}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at no password while the name or the address has to wait."""
        username, origin = typed_username(request, None), origin_of(request)
        if seconds := queries.seconds_to_wait(username, origin.ip, timezone.now()):
            return _turned_away(request, username, seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """Open the session."""
        return after_first_factor(self.request, form.get_user(), "password", self.get_success_url())

    def form_invalid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """Note the failed try, unless it is a lockout, which is noted where it is answered."""
        typed = form.cleaned_data.get("username", "")
        if typed and not getattr(self.request, "axes_locked_out", False):
            actions.note_failed_login(typed, origin_of(self.request))
        return super().form_invalid(form)


def after_first_factor(request: HttpRequest, user: User, first: str, following: str) -> HttpResponse:
    """Go on to where the person was going, or to the second step."""
    if actions.begin_sign_in(request, user, first):
        greet(request, user)
        return HttpResponseRedirect(following)
    return HttpResponseRedirect(f"{reverse('accounts:second_factor')}?{urlencode({'next': following})}")


def typed_username(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The user name under which wrong passwords are counted: the same in upper and lower case."""
    given = credentials.get("username") if credentials else request.POST.get("username")
    return (given or "").replace("\0", "").lower()[: queries.USERNAME_LENGTH]


def locked_out(request: HttpRequest, original: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """Too many wrong passwords: 429, and when to come again."""
    username = typed_username(request, credentials)
    return _turned_away(request, username, queries.seconds_locked(username, origin_of(request).ip, timezone.now()))


def _turned_away(request: HttpRequest, username: str, seconds: int) -> HttpResponse:
    actions.note_lockout(username, origin_of(request))
    note_throttled("login")
    wait = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
    if wants_json(request):
        answer: HttpResponse = problem(429, "locked_out", f"密码输错次数过多，请 {wait}后再试。")
    else:
        answer = render(request, "accounts/locked_out.html", {"wait": wait}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Close the session and show the login page."""
    actions.sign_out(request)
    return redirect("accounts:login")
