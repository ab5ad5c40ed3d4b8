"""What a page asks while one types into it, and when its form is opened."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from workbench.kept.actions import forget_input, keep_input
from workbench.kept.queries import kept_input
from workbench.models import KeptInput
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.web.written_days import short_moment


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def kept(request: PersonRequest) -> HttpResponse:
    """What waits in the form at `place`, 204 for nothing; a POST keeps `text` there."""
    if request.method == "POST":
        given = request.POST
        return _answer(keep_input(given.get("text", ""), actor=request.user, place=given.get("place", "")))
    found = kept_input(request.user, request.GET.get("place", ""))
    return HttpResponse(status=204) if found is None else _answer(found, text=found.text)


@login_required
@never_cache
@require_POST
def forget(request: PersonRequest) -> HttpResponse:
    """Throw away what waits in the form at `place`."""
    forget_input(actor=request.user, place=request.POST.get("place", ""))
    return HttpResponse(status=204)


def _answer(row: KeptInput, **more: str) -> JsonResponse:
    return JsonResponse({"saved_at": short_moment(row.updated_at), **more})
