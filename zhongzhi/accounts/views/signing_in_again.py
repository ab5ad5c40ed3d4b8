"""Sign-in in place: a dialog over a page whose session ended, for the person the page was made for."""

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.models import User
from zhongzhi.accounts.origin import origin_of
from zhongzhi.accounts.page_owner import owner_of
from zhongzhi.accounts.permissions import may_sign_in, may_use_password
from zhongzhi.core.errors import BadInput, DomainError, NotFound, RateLimited, require

WRONG = "密码不正确，请检查后再试。"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """204 with the token of the forms when the page's person is signed in; else the dialog that asks."""
    user = owner_of(request.POST.get("owner") or request.GET.get("owner") or "")
    if user is None or not may_sign_in(user):
        raise NotFound
    wrong, status = "", 200
    if request.method == "POST":
        try:
            _sign_in(request, user)
        except DomainError as refusal:
            wrong, status = refusal.message, refusal.status
    if not wrong and request.user.is_authenticated and request.user.pk == user.pk:
        return HttpResponse(status=204, headers={"X-CSRFToken": get_token(request)})
    context = {"person": user, "factors": queries.second_factors_of(user), "wrong": wrong}
    context |= {"with_password": may_use_password(user), "owner": request.POST.get("owner") or request.GET["owner"]}
    return render(request, "accounts/parts/_sign_in_again.html", context, status=status)


def _sign_in(request: HttpRequest, user: User) -> None:
    """The same proofs as on the login page, at once."""
    require(may_use_password(user))
    username, origin = user.username.lower(), origin_of(request)
    if wait := queries.seconds_to_wait(username, origin.ip, timezone.now()):
        raise RateLimited(f"输错次数过多，请 {wait} 秒后再试。", wait=wait)
    if not auth.authenticate(request, username=user.username, password=request.POST.get("password", "")):
        actions.note_failed_login(username, origin)
        raise BadInput(WRONG)
    if queries.second_factors_of(user).any:
        actions.finish_sign_in(request, user, request.POST.get("code", ""))
    else:
        actions.sign_in(request, user)
