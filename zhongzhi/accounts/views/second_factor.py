"""The second step of signing in, and passkeys wherever one shows who one is."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.models import User
from zhongzhi.accounts.permissions import ONLY_SINGLE_SIGN_ON, may_use_password
from zhongzhi.accounts.redirects import own_address
from zhongzhi.accounts.views.greeting import greet
from zhongzhi.core.errors import BadInput, RateLimited, require
from zhongzhi.web.error_responses import problem


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the right password; whoever waited too long begins anew."""
    user = actions.waiting_person(request)
    if user is None:
        return redirect("accounts:login")
    wrong, status, following = "", 200, own_address(request)
    if request.method == "POST":
        try:
            actions.finish_sign_in(request, user, request.POST.get("code", ""))
        except (BadInput, RateLimited) as refusal:
            wrong, status = refusal.message, refusal.status
        else:
            greet(request, user)
            _few_codes_left(request, user)
            return HttpResponseRedirect(following)
    context = {"factors": queries.second_factors_of(user), "name": user.name, "wrong": wrong, "next": following}
    return render(request, "accounts/second_factor.html", context, status=status)


def _few_codes_left(request: HttpRequest, user: User) -> None:
    factors = queries.second_factors_of(user)
    if factors.recovery_codes < 3:
        messages.warning(request, f"恢复码还剩 {factors.recovery_codes} 个，请到“安全”页重新生成。")


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to use a passkey: of whoever is signed in or waits, else of anybody."""
    user = _person(request)
    return HttpResponse(actions.ask_for_passkey(request, user), content_type="application/json")


@never_cache
@require_POST
def use_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey was used: signed in, or shown again who sits there."""
    person = _person(request)
    try:
        user = actions.check_passkey(request, _credential(request), person)
    except BadInput as wrong:
        return problem(wrong.status, wrong.code, wrong.message)
    if request.user.is_authenticated:
        actions.confirm_session(request)
    else:
        if person is None:
            require(may_use_password(user), ONLY_SINGLE_SIGN_ON)
        actions.sign_in(request, user, "passkey")
        greet(request, user)
    return JsonResponse({"location": own_address(request)})


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else actions.waiting_person(request)


def _credential(request: HttpRequest) -> dict[str, Any]:
    credential: dict[str, Any] = json_body(request)["credential"]
    return credential


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON that a script of ours sent. Raises BadInput for anything else."""
    try:
        body = json.loads(request.body)
    except ValueError:
        raise BadInput from None
    if not isinstance(body, dict) or not isinstance(body.get("credential"), dict):
        raise BadInput
    return body
