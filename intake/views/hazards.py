"""The button that makes a case of what was found in the field."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from grids.queries import hazard_visible_to
from intake import actions
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import InvalidTransition


@login_required
@require_POST
def from_hazard(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Register it; a second press leads to the case that is there."""
    hazard = hazard_visible_to(request.user, uid)
    try:
        code = str(actions.register_from_hazard(hazard, actor=request.user).code)
    except InvalidTransition as refusal:
        if "case" not in refusal.context:
            raise
        code = str(refusal.context["case"])
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"已转为案件，编号 {code}")
    return redirect("workbench:dossier", code)
