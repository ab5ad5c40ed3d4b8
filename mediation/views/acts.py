"""The dialog of an act, and doing it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from intake.queries import case_visible_to
from mediation import actions
from mediation.available_actions import Act, Subject, act_named, mediation_of
from mediation.forms.acts import act_form
from mediation.forms.base import SubjectForm
from mediation.forms.opening import OpeningForm
from mediation.permissions import may_open
from mediation.queries import visibility as seen
from zhongzhi.accounts.models import User
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError, NotFound, require

FINDERS: dict[str, Callable[[User, UUID], Subject]] = {
    "mediation": seen.mediation_visible_to,
    "session": seen.session_visible_to,
    "agreement": seen.agreement_visible_to,
    "instalment": seen.instalment_visible_to,
    "confirmation": seen.confirmation_visible_to,
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, kind: str, uid: UUID, name: str) -> HttpResponse:
    """Ask for what the act needs, then do it."""
    subject, chosen = _found(request.user, kind, uid), act_named(kind, name)
    form = act_form(chosen, subject, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid() and _done(request, chosen, subject, form):
        messages.success(request, f"{chosen.label}：已办理。")
        return HttpResponseClientRedirect(reverse("mediation:mediation", args=[mediation_of(subject).uid]))
    context = {
        "form": form,
        "act": chosen,
        "case": mediation_of(subject).case,
        "address": request.path,
        "subject": subject,
    }
    return render(request, "mediation/parts/_act.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def open_mediation(request: PersonRequest, code: str) -> HttpResponse:
    """Ask before whom and how the case is mediated, then open it."""
    case = case_visible_to(request.user, code)
    require(may_open(request.user, case), "开启调解由负责中心或承办单位办理。")
    form = OpeningForm(request.POST if request.method == "POST" else None, subject=case)
    if request.method == "POST" and form.is_valid():
        try:
            mediation = actions.open_mediation(case, actor=request.user, **form.arguments())
            messages.success(request, "调解已开启，请记录各方意愿。")
            return HttpResponseClientRedirect(reverse("mediation:mediation", args=[mediation.uid]))
        except DomainError as error:
            form.refuse_for(error)
    chosen = Act("open", "case", "转入调解", "users", lambda user, subject: True, actions.open_mediation)
    context = {"form": form, "act": chosen, "case": case, "address": request.path}
    return render(request, "mediation/parts/_act.html", context, status=422 if form.errors else 200)


def _found(user: User, kind: str, uid: UUID) -> Subject:
    if kind not in FINDERS:
        raise NotFound("没有这项操作。")
    return FINDERS[kind](user, uid)


def _done(request: PersonRequest, chosen: Act, subject: Subject, form: SubjectForm) -> bool:
    try:
        chosen.run(subject, actor=request.user, **form.arguments())
    except DomainError as error:
        form.refuse_for(error)
        return False
    return True
