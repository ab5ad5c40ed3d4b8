"""Tasks of joint handling: done, or released with a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from intake.coordination.actions import complete_task, release_task
from intake.queries import case_visible_to
from referrals import queries
from referrals.forms.tasks import TaskActForm
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import DomainError

TASK_ACTS: dict[str, tuple[str, str, str, str, Callable[..., Any]]] = {
    "done": ("完成任务", "check", "result", "完成情况", complete_task),
    "release": ("解除任务", "x", "reason", "解除理由", release_task),
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def task(request: PersonRequest, code: str, pk: int, name: str) -> HttpResponse:
    """Report a task as done, or release it with a reason."""
    case = case_visible_to(request.user, code)
    found = queries.task_of(case, pk)
    label, icon, field, field_label, run = TASK_ACTS[name if name in TASK_ACTS else "done"]
    form = TaskActForm(request.POST if request.method == "POST" else None, name=field, label=field_label)
    if request.method == "POST" and form.is_valid():
        try:
            run(found, actor=request.user, **form.cleaned_data)
            messages.success(request, f"{label}：已办理。")
            return HttpResponseClientRedirect(reverse("workbench:dossier", args=[case.code]))
        except DomainError as error:
            form.refuse(error.errors, error.message)
    context = {
        "act": {"label": label, "icon": icon},
        "form": form,
        "address": reverse("referrals:task", args=[code, pk, name]),
        "headline": found.what,
    }
    return render(request, "referrals/parts/_act.html", context, status=422 if form.errors else 200)
