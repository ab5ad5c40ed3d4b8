"""The page of standard texts, and the list that a field offers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.permissions import is_administrator
from intake.queries import case_visible_to
from workbench.standard_texts.actions import discard_text, keep_macro, keep_text
from workbench.standard_texts.filling import VARIABLES, filled, filled_fields, values_for
from workbench.standard_texts.forms import StandardTextForm
from workbench.standard_texts.queries import acts_of_cases, macros_for, standard_texts
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
    rows = [(row, acts_of_cases().get(row.act, "")) for row in standard_texts(request.user)]
    context = {"form": form, "rows": rows, "variables": VARIABLES}
    return render(request, "standard_texts/list.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def macros(request: PersonRequest) -> HttpResponse:
    """The macros that may be used on the case `case` now; a POST keeps the dialog of an act as one."""
    require(not is_administrator(request.user), NOT_FOR_ADMINISTRATORS)
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("name", "act", "fields")}
        shared = request.POST.get("shared_with", "")
        row = keep_macro(actor=request.user, **given, shared_with=int(shared) if shared.isdigit() else None)
        return JsonResponse({"said": f"办法“{row.name}”已保存，在“更多”里选用。"})
    case = case_visible_to(request.user, request.GET.get("case", ""))
    values = values_for(request.user, case)
    rows = [(row, offer, filled_fields(row.fields, values)) for row, offer in macros_for(request.user, case)]
    return render(request, "standard_texts/macros.html", {"rows": rows})


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
    rows = [(row, filled(row.text, values)) for row in standard_texts(request.user).filter(act="")]
    return render(request, "standard_texts/offered.html", {"rows": rows})
