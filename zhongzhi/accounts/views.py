"""Pages of one's own account: login, logout, password, sessions."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.forms import LoginForm, PasswordForm
from zhongzhi.accounts.login_sessions import public_id_of
from zhongzhi.accounts.origin import device_of, origin_of
from zhongzhi.accounts.permissions import password_is_due
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput
from zhongzhi.web.error_responses import problem, wants_json
from zhongzhi.web.metrics import note_throttled


class SignInPage(LoginView):
    """User name and password; leads on to `next` when that is an address of ours."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        """Open the session."""
        actions.sign_in(self.request, form.get_user())
        return HttpResponseRedirect(self.get_success_url())

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


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: PersonRequest) -> HttpResponse:
    """Change one's own password; the other sessions end with it."""
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid() and _change_password(request, form):
        messages.success(request, "密码已修改，其他地方的登录已全部退出。")
        return redirect(str(settings.LOGIN_REDIRECT_URL))
    due = password_is_due(request.user, timezone.now())
    context = {"form": form, "rules": password_validators_help_texts(), "due": due}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


def _change_password(request: PersonRequest, form: PasswordForm) -> bool:
    key = request.session.session_key
    try:
        user = actions.change_password(
            request.user, form.cleaned_data["new_password1"], keep_session=key, origin=origin_of(request)
        )
    except BadInput as refusal:
        form.refuse(refusal)
        return False
    update_session_auth_hash(request, user)
    return True


@login_required
@never_cache
@require_GET
def sessions(request: PersonRequest) -> HttpResponse:
    """Where one is signed in, from when, and when each was last used."""
    here = public_id_of(request.session.session_key or "")
    rows = [(row, device_of(row.user_agent), row.public_id == here) for row in queries.sessions_of(request.user)]
    return render(request, "accounts/sessions.html", {"rows": rows})


@login_required
@require_POST
def end_session(request: PersonRequest, public_id: UUID) -> HttpResponse:
    """End one session; ending the one in use leads to the login page."""
    session = queries.session_of(request.user, public_id)
    in_use = session.session_key == request.session.session_key
    actions.end_session(session, actor=request.user, origin=origin_of(request))
    if in_use:
        request.session.flush()
        return redirect("accounts:login")
    messages.success(request, "已结束该会话。")
    return redirect("accounts:sessions")


@login_required
@require_POST
def end_other_sessions(request: PersonRequest) -> HttpResponse:
    """End all sessions but this one."""
    key = request.session.session_key
    count = actions.end_other_sessions(request.user, keep=key, origin=origin_of(request))
    messages.success(request, f"已结束其他 {count} 个会话。" if count else "没有其他会话。")
    return redirect("accounts:sessions")
