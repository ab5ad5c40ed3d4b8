"""The page of seals and hands."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from grids.actions import impressions as actions
from grids.forms.impressions import ImpressionForm
from grids.permissions import may_keep_impressions
from grids.queries import impressions as queries
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def impressions(request: PersonRequest) -> HttpResponse:
    """What is in use and what was; a form to take another into use."""
    require(may_keep_impressions(request.user), actions.WHO)
    form = ImpressionForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            row = actions.keep_impression(
                typed["kind"], typed["name"], typed["width_mm"], typed["file"], actor=request.user
            )
            messages.success(request, f"{row}已启用，此后签署的文书都带上。")
            return redirect("grids:impressions")
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"form": form, "rows": queries.impressions()}
    return render(request, "grids/impressions.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """Out of use."""
    require(may_keep_impressions(request.user), actions.WHO)
    row = actions.end_impression(queries.impression(pk).pk, actor=request.user)
    messages.success(request, f"{row}已停用；已签署的文书不变。")
    return redirect("grids:impressions")
