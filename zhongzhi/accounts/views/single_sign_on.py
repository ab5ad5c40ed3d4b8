"""Signing in by the county's single sign-on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.origin import origin_of
from zhongzhi.accounts.redirects import own_address
from zhongzhi.accounts.single_sign_on import NotVouchedFor, ask_provider, claim_of
from zhongzhi.accounts.views.signing_in import after_first_factor
from zhongzhi.core.errors import DomainError

GOING_TO = "_going_to"
AWAY = "统一身份认证没有响应或答复有误，请稍后再试；管理员可用密码登录。"


@never_cache
@require_GET
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Go to the provider, and remember where the person was going."""
    request.session[GOING_TO] = own_address(request)
    try:
        return ask_provider(request, request.build_absolute_uri(reverse("accounts:single_sign_on_callback")))
    except NotVouchedFor as fault:
        return _refused(request, AWAY, str(fault))


@never_cache
@require_GET
def single_sign_on_callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider: the account that the claim names, never a new one."""
    try:
        claim = claim_of(request)
    except NotVouchedFor as fault:
        return _refused(request, AWAY, str(fault))
    try:
        user = queries.account_of_claim(claim)
        following = request.session.pop(GOING_TO, "/")
        return after_first_factor(request, user, "sso", following)
    except DomainError as refusal:
        return _refused(request, refusal.message, claim)


def _refused(request: HttpRequest, why: str, detail: str) -> HttpResponse:
    actions.note_refused_single_sign_on(detail, origin_of(request))
    return render(request, "accounts/single_sign_on_refused.html", {"why": why}, status=403)
