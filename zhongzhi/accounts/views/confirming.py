"""The page that asks again who sits there."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhongzhi.accounts import actions, queries
from zhongzhi.accounts.recent_authentication import FIELD, is_recent
from zhongzhi.accounts.redirects import own_address
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, RateLimited
from zhongzhi.web.error_responses import is_htmx


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: PersonRequest) -> HttpResponse:
    """Ask for password or code; then go on to `next`, or say that it is done to the script that asked."""
    wrong, status = "", 200
    if request.method == "POST":
        try:
            if not is_recent(request.session):
                actions.confirm_identity(request, request.POST.get(FIELD, ""))
        except (BadInput, RateLimited) as refusal:
            wrong, status = refusal.message, refusal.status
        else:
            return HttpResponse(status=204) if is_htmx(request) else HttpResponseRedirect(own_address(request))
    name = "accounts/parts/_confirm.html" if is_htmx(request) else "accounts/confirm.html"
    return render(request, name, _context(request, wrong, own_address(request)), status=status)


def ask_again(request: HttpRequest, wrong: str = "") -> HttpResponse:
    """A form was sent that needs it: show the page with all that was typed, to be sent on with the password or code."""
    carried = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in carried if name not in (FIELD, "csrfmiddlewaretoken")]
    context = _context(request, wrong, "") | {
        "action": request.get_full_path(),
        "carried": kept,
        "files": request.FILES,
    }
    return render(request, "accounts/confirm.html", context, status=403)


def _context(request: HttpRequest, wrong: str, following: str) -> dict[str, object]:
    factors = queries.second_factors_of(actions.require_person(request))
    action = reverse("accounts:confirm")
    return {"factors": factors, "wrong": wrong, "next": following, "action": action, "field": FIELD}
