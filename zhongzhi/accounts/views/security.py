"""安全: one's own password, second factor, passkeys, recovery codes, sessions, sign-ins and looks at personal data."""

import base64
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts import login_sessions as sessions
from zhongzhi.accounts.extension_points import looks_of
from zhongzhi.accounts.login_sessions import public_id_of
from zhongzhi.accounts.one_time_codes import provisioning_address
from zhongzhi.accounts.origin import device_of, origin_of
from zhongzhi.accounts.recent_authentication import recent_authentication_required
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.accounts.security_rules import password_age
from zhongzhi.accounts.views.second_factor import json_body
from zhongzhi.core.ciphers import seal, unseal
from zhongzhi.core.errors import BadInput, InvalidTransition
from zhongzhi.web.error_responses import problem

SIGN_INS = 10
CODES = "_recovery_codes"
"""Where new codes wait in the session, sealed, for the one page that shows them."""


@login_required
@never_cache
@require_GET
def security(request: PersonRequest) -> HttpResponse:
    """Everything about the safety of one's own account."""
    here, user = public_id_of(request.session.session_key or ""), request.user
    context: dict[str, Any] = {
        "factors": queries.second_factors_of(user),
        "must_enrol": sessions.must_enrol(request.session),
        "passkeys": queries.passkeys_of(user),
        "sessions": [(row, device_of(row.user_agent), row.public_id == here) for row in queries.sessions_of(user)],
        "sign_ins": queries.recent_sign_ins(user, SIGN_INS),
        "looks": looks_of(user),
        "password_until": user.password_changed_at + password_age(),
    }
    return render(request, "accounts/security.html", context)


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@recent_authentication_required
def authenticator(request: PersonRequest) -> HttpResponse:
    """Set up the authenticator: scan, type the first code, keep the recovery codes."""
    try:
        secret = actions.begin_authenticator(request.user)
    except InvalidTransition as refusal:
        messages.info(request, refusal.message)
        return redirect("accounts:security")
    wrong = ""
    if request.method == "POST" and "code" in request.POST:
        try:
            codes = actions.confirm_authenticator(request.user, request.POST["code"], origin=origin_of(request))
        except BadInput as refusal:
            wrong = refusal.message
        else:
            return _show_codes(request, codes)
    code = segno.make(provisioning_address(secret, request.user.username), error="m")
    context = {"secret": _in_fours(secret), "qr": mark_safe(code.svg_inline(border=2, omitsize=True)), "wrong": wrong}  # noqa: S308 - drawn by segno
    return render(request, "accounts/authenticator.html", context, status=400 if wrong else 200)


@login_required
@require_POST
@recent_authentication_required
def remove_authenticator(request: PersonRequest) -> HttpResponse:
    """Take the authenticator out of use, as before a new phone."""
    actions.remove_authenticator(request.user, origin=origin_of(request))
    return _gone(request, "动态码已停用。")


@login_required
@require_POST
@recent_authentication_required
def recovery_codes(request: PersonRequest) -> HttpResponse:
    """Ten new codes; the old ones are void."""
    if not queries.second_factors_of(request.user).any:
        raise InvalidTransition("请先启用动态码或通行密钥，再生成恢复码。")
    return _show_codes(request, actions.make_recovery_codes(request.user, origin=origin_of(request)))


@login_required
@never_cache
@require_GET
def new_codes(request: PersonRequest) -> HttpResponse:
    """The recovery codes, shown once: asked again, they are gone."""
    sealed = request.session.pop(CODES, None)
    if not sealed:
        return redirect("accounts:security")
    codes = unseal(base64.b64decode(sealed), aad=CODES).split()
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@login_required
@never_cache
@require_POST
@recent_authentication_required
def new_passkey_options(request: PersonRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return HttpResponse(actions.ask_for_new_passkey(request, request.user), content_type="application/json")


@login_required
@require_POST
@recent_authentication_required
def add_passkey(request: PersonRequest) -> HttpResponse:
    """Take on the passkey that the browser made."""
    body = json_body(request)
    try:
        codes = actions.add_passkey(request, request.user, body["credential"], str(body.get("name", "")))
    except BadInput as wrong:
        return problem(wrong.status, wrong.code, wrong.message)
    messages.success(request, "通行密钥已登记，下次可用它登录。")
    if codes:
        return JsonResponse({"location": _show_codes(request, codes)["Location"]})
    sessions.set_enrol(request.session, False)
    return JsonResponse({"location": reverse("accounts:security")})


@login_required
@require_POST
@recent_authentication_required
def remove_passkey(request: PersonRequest, pk: int) -> HttpResponse:
    """Give up one of one's own passkeys."""
    actions.remove_passkey(request.user, pk, origin=origin_of(request))
    return _gone(request, "通行密钥已移除。")


def _show_codes(request: PersonRequest, codes: list[str]) -> HttpResponse:
    sessions.set_enrol(request.session, False)
    request.session[CODES] = base64.b64encode(seal(" ".join(codes), aad=CODES)).decode()
    return redirect("accounts:new_codes")


def _gone(request: PersonRequest, said: str) -> HttpResponse:
    """Whoever must have a second factor sets up another one before anything else."""
    factors = queries.second_factors_of(request.user)
    sessions.set_enrol(request.session, factors.is_due(timezone.localdate()))
    messages.success(request, said)
    return redirect("accounts:security")


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
