"""The protected page of special care: asked for with a reason, each look recorded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from intake.models import Case
from intake.queries import case_visible_to
from referrals import queries
from referrals.available_actions import CARE_ACTS
from referrals.available_actions.joint import OPEN_CARE
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError
from zhongzhi.web.act_table import ActForm
from zhongzhi.web.forms import StyledForm

ADDRESSES = {"assessment": "assess", "withdraw": "withdraw-consent"}
"""Acts that the page's addresses call otherwise."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def care(request: PersonRequest, code: str) -> HttpResponse:
    """The record of special care: asked for with a reason, shown once; each look is recorded."""
    case = case_visible_to(request.user, code)
    record = queries.care_visible_to(request.user, case)
    form = CARE_ACTS.form(OPEN_CARE, case, request.POST if request.method == "POST" else None)
    context = {"case": case, "record": record, "form": form}
    if request.method == "POST" and form.is_valid():
        context["opened"] = OPEN_CARE.do(case, actor=request.user, **form.arguments())
        context["consents"] = queries.consents_of(record)
        context["assessments"] = queries.assessments_of(record)
        context["forms"] = _forms(case)
    return render(request, "referrals/care.html", context, status=422 if form.errors else 200)


def _forms(case: Case) -> dict[str, ActForm]:
    """The forms below an opened record; two of them ask for a reason, so one has numbers of its own."""
    names = {"consent": "consent", "visit": "visit", "assessment": "assess", "withdraw": "withdraw-consent"}
    forms = {key: CARE_ACTS.form(CARE_ACTS.named(name), case) for key, name in names.items()}
    forms["withdraw"].auto_id = "withdraw_%s"
    return forms


@login_required
@require_POST
def care_act(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """Consent, visit or assessment; what is wrong is told, and the page asks anew."""
    case = case_visible_to(request.user, code)
    queries.care_visible_to(request.user, case)
    chosen = CARE_ACTS.named(ADDRESSES.get(name, name))
    form = CARE_ACTS.form(chosen, case, request.POST)
    try:
        if form.is_valid():
            chosen.do(case, actor=request.user, **form.arguments())
            messages.success(request, "已登记。")
        else:
            messages.error(request, _faults(form))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("workbench:dossier" if name == "end" else "referrals:care", code)


def _faults(form: StyledForm) -> str:
    return "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
