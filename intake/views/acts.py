"""The acts of a case: one dialog each, made from the table of acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from intake import queries
from intake.available_actions import Act, Situation, act_named
from intake.forms import ActForm, act_form
from intake.models import Case
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """Ask for what the act needs, then do it."""
    case, chosen = queries.case_visible_to(request.user, code), act_named(name)
    form = act_form(chosen, case, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _done(request, chosen, case, form):
        messages.success(request, f"{chosen.label}：已办理。")
        return HttpResponseClientRedirect(_back_to(request, case))
    back = request.GET.get("back", "") if request.GET.get("back") in BACK else ""
    situation = Situation(request.user, case)
    context = {"case": case, "act": chosen, "form": form, "situation": situation, "back": back}
    return render(request, "intake/parts/_act.html", context, status=422 if form.errors else 200)


BACK = {"roads": "intake:roads", "follow-up": "intake:follow_up", "hung-up": "intake:hung_up"}
"""Lists that an act was opened from, and that one returns to."""


def _back_to(request: PersonRequest, case: Case) -> str:
    name = BACK.get(request.GET.get("back", ""))
    return reverse(name) if name else reverse("workbench:dossier", args=[case.code])


def _done(request: PersonRequest, chosen: Act, case: Case, form: ActForm) -> bool:
    assert chosen.run is not None  # noqa: S101 - act_named gives none of those
    try:
        chosen.run(case, actor=request.user, **form.arguments())
    except DomainError as error:
        form.refuse_for(error)
        return False
    return True
