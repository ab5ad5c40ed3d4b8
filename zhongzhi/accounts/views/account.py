"""One's own account: password and sessions."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.forms import PasswordForm
from zhongzhi.accounts.login_sessions import public_id_of
from zhongzhi.accounts.origin import device_of, origin_of
from zhongzhi.accounts.permissions import password_is_due
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput


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
