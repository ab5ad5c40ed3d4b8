"""Signing in and out, and what is said to those who may not."""

from urllib.parse import urlencode

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.forms import LoginForm
from zhongzhi.accounts.origin import origin_of
from zhongzhi.web.error_responses import problem, wants_json
from zhongzhi.web.metrics import note_throttled


class SignInPage(LoginView):
    """User name and password; leads on to `next` when that is an address of ours."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """Open the session."""
        if actions.begin_sign_in(self.request, form.get_user()):
            return HttpResponseRedirect(self.get_success_url())
        following = urlencode({"next": self.get_success_url()})
        return HttpResponseRedirect(f"{reverse('accounts:second_factor')}?{following}")

    def form_invalid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """Note the failed try, unless it is a lockout, which is noted where it is answered."""
        typed = form.cleaned_data.get("username", "")
        if typed and not getattr(self.request, "axes_locked_out", False):
            actions.note_failed_login(typed, origin_of(self.request))
        return super().form_invalid(form)


def typed_username(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The user name under which wrong passwords are counted: the same in upper and lower case."""
    given = credentials.get("username") if credentials else request.POST.get("username")
    return (given or "").lower()[: queries.USERNAME_LENGTH]


def locked_out(request: HttpRequest, original: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """Too many wrong passwords: 429, and when to come again."""
    username, origin = typed_username(request, credentials), origin_of(request)
    actions.note_lockout(username, origin)
    note_throttled("login")
    seconds = queries.seconds_locked(username, origin.ip, timezone.now())
    minutes = -(-seconds // 60)
    if wants_json(request):
        answer: HttpResponse = problem(429, "locked_out", f"密码输错次数过多，请 {minutes} 分钟后再试。")
    else:
        answer = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Close the session and show the login page."""
    actions.sign_out(request)
    return redirect("accounts:login")
