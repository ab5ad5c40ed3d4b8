"""The page of the handbook."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from workbench.handbook.chapters import CHAPTERS, chapter_at
from zhongzhi.accounts.requests import PersonRequest


@login_required
@never_cache
@require_GET
def handbook(request: PersonRequest) -> HttpResponse:
    """All chapters on one page; `at`, the page one came from, leads to its chapter."""
    at = request.GET.get("at", "")
    if at:
        return redirect(f"{reverse('workbench:help')}#{chapter_at(at).name}")
    return render(request, "handbook/handbook.html", {"chapters": CHAPTERS})
