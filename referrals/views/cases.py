"""The acts on a case that bring documents or joint work about: one dialog each, made from the table of acts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.available_actions import Situation
from intake.queries import case_visible_to
from intake.views.act_dialogs import act_dialog, headline_of, now_true
from referrals.available_actions import CASE_ACTS
from zhongzhi.accounts.requests import PersonRequest


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """Ask for what the act needs, then do it."""
    case, chosen = case_visible_to(request.user, code), CASE_ACTS.named(name)
    return act_dialog(
        request,
        CASE_ACTS,
        chosen,
        Situation(request.user, case),
        case,
        headline=headline_of(case),
        leads_to=lambda result: reverse("workbench:dossier", args=[case.code]),
        said=now_true(case),
    )
