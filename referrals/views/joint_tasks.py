"""Tasks of joint handling: done, or released with a reason."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.queries import case_visible_to
from intake.views.act_dialogs import act_dialog
from referrals import queries
from referrals.available_actions import TASK_ACTS
from referrals.available_actions.joint import TaskSituation
from zhongzhi.accounts.requests import PersonRequest


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def task(request: PersonRequest, code: str, pk: int, name: str) -> HttpResponse:
    """Report a task as done, or release it with a reason."""
    case = case_visible_to(request.user, code)
    found = queries.task_as_seen(request.user, case, pk)
    return act_dialog(
        request,
        TASK_ACTS,
        TASK_ACTS.named(name),
        TaskSituation(request.user, found),
        found,
        headline=found.what,
        leads_to=lambda result: reverse("workbench:dossier", args=[case.code]),
    )
