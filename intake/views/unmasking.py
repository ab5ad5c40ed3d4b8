"""One look at the sealed data of a party or of a correction, with a reason."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake import actions, queries
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, RuleViolation


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: PersonRequest, code: str, uid: UUID) -> HttpResponse:
    """Ask what for and why, then show the numbers once."""
    case = queries.case_visible_to(request.user, code)
    return _look(request, "shown", lambda **given: actions.reveal_party(case, str(uid), actor=request.user, **given))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reveal_correction(request: PersonRequest, code: str, uid: UUID) -> HttpResponse:
    """Ask what for and why, then show once what a correction changed."""
    case = queries.case_visible_to(request.user, code)
    return _look(request, "opened", lambda **given: actions.reveal_correction(case, uid, actor=request.user, **given))


def _look(request: PersonRequest, called: str, look: Callable[..., object]) -> HttpResponse:
    typed = {"purpose": request.POST.get("purpose", ""), "reason": request.POST.get("reason", "")[:500]}
    context: dict[str, object] = {"address": request.path, "typed": typed, "purposes": actions.RevealPurpose.choices}
    if request.method == "POST":
        if actions.reveals_in_bulk(request.user):
            require_recent_authentication(request)
        try:
            context[called] = look(**typed)
        except (BadInput, RuleViolation) as error:
            context["wrong"] = error.message
    return render(request, "intake/parts/_reveal.html", context, status=422 if "wrong" in context else 200)
