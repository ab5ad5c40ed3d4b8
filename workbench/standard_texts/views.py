"""The page of standard texts, and the list that a field offers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.permissions import is_administrator
from intake.queries import case_visible_to
from workbench.standard_texts.actions import discard_text, keep_text
from workbench.standard_texts.filling import VARIABLES, filled, values_for
from workbench.standard_texts.forms import StandardTextForm
from workbench.standard_texts.queries import standard_texts
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, require

NOT_FOR_ADMINISTRATORS = "常用语由办理案件的岗位使用。"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def texts(request: PersonRequest) -> HttpResponse:
    """One's own and one's organisation's; a POST keeps one."""
    require(not is_administrator(request.user), NOT_FOR_ADMINISTRATORS)
    form = StandardTextForm(*([request.POST] if request.method == "POST" else []), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = keep_text(actor=request.user, **form.cleaned_data)
            messages.success(request, f"常用语“{row.name}”已保存。")
            return redirect("workbench:texts")
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {"form": form, "rows": standard_texts(request.user), "variables": VARIABLES}
    return render(request, "standard_texts/list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    """Throw one of one's own away."""
    discard_text(pk, actor=request.user)
    messages.success(request, "常用语已删除。")
    return redirect("workbench:texts")


@login_required
@never_cache
@require_GET
def offered(request: PersonRequest) -> HttpResponse:
    """The texts with their variables filled from the case `case`, where there is one."""
    require(not is_administrator(request.user), NOT_FOR_ADMINISTRATORS)
    code = request.GET.get("case", "")
    values = values_for(request.user, case_visible_to(request.user, code) if code else None)
    rows = [(row, filled(row.text, values)) for row in standard_texts(request.user)]
    return render(request, "standard_texts/offered.html", {"rows": rows})
