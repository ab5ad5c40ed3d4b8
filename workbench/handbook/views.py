"""The page of the handbook, and its paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from workbench.handbook.chapters import CHAPTERS, chapter_at, chapters_for
from workbench.handbook.paper import NAME, handbook_paper
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.printing.handing_out import print_response


@login_required
@never_cache
@require_GET
def handbook(request: PersonRequest) -> HttpResponse:
    """All chapters on one page; `at`, the page one came from, leads to its chapter."""
    at = request.GET.get("at", "")
    if at:
        return redirect(f"{reverse('workbench:help')}#{chapter_at(at).name}")
    own, others = chapters_for(request.user)
    return render(request, "handbook/handbook.html", {"chapters": CHAPTERS, "own": own, "others": others})


@login_required
@require_GET
def print_handbook(request: PersonRequest) -> HttpResponse:
    """The whole handbook as PDF, to print or to hand on."""
    return print_response(handbook_paper(), NAME)
