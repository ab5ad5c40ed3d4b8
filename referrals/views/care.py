"""The protected page of special care: asked for with a reason, each look recorded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from intake.models import Case
from intake.queries import case_visible_to
from referrals import actions, queries
from referrals.forms import AssessmentForm, ConsentForm, LookForm, VisitForm, WithdrawForm
from referrals.models import GuardianConsent
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError
from zhongzhi.web.forms import StyledForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def care(request: PersonRequest, code: str) -> HttpResponse:
    """The record of special care: asked for with a reason, shown once; each look is recorded."""
    case = case_visible_to(request.user, code)
    record = queries.care_visible_to(request.user, case)
    form = LookForm(request.POST if request.method == "POST" else None)
    context = {"case": case, "record": record, "form": form}
    if request.method == "POST" and form.is_valid():
        context["opened"] = actions.open_care(case, actor=request.user, **form.cleaned_data)
        context["consents"] = queries.consents_of(record)
        context["assessments"] = queries.assessments_of(record)
        context["forms"] = {
            "consent": ConsentForm(),
            "visit": VisitForm(),
            "assessment": AssessmentForm(record=record),
            "withdraw": WithdrawForm(record=record),
        }
    return render(request, "referrals/care.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def care_act(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """Consent, visit or assessment; what is wrong is told, and the page asks anew."""
    case = case_visible_to(request.user, code)
    record = queries.care_visible_to(request.user, case)
    known = {
        "consent": (ConsentForm(request.POST), actions.give_consent),
        "visit": (VisitForm(request.POST), actions.record_visit),
        "assessment": (AssessmentForm(request.POST, record=record), actions.change_care),
        "end": (LookForm(request.POST), actions.end_care),
        "withdraw": (WithdrawForm(request.POST, record=record), _withdraw),
    }
    form, run = known[name if name in known else "visit"]
    try:
        if form.is_valid():
            run(case, actor=request.user, **form.cleaned_data)  # type: ignore[operator]
            messages.success(request, "已登记。")
        else:
            messages.error(request, _faults(form))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("workbench:dossier" if name == "end" else "referrals:care", code)


def _withdraw(case: Case, *, actor: User, consent: GuardianConsent, reason: str) -> None:
    actions.withdraw_consent(consent, actor=actor, reason=reason)


def _faults(form: StyledForm) -> str:
    return "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
