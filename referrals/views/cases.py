"""The acts on a case that bring documents or joint work about: one dialog each, made from the table of acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from intake.forms import ActForm
from intake.models import Case
from intake.queries import case_visible_to
from referrals.available_actions import CaseAct, case_act_named
from referrals.forms import case_act_form
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """Ask for what the act needs, then do it."""
    case, chosen = case_visible_to(request.user, code), case_act_named(name)
    form = case_act_form(chosen, case, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(request, chosen, case, form):
        messages.success(request, f"{chosen.label}：已办理。")
        return HttpResponseClientRedirect(reverse("workbench:dossier", args=[case.code]))
    address = reverse("referrals:act", args=[case.code, name])
    context = {"act": chosen, "form": form, "address": address, "headline": f"{case.code} · {case.title}"}
    return render(request, "referrals/parts/_act.html", context, status=422 if form.errors else 200)


def _done(request: PersonRequest, chosen: CaseAct, case: Case, form: ActForm) -> bool:
    try:
        chosen.run(case, actor=request.user, **form.arguments())
    except DomainError as error:
        form.refuse_for(error)
        return False
    return True
